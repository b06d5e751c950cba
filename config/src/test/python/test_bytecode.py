"""Which file holds the compiled form of a module."""

import importlib._bootstrap_external as external
import os
import py_compile
import sys
import tempfile
import unittest

from jgunicorn import bytecode


class BytecodeTest(unittest.TestCase):
    def setUp(self):
        usual, prefix = external.cache_from_source, sys.pycache_prefix
        self.addCleanup(setattr, external, "cache_from_source", usual)
        self.addCleanup(setattr, sys, "pycache_prefix", prefix)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        sys.pycache_prefix = "/user"
        self.source = os.path.join(self.root, "lib", "module.py")
        self.beside = os.path.join(self.root, "lib", "__pycache__", "module.%s.pyc" % sys.implementation.cache_tag)

    def test_what_was_packaged_is_found_beside_its_source(self):
        bytecode.keep_beside_sources(self.root, False)
        self.assertTrue(external.cache_from_source(self.source).startswith("/user/"))
        os.makedirs(os.path.dirname(self.beside))
        with open(self.source, "w") as file:
            file.write("pass\n")
        py_compile.compile(self.source, self.beside)
        self.assertEqual(external.cache_from_source(self.source), self.beside)
        os.utime(self.source, (1, 1))  # as a copy has it
        self.assertTrue(external.cache_from_source(self.source).startswith("/user/"))

    def test_packaging_writes_it_there(self):
        bytecode.keep_beside_sources(self.root, True)
        self.assertEqual(external.cache_from_source(self.source), self.beside)

    def test_sources_elsewhere_keep_to_the_users_folder(self):
        bytecode.keep_beside_sources(self.root, True)
        self.assertTrue(external.cache_from_source("/app/module.py").startswith("/user/app/"))
        self.assertTrue(external.cache_from_source(self.root + "2/module.py").startswith("/user/"))


if __name__ == "__main__":
    unittest.main()

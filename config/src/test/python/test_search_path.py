import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "main", "python"))

from jgunicorn import search_path


class AddVirtualEnv(unittest.TestCase):
    def setUp(self):
        self._path = list(sys.path)
        self._folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        sys.path[:] = self._path
        self._folder.cleanup()

    def packages(self, version):
        folder = os.path.join(self._folder.name, "lib", version, "site-packages")
        os.makedirs(folder)
        return folder

    def added(self):
        search_path.add_virtual_env(self._folder.name)
        return [folder for folder in sys.path if folder.startswith(self._folder.name)]

    def test_packages_of_another_python_are_found(self):
        folder = self.packages("python3.11")
        extra = os.path.join(self._folder.name, "extra")
        os.mkdir(extra)
        with open(os.path.join(folder, "more.pth"), "w", encoding="utf-8") as file:
            file.write(extra + "\n")
        self.assertEqual(self.added(), [folder, extra])

    def test_our_own_version_is_preferred(self):
        self.packages("python3.13")
        folder = self.packages("python3.12")
        self.assertEqual(self.added(), [folder])

    def test_empty_folder_adds_nothing(self):
        self.assertEqual(self.added(), [])


if __name__ == "__main__":
    unittest.main()

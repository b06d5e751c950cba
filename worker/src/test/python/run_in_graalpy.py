"""Runs the tests of this folder inside the worker's interpreter; see PythonTestsTest.java."""

import os
import unittest


def run():
    """How many tests ran, and what went wrong."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.discover(os.path.dirname(os.path.abspath(__file__))).run(result)
    return [result.testsRun, "\n".join(text for _, text in result.failures + result.errors)]

"""Runs the tests of this folder; afterwards `ran` counts them and `failures` is what went wrong."""

import os
import unittest

_result = unittest.TestResult()
unittest.defaultTestLoader.discover(os.path.dirname(__file__)).run(_result)
ran = _result.testsRun
failures = "\n".join(text for _, text in _result.failures + _result.errors)

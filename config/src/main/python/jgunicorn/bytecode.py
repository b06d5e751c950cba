"""Where compiled modules (.pyc) are kept.

Those of the distribution (the standard library and our own modules) stand beside their sources, made when it was
packaged; all others go where ``sys.pycache_prefix`` says, a folder of the user's.
"""

import importlib._bootstrap_external as external
import os


def keep_beside_sources(root, make):
    """Looks for the compiled form of sources below ``root`` beside them first; with ``make`` it is written there too."""
    below = os.path.join(root, "")
    elsewhere = external.cache_from_source

    def cache_from_source(path, debug_override=None, *, optimization=None):
        usual = elsewhere(path, debug_override, optimization=optimization)
        path = os.fspath(path)
        if path.startswith(below):
            folder, name = os.path.dirname(path), os.path.basename(usual)
            beside = os.path.join(folder, "__pycache__", name)
            if make or os.path.exists(beside):
                return beside
        return usual

    external.cache_from_source = cache_from_source

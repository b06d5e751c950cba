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
            if make or _is_made_from(beside, path):
                return beside
        return usual

    external.cache_from_source = cache_from_source


def _is_made_from(compiled, source):
    """True if the header of a .pyc names this source's time and size (PEP 552): copies do not always keep them."""
    try:
        with open(compiled, "rb") as file:
            header = file.read(16)
        found = os.stat(source)
    except OSError:
        return False
    named = [int.from_bytes(header[start : start + 4], "little") for start in (4, 8, 12)]
    return named == [0, int(found.st_mtime) & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF]

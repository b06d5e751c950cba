"""Where modules are looked for."""

import glob
import os
import site


def add_virtual_env(root):
    """Adds the packages of a virtual environment, whatever Python version made it."""
    own = os.path.join(root, "lib", "python3.12", "site-packages")
    found = sorted(glob.glob(os.path.join(root, "lib", "python3*", "site-packages")))
    for folder in [own] if own in found else found[-1:]:
        site.addsitedir(folder)

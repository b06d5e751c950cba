"""Files of metrics, one for each process."""

import glob
import os


def open_files():
    """Those of this process."""
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    for kind in ("counter", "gauge_live"):
        with open(os.path.join(folder, f"{kind}_{os.getpid()}.db"), "w") as file:
            file.write("1")


def mark_process_dead(pid):
    """Gauges of the living are given up, counters are kept."""
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    for name in glob.glob(os.path.join(folder, f"gauge_live*_{pid}.db")):
        os.remove(name)

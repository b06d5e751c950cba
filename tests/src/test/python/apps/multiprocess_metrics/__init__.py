"""What prometheus_client does on disk: files named after the process, below PROMETHEUS_MULTIPROC_DIR."""

package io.jgunicorn.config;

/** Headings of the catalogue, in the order they are shown; names are gunicorn's. */
public enum Section {
    CONFIG_FILE("Config File"),
    SERVER_SOCKET("Server Socket"),
    WORKER_PROCESSES("Worker Processes"),
    SECURITY("Security"),
    DEBUGGING("Debugging"),
    SERVER_MECHANICS("Server Mechanics"),
    LOGGING("Logging"),
    PROCESS_NAMING("Process Naming"),
    SERVER_HOOKS("Server Hooks"),
    SSL("SSL"),
    HTTP2("HTTP/2"),
    DIRTY("Dirty Arbiters"),
    DIRTY_HOOKS("Dirty Arbiter Hooks"),
    CONTROL("Control");

    private final String title;

    Section(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}

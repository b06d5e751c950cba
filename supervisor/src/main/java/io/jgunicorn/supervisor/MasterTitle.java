package io.jgunicorn.supervisor;

import io.jgunicorn.config.ServerConfig.ProcessSettings;
import java.util.function.Consumer;

/**
 * What {@code ps} shows of the master: {@code gunicorn: master [NAME]} as gunicorn's does, with
 * {@code .2} behind the name while another master serves too. Used by the master's thread only.
 */
final class MasterTitle {
    private final Consumer<String> title;
    private boolean provisional;
    private String name = "";

    /**
     * @param title makes a text the title of the process
     */
    MasterTitle(Consumer<String> title) {
        this.title = title;
    }

    void beProvisional() {
        provisional = true;
    }

    /** The other master is gone. */
    void promote() {
        provisional = false;
        show();
    }

    /** Takes the name that a configuration gives: {@code proc_name}. */
    void follow(ProcessSettings settings) {
        name = settings.procName();
        show();
    }

    private void show() {
        title.accept("gunicorn: master [" + name + (provisional ? ".2" : "") + "]");
    }
}

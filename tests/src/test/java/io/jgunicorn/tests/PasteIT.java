package io.jgunicorn.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.jgunicorn.testkit.Launch;
import io.jgunicorn.testkit.ServerProcess;
import io.jgunicorn.testkit.Servers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Applications that a PasteDeploy file describes. */
class PasteIT {
    @RegisterExtension static final Servers SERVERS = new Servers();

    private static final String FACTORIES =
            """
            def application(global_conf, greeting, **local):
                def app(environ, start_response):
                    start_response("200 OK", [])
                    text = f"{environ['seen']}{greeting} {global_conf['who']} {local}"
                    return [text.encode()]
                return app

            def tagged(app, global_conf, tag):
                def tagging(environ, start_response):
                    environ["seen"] = tag
                    return app(environ, start_response)
                return tagging
            """;

    private static final String INI =
            """
            [DEFAULT]
            who = nobody

            [pipeline:main]
            pipeline = tag hello

            [filter:tag]
            paste.filter_app_factory = factories:tagged
            tag = <%(who)s>

            [app:hello]
            paste.app_factory = factories:application
            greeting = Hello
            here_is = %(here)s

            [app:other]
            use = hello
            greeting = Bye

            [pipeline:bye]
            pipeline = tag other

            [server:main]
            use = egg:gunicorn#main
            workers = 7
            """;

    private static Launch launch() {
        return Launch.withoutApp().file("factories.py", FACTORIES).file("conf/shop.ini", INI);
    }

    @Test
    void applicationOfTheFileIsServed() {
        ServerProcess server =
                SERVERS.start(launch().pasteDeploy().args("--paste", "conf/shop.ini"))
                        .awaitReady(1);

        assertThat(server.get("/").body())
                .isEqualTo("<nobody>Hello nobody {'here_is': '" + server.directory() + "/conf'}");
        assertThat(server.workers()).as("[server:main] is not read").hasSize(1);
    }

    @Test
    void applicationIsChosenAndVariablesAreGiven() {
        ServerProcess server =
                SERVERS.start(
                                launch().pasteDeploy()
                                        .args("--paste", "conf/shop.ini#bye")
                                        .args("--paste-global", "who=you\\=me"))
                        .awaitReady(1);

        assertThat(server.get("/").body()).startsWith("<nobody>Bye you=me {");
    }

    @Test
    @Tag("product") // gunicorn shows the traceback of the import
    void missingPackageIsNamed() {
        ServerProcess server =
                SERVERS.start(
                        launch().args("--paste", "conf/shop.ini")
                                .expecting(
                                        "Exception in worker process",
                                        "exited with code 3",
                                        "Shutting down",
                                        "Reason: "));

        assertThat(server.awaitExit()).isEqualTo(3);
        server.awaitLine(
                "paste = '/.*/conf/shop\\.ini' cannot be used: the package PasteDeploy is not"
                        + " installed where the application's packages are \\(No module named"
                        + " 'paste'.*\\)\\.");
    }
}

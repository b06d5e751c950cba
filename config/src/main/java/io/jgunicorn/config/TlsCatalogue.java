package io.jgunicorn.config;

import static io.jgunicorn.config.Section.SSL;

import io.jgunicorn.config.Setting.Action;
import io.jgunicorn.config.value.SpecialValidators;
import io.jgunicorn.config.value.Validators;
import java.util.List;

/** TLS, which is refused: a server that ignored it would talk in the clear. */
final class TlsCatalogue {
    private static final String NO_TLS =
            "TLS is not supported yet; let a proxy such as nginx terminate it";

    private TlsCatalogue() {}

    static List<Setting> settings() {
        return List.of(
                text("keyfile", "--keyfile")
                        .metavar("FILE")
                        .refused(
                                (value, _) -> value.isPresent(),
                                NO_TLS,
                                "Private key of the server."),
                text("certfile", "--certfile")
                        .metavar("FILE")
                        .refused(
                                (value, _) -> value.isPresent(),
                                NO_TLS,
                                "Certificate of the server."),
                text("ssl_version", "--ssl-version")
                        .rule(SpecialValidators::anything)
                        .byDefault(2L)
                        .values("anything")
                        .accepted(
                                "none, as in gunicorn",
                                "Kept so that old configurations load; it has no effect."),
                text("cert_reqs", "--cert-reqs")
                        .rule(Validators::positiveInt)
                        .byDefault(0L)
                        .values("whole number from 0")
                        .notYet(NO_TLS, "Whether clients must show a certificate."),
                text("ca_certs", "--ca-certs")
                        .metavar("FILE")
                        .notYet(NO_TLS, "Certificates that vouch for clients."),
                flag("suppress_ragged_eofs", "--suppress-ragged-eofs", true)
                        .notYet(NO_TLS, "Take a TLS connection cut short for its end."),
                flag("do_handshake_on_connect", "--do-handshake-on-connect", false)
                        .notYet(NO_TLS, "Shake hands as soon as a client connects."),
                text("ciphers", "--ciphers").notYet(NO_TLS, "TLS ciphers that may be used."));
    }

    private static Setting.Builder text(String name, String flag) {
        return Setting.named(name, SSL).flags(flag).rule(Validators::text);
    }

    private static Setting.Builder flag(String name, String flag, boolean value) {
        return Setting.named(name, SSL)
                .flags(flag)
                .action(Action.STORE_TRUE)
                .rule(Validators::bool)
                .byDefault(value);
    }
}

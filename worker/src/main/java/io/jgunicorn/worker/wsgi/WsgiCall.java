package io.jgunicorn.worker.wsgi;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.log.ErrorLog;
import io.jgunicorn.worker.wsgi.EnvironArguments.ScriptNameMismatch;
import java.util.function.Consumer;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * Runs one request through {@code serve} of wsgi.py, on the calling Python thread. Ends the
 * exchange in every case.
 */
public final class WsgiCall implements Consumer<Exchange> {
    private final Value serve;
    private final String serverScriptName;
    private final ErrorLog log;
    private final Consumer<PolyglotException> onExit;

    /**
     * A way into one application.
     *
     * @param serve the function {@code make_serve} returned
     * @param serverScriptName SCRIPT_NAME of the process environment, or empty
     * @param onExit told when the application ended the interpreter ({@code os._exit}): the worker
     *     must go
     */
    public WsgiCall(
            Value serve,
            String serverScriptName,
            ErrorLog log,
            Consumer<PolyglotException> onExit) {
        this.serve = serve;
        this.serverScriptName = serverScriptName;
        this.log = log;
        this.onExit = onExit;
    }

    /** What {@code os._exit} looks like on any thread but the first. */
    private static boolean isThreadDeath(PolyglotException e) {
        return e.isInternalError() && String.valueOf(e.getMessage()).contains("ThreadDeath");
    }

    @Override
    public void accept(Exchange exchange) {
        WsgiRequest request = new WsgiRequest(exchange, log);
        try {
            serve.executeVoid(
                    EnvironArguments.of(
                            request, exchange.request(), exchange.body(), serverScriptName));
        } catch (ScriptNameMismatch e) {
            log.error(e.getMessage());
            exchange.fail();
        } catch (PolyglotException e) {
            exchange.fail();
            if (e.isExit() || e.isCancelled() || isThreadDeath(e)) {
                onExit.accept(e);
            } else {
                log.error("Error handling request " + request.description(), e);
            }
        } catch (RuntimeException | StackOverflowError e) {
            log.error("Error handling request " + request.description(), e);
            exchange.fail();
        }
    }
}

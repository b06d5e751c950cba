package io.jgunicorn.worker.wsgi;

import io.jgunicorn.http.Exchange;
import io.jgunicorn.worker.wsgi.EnvironArguments.ScriptNameMismatch;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * Runs one request through {@code serve} of wsgi.py, on the calling Python thread. Ends the
 * exchange in every case.
 */
public final class WsgiCall implements Consumer<Exchange> {
    /** Key of the environ. */
    private static final String REQUEST_ID = "jgunicorn.request_id";

    private final Value serve;
    private final String serverScriptName;
    private final List<String> logEnviron;
    private final RequestErrors errors;
    private final Object[] marks;
    private final Consumer<Exchange> beforeCall;
    private final Consumer<PolyglotException> onExit;

    /**
     * A way into one application.
     *
     * @param serve a function {@code make_serve} returned
     * @param serverScriptName SCRIPT_NAME of the process environment, or empty
     * @param logEnviron keys of the environ that {@code serve} gives to the access log
     * @param errors told of requests that went wrong
     * @param onExit told when the application ended the interpreter ({@code os._exit}): the worker
     *     must go
     * @param marks further keys of the environ, each followed by its value
     */
    public WsgiCall(
            Value serve,
            String serverScriptName,
            List<String> logEnviron,
            RequestErrors errors,
            Consumer<PolyglotException> onExit,
            Object... marks) {
        this(serve, serverScriptName, logEnviron, errors, onExit, _ -> {}, marks);
    }

    private WsgiCall(
            Value serve,
            String serverScriptName,
            List<String> logEnviron,
            RequestErrors errors,
            Consumer<PolyglotException> onExit,
            Consumer<Exchange> beforeCall,
            Object... marks) {
        this.serve = serve;
        this.serverScriptName = serverScriptName;
        this.logEnviron = List.copyOf(logEnviron);
        this.errors = errors;
        this.onExit = onExit;
        this.beforeCall = beforeCall;
        this.marks = marks.clone();
    }

    /** The same, where {@code serve} writes the access lines. */
    public WsgiCall claimingAccessLines() {
        return new WsgiCall(
                serve,
                serverScriptName,
                logEnviron,
                errors,
                onExit,
                Exchange::claimAccessLine,
                marks);
    }

    /** What {@code os._exit} looks like on any thread but the first. */
    private static boolean isThreadDeath(PolyglotException e) {
        return e.isInternalError() && String.valueOf(e.getMessage()).contains("ThreadDeath");
    }

    @Override
    public void accept(Exchange exchange) {
        exchange.begin();
        WsgiRequest request = new WsgiRequest(exchange, logEnviron, errors);
        try {
            Object[] arguments =
                    marked(
                            exchange.requestId(),
                            EnvironArguments.of(
                                    request,
                                    exchange.request(),
                                    exchange.body(),
                                    serverScriptName));
            beforeCall.accept(exchange);
            serve.executeVoid(arguments);
        } catch (ScriptNameMismatch e) {
            errors.report(e.getMessage());
            exchange.fail();
        } catch (PolyglotException e) {
            exchange.fail();
            if (e.isExit() || e.isCancelled() || isThreadDeath(e)) {
                onExit.accept(e);
            } else {
                errors.failed("Error handling request " + request.description(), e);
            }
        } catch (RuntimeException | StackOverflowError e) {
            errors.failed("Error handling request " + request.description(), e);
            exchange.fail();
        }
    }

    private Object[] marked(String requestId, Object[] arguments) {
        int id = requestId.isEmpty() ? 0 : 2;
        if (marks.length + id == 0) {
            return arguments;
        }
        Object[] all = Arrays.copyOf(arguments, arguments.length + marks.length + id);
        System.arraycopy(marks, 0, all, arguments.length, marks.length);
        if (id > 0) {
            all[all.length - 2] = REQUEST_ID;
            all[all.length - 1] = requestId;
        }
        return all;
    }
}

package io.jgunicorn.supervisor.ctl;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to {@code stacks} for a terminal: worker by worker, thread by thread, the calls as
 * Python's tracebacks have them. Stateless.
 */
final class StackText {
    private StackText() {}

    static String shown(JsonObject data) {
        StringBuilder text = new StringBuilder();
        for (JsonElement worker : data.getAsJsonArray("workers")) {
            write(worker.getAsJsonObject(), text);
        }
        return text.isEmpty() ? "no workers\n" : text.toString();
    }

    private static void write(JsonObject worker, StringBuilder text) {
        text.append("Worker ").append(worker.get("pid").getAsLong()).append(", ");
        text.append(worker.get("state").getAsString());
        if (!worker.get("answered").getAsBoolean()) {
            text.append(": ").append(worker.get("problem").getAsString());
        }
        text.append('\n');
        List<String> waiting = new ArrayList<>();
        for (JsonElement element : worker.getAsJsonArray("threads")) {
            JsonObject thread = element.getAsJsonObject();
            if (isWaiting(thread)) {
                waiting.add(thread.get("name").getAsString());
            } else {
                writeThread(thread, text);
            }
        }
        if (!waiting.isEmpty()) {
            text.append("  waiting for work: ").append(String.join(", ", waiting)).append('\n');
        }
    }

    private static boolean isWaiting(JsonObject thread) {
        return thread.get("request").isJsonNull()
                && thread.getAsJsonArray("frames").isEmpty()
                && thread.get("omitted").getAsInt() == 0;
    }

    private static void writeThread(JsonObject thread, StringBuilder text) {
        text.append("  ").append(thread.get("name").getAsString());
        if (!thread.get("request").isJsonNull()) {
            text.append(", inside ")
                    .append(thread.get("request").getAsString())
                    .append(" for ")
                    .append(thread.get("seconds").getAsDouble())
                    .append(" s");
        }
        if (!thread.get("language").getAsString().equals("python")) {
            text.append(" (Python did not answer, as in a native call; the Java side of it, ")
                    .append(thread.get("state").getAsString())
                    .append(')');
        }
        text.append('\n');
        int omitted = thread.get("omitted").getAsInt();
        if (omitted > 0) {
            text.append("    ... ").append(omitted).append(" outer calls\n");
        }
        for (JsonElement element : thread.getAsJsonArray("frames")) {
            JsonObject frame = element.getAsJsonObject();
            text.append("    File \"")
                    .append(frame.get("file").getAsString())
                    .append("\", line ")
                    .append(frame.get("line").getAsInt())
                    .append(", in ")
                    .append(frame.get("function").getAsString())
                    .append('\n');
        }
    }
}

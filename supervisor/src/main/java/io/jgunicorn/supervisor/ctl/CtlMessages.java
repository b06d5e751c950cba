package io.jgunicorn.supervisor.ctl;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.jgunicorn.config.ConfigFailure;
import io.jgunicorn.config.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests and replies as JSON. Stateless. */
final class CtlMessages {
    /** Bytes of an answer, as in gunicorn. */
    static final int LONGEST = 16 << 20;

    private static final Gson GSON = new GsonBuilder().serializeNulls().create();
    private static final Gson PRETTY =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();

    private CtlMessages() {}

    /**
     * A request.
     *
     * @param id whatever the client chose; comes back with the reply
     * @param words of the command, split as a shell does, then the arguments
     */
    record Request(JsonElement id, List<String> words) {
        Request {
            words = List.copyOf(words);
        }
    }

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Request request(String text) {
        try {
            JsonObject request = JsonParser.parseString(text).getAsJsonObject();
            List<String> words = new ArrayList<>(ShellWords.split(member(request, "command")));
            if (request.get("args") instanceof JsonArray arguments) {
                arguments.forEach(argument -> words.add(argument.getAsString()));
            }
            JsonElement id = request.has("id") ? request.get("id") : JsonNull.INSTANCE;
            return new Request(id, words);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IllegalArgumentException("not a JSON object with a command", e);
        } catch (ConfigFailure e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String member(JsonObject object, String name) {
        return object.get(name) == null ? "" : object.get(name).getAsString();
    }

    static String reply(JsonElement id, Map<String, Object> members) {
        JsonObject reply = GSON.toJsonTree(members).getAsJsonObject();
        reply.add("id", id);
        return GSON.toJson(reply);
    }

    static String request(List<String> words) {
        JsonObject request = new JsonObject();
        request.addProperty("id", 1);
        request.addProperty("command", ShellWords.join(words));
        request.add("args", new JsonArray());
        return GSON.toJson(request);
    }

    static JsonObject parse(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    static String pretty(JsonElement element) {
        return PRETTY.toJson(element);
    }
}

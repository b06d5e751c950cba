package io.jgunicorn.bench.report;

import java.util.List;

/** Writes the few elements of HTML that a report needs. Text is escaped, cells of tables too. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /** Escapes text. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * A heading.
     *
     * @param level 2 or 3
     * @param id for links, or empty
     */
    Html heading(int level, String id, String text) {
        String anchor = id.isEmpty() ? "" : " id=\"" + escape(id) + "\"";
        out.append("<h" + level + anchor + ">" + escape(text) + "</h" + level + ">\n");
        return this;
    }

    Html paragraph(String text) {
        out.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    Html bullets(List<String> items) {
        if (!items.isEmpty()) {
            out.append("<ul>\n");
            items.forEach(item -> out.append("<li>").append(escape(item)).append("</li>\n"));
            out.append("</ul>\n");
        }
        return this;
    }

    /** A picture that needs no escaping. */
    Html picture(String caption, String svg) {
        out.append("<figure>").append(svg).append("<figcaption>");
        out.append(escape(caption)).append("</figcaption></figure>\n");
        return this;
    }

    /**
     * A table; the first cell of each row names it.
     *
     * @param kinds a class of the style sheet for each row, or empty
     */
    Html table(List<String> head, List<List<String>> rows, List<String> kinds) {
        out.append("<table>\n<tr>");
        head.forEach(cell -> out.append("<th>").append(escape(cell)).append("</th>"));
        out.append("</tr>\n");
        for (int i = 0; i < rows.size(); i++) {
            String kind = kinds.isEmpty() ? "" : " class=\"" + kinds.get(i) + "\"";
            out.append("<tr").append(kind).append(">");
            rows.get(i).forEach(cell -> out.append("<td>").append(escape(cell)).append("</td>"));
            out.append("</tr>\n");
        }
        out.append("</table>\n");
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

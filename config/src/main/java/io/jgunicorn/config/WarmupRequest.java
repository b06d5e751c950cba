package io.jgunicorn.config;

/**
 * A request that new workers replay.
 *
 * @param name method and target, for messages
 * @param head request line, header lines and the empty line, as they go over the wire: bytes as ISO
 *     8859-1 characters, lines ended by CR LF
 */
public record WarmupRequest(String name, String head) {}

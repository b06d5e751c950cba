package io.jgunicorn.os;

import java.util.Optional;

/**
 * Whom a process runs as: {@code user}, {@code group} and {@code initgroups}.
 *
 * @param uid user id, 0 to {@link #HIGHEST}
 * @param gid group id, likewise
 * @param groupsOf name of the user whose further groups count; without one there are none
 */
public record Identity(long uid, long gid, Optional<String> groupsOf) {
    /** The highest id there is; the one above means "leave it" in chown(2) and setreuid(2). */
    public static final long HIGHEST = (1L << 32) - 2;

    public Identity {
        if (uid < 0 || uid > HIGHEST || gid < 0 || gid > HIGHEST) {
            throw new IllegalArgumentException("user " + uid + ", group " + gid);
        }
    }

    /** That of this process. */
    public static Identity current() {
        return new Identity(
                Integer.toUnsignedLong(LibC.geteuid()),
                Integer.toUnsignedLong(LibC.getegid()),
                Optional.empty());
    }

    /** True if this process has this user and this group. */
    public boolean isCurrent() {
        Identity now = current();
        return now.uid == uid && now.gid == gid;
    }

    /**
     * This process, with all its threads, becomes it, and cannot go back. Nothing happens if it is
     * it already.
     *
     * @throws NativeCallException if the system refuses, as it does to all but root
     */
    public void assume() {
        if (isCurrent()) {
            return;
        }
        if (groupsOf.isPresent()) {
            LibC.initgroups(groupsOf.get(), gid);
        } else {
            LibC.setgroups(gid);
        }
        LibC.setgid(gid);
        LibC.setuid(uid);
        LibC.allowOwnProc();
    }
}

# Sourced by the launcher and by mvnw. find_jdk sets JAVA_HOME to a JDK 25, or says in one sentence
# how to get one and returns 1. Looks at JAVA_HOME, the java on the PATH, then the usual install folders.

# is_jdk_25 DIR: true if DIR holds a JDK (with javac) of feature release 25. Reads the "release" file: no JVM is started.
is_jdk_25() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
        grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

# is_graalvm_25 DIR: the same for a GraalVM, which brings the Graal compiler with it.
is_graalvm_25() {
    is_jdk_25 "$1" && grep -q '^GRAALVM_VERSION=' "$1/release"
}

find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
        return 0
    fi
    _java=$(command -v java 2>/dev/null) && _java=$(readlink -f "$_java" 2>/dev/null) || _java=
    for _dir in \
        "${_java%/bin/java}" \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /opt/graalvm* /usr/local/*jdk* /usr/local/java* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$_dir" ] && is_jdk_25 "$_dir"; then
            JAVA_HOME=$_dir
            return 0
        fi
    done
    echo "jgunicorn: no JDK 25 found in JAVA_HOME, on the PATH or in the usual folders (/usr/lib/jvm, /opt, ~/.sdkman): install one, for example Temurin 25, or set JAVA_HOME to it." >&2
    return 1
}

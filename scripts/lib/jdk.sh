# Finds a JDK. Sourced by the scripts beside it; POSIX sh.
#
# find_jdk java|javac   sets JDK to the home of a JDK >= 21 that has the program, and JDK_MAJOR to
#                       its version; says what to install and ends the script where there is none.

JDK_OLDEST=21

# Major version of the Java installation in $1, into JDK_VERSION; 0 where there is none.
# Reads the file "release" that every JDK has: starting a JVM to ask would take longer than the rest.
jdk_version() {
  JDK_VERSION=0
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    while IFS='=' read -r jdk_key jdk_value || [ -n "$jdk_key" ]; do
      if [ "$jdk_key" = JAVA_VERSION ]; then
        jdk_value=${jdk_value#\"}
        JDK_VERSION=${jdk_value%%[!0-9]*}
        break
      fi
    done <"$1/release"
  else
    jdk_value=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    JDK_VERSION=${jdk_value:-0}
  fi
  JDK_VERSION=${JDK_VERSION:-0}
}

# Takes the installation in $1 where it is new enough and has the program $2.
jdk_take() {
  [ -n "$1" ] && [ -x "$1/bin/$2" ] || return 1
  jdk_version "$1"
  [ "$JDK_VERSION" -ge "$JDK_OLDEST" ] || return 1
  JDK=$1
  JDK_MAJOR=$JDK_VERSION
}

# The home of the Java on the PATH, symbolic links followed, into JDK_ON_PATH.
jdk_on_path() {
  JDK_ON_PATH=
  jdk_program=$(command -v java 2>/dev/null) || return 0
  jdk_hops=0
  while [ -L "$jdk_program" ] && [ "$jdk_hops" -lt 20 ]; do
    jdk_target=$(readlink "$jdk_program")
    case $jdk_target in
      /*) jdk_program=$jdk_target ;;
      *) jdk_program=$(dirname "$jdk_program")/$jdk_target ;;
    esac
    jdk_hops=$((jdk_hops + 1))
  done
  JDK_ON_PATH=$(cd "$(dirname "$jdk_program")/.." 2>/dev/null && pwd -P) || JDK_ON_PATH=
}

find_jdk() {
  jdk_need=$1
  if [ -n "${FANFARE_JAVA_HOME:-}" ]; then
    jdk_take "$FANFARE_JAVA_HOME" "$jdk_need" && return 0
    echo "fanfare: FANFARE_JAVA_HOME=$FANFARE_JAVA_HOME holds no JDK $JDK_OLDEST or newer with bin/$jdk_need; correct it or unset it." >&2
    exit 2
  fi
  jdk_take "${JAVA_HOME:-}" "$jdk_need" && return 0
  jdk_on_path
  jdk_take "$JDK_ON_PATH" "$jdk_need" && return 0
  if [ -x /usr/libexec/java_home ]; then
    jdk_take "$(/usr/libexec/java_home -v "$JDK_OLDEST+" 2>/dev/null)" "$jdk_need" && return 0
  fi
  # Debian, Ubuntu, Fedora and others; macOS; SDKMAN; asdf; mise; Homebrew; the IDEs; Gradle.
  jdk_best=
  jdk_best_version=0
  for jdk_home in \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "$HOME"/.jdks/* "$HOME"/.gradle/jdks/*; do
    [ -x "$jdk_home/bin/$jdk_need" ] || continue
    jdk_version "$jdk_home"
    if [ "$JDK_VERSION" -ge "$JDK_OLDEST" ] && [ "$JDK_VERSION" -gt "$jdk_best_version" ]; then
      jdk_best=$jdk_home
      jdk_best_version=$JDK_VERSION
    fi
  done
  jdk_take "$jdk_best" "$jdk_need" && return 0
  jdk_missing
}

jdk_missing() {
  {
    if [ "$jdk_need" = javac ]; then
      echo "fanfare: building needs a JDK (with javac) of version $JDK_OLDEST or newer, and this machine has none where it was looked for"
    else
      echo "fanfare: Java $JDK_OLDEST or newer is needed, and this machine has none where it was looked for"
    fi
    echo "  (FANFARE_JAVA_HOME, JAVA_HOME, PATH, the usual installation folders). Install one:"
    if command -v apt-get >/dev/null 2>&1; then
      echo "    apt-get install openjdk-$JDK_OLDEST-jdk-headless      (as root; or any newer openjdk-*-jdk-headless)"
    elif command -v dnf >/dev/null 2>&1; then
      echo "    dnf install java-$JDK_OLDEST-openjdk-devel            (as root)"
    elif command -v apk >/dev/null 2>&1; then
      echo "    apk add openjdk$JDK_OLDEST                            (as root)"
    elif command -v pacman >/dev/null 2>&1; then
      echo "    pacman -S jdk$JDK_OLDEST-openjdk                      (as root)"
    elif command -v brew >/dev/null 2>&1; then
      echo "    brew install openjdk@$JDK_OLDEST"
    else
      echo "    any OpenJDK $JDK_OLDEST or newer, and set JAVA_HOME to its folder"
    fi
  } >&2
  exit 2
}

# Builds Fanfare where that is needed. Sourced by the scripts beside it; POSIX sh.
# Needs ROOT, the folder of the project.

BUILD_LOCK=$ROOT/target/.build.lock
BUILD_STAMP=$ROOT/target/.built

# Whether something that the jar is made of is newer than the jar. Folders count: a file that was
# deleted changes its folder only.
build_is_stale() {
  [ -f "$BUILD_STAMP" ] && [ -f "$ROOT/target/fanfare-runner.jar" ] || return 0
  [ -n "$(find "$ROOT/src/main" "$ROOT/pom.xml" "$ROOT/.mvn" -newer "$BUILD_STAMP" -print 2>/dev/null | head -n 1)" ]
}

# One build at a time in one folder. A lock whose owner is gone is taken over.
build_lock() {
  mkdir -p "$ROOT/target"
  build_said=
  until mkdir "$BUILD_LOCK" 2>/dev/null; do
    build_owner=$(cat "$BUILD_LOCK/pid" 2>/dev/null || echo '')
    if [ -n "$build_owner" ] && ! kill -0 "$build_owner" 2>/dev/null && [ ! -d "/proc/$build_owner" ]; then
      build_stale=$BUILD_LOCK.$$
      # Whoever renames it first has it: two waiters cannot both clear away a fresh lock.
      mv "$BUILD_LOCK" "$build_stale" 2>/dev/null && rm -rf "$build_stale"
      continue
    fi
    if [ -z "$build_said" ]; then
      echo "fanfare: another build of this folder is at work (process ${build_owner:-?}); waiting for it" >&2
      build_said=yes
    fi
    sleep 0.3
  done
  echo $$ >"$BUILD_LOCK/pid"
  trap 'rm -rf "$BUILD_LOCK"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

build_unlock() {
  rm -rf "$BUILD_LOCK"
  trap - EXIT INT TERM
}

# What root builds in somebody else's clone stays that person's.
build_give_back() {
  if [ "$(id -u)" = 0 ] && command -v stat >/dev/null 2>&1; then
    build_owner=$(stat -c '%u:%g' "$ROOT/pom.xml" 2>/dev/null || stat -f '%u:%g' "$ROOT/pom.xml" 2>/dev/null || echo '')
    case $build_owner in '' | 0:*) ;; *) chown -R "$build_owner" "$ROOT/target" 2>/dev/null || true ;; esac
  fi
}

# Runs Maven with the JDK that was found.
build_maven() {
  (cd "$ROOT" && JAVA_HOME=$JDK MAVEN_OPTS="${MAVEN_OPTS:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1" sh ./mvnw -B -ntp "$@")
}

# Builds the jar where it is missing or older than its sources. FANFARE_BUILD=never runs what is
# there: tests of a build that is under way hold its lock.
build_if_stale() {
  if [ "${FANFARE_BUILD:-}" = never ]; then return 0; fi
  build_is_stale || return 0
  if ! { mkdir -p "$ROOT/target" && [ -w "$ROOT/target" ]; } 2>/dev/null; then
    if [ -f "$ROOT/target/fanfare-runner.jar" ]; then
      echo "fanfare: the sources are newer than the build, and $ROOT/target cannot be written by this user; running the build that is there" >&2
      return 0
    fi
    echo "fanfare: Fanfare is not built yet and $ROOT/target cannot be written by this user; let the owner of $ROOT run scripts/fanfare --version once" >&2
    exit 1
  fi
  find_jdk javac
  build_lock
  if build_is_stale; then
    echo "fanfare: building (the first time downloads what it needs; this takes a few minutes) ..." >&2
    build_log=$ROOT/target/build.log
    build_began=$ROOT/target/.began
    : >"$build_began"
    if ! build_maven -DskipTests -Dmaven.test.skip=true package >"$build_log" 2>&1; then
      cat "$build_log" >&2
      echo "fanfare: the build failed; what Maven said stands above and in $build_log" >&2
      exit 1
    fi
    mv "$build_began" "$BUILD_STAMP"
    build_give_back
    echo "fanfare: built" >&2
  fi
  build_unlock
}

LAMBDA=$ROOT/target/lambda
LAMBDA_STAMP=$LAMBDA/.built

lambda_is_stale() {
  [ -f "$LAMBDA_STAMP" ] && [ -f "$LAMBDA/function.zip" ] && [ -f "$LAMBDA/worker.zip" ] || return 0
  [ -n "$(find "$ROOT/src/main" "$ROOT/pom.xml" "$ROOT/.mvn" "$ROOT/scripts/lib" -newer "$LAMBDA_STAMP" -print 2>/dev/null | head -n 1)" ]
}

# Lays out the compiled classes without those that are named, and packs them: NAME CLASSES..
# Everything happens in a folder of its own: the build for one machine is left alone.
lambda_zip() {
  lambda_name=$1
  shift
  lambda_folder=$LAMBDA/$lambda_name
  rm -rf "$lambda_folder"
  mkdir -p "$lambda_folder"
  cp -Rp "$ROOT/target/classes" "$lambda_folder/classes"
  for lambda_left in "$@"; do
    (cd "$lambda_folder/classes/dev/fanfare" && rm -r $lambda_left) || return 1
  done
  if [ "$lambda_name" = bench ]; then
    mkdir -p "$lambda_folder/classes/dev/fanfare/local/bench"
    cp -p "$ROOT/target/classes/$LAMBDA_NOOP" "$lambda_folder/classes/$LAMBDA_NOOP" || return 1
  fi
  lambda_worker=
  if [ "$lambda_name" != function ]; then
    lambda_worker=-Dworker
    # Settings of what is not there would be warned of at every start.
    sed '/^quarkus\.\(http\|hibernate-orm\|smallrye-openapi\|rest\)\./d' \
      "$ROOT/target/classes/application.properties" >"$lambda_folder/classes/application.properties"
  fi
  build_maven -q -Plambda $lambda_worker "-Ddeployable=$lambda_name" \
    -Dquarkus.package.jar.filter-optional-dependencies=true quarkus:build || return 1
  "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$ROOT/scripts/lib/Repack.java" \
    "$lambda_folder/function.zip" "$LAMBDA/$lambda_name.zip" || return 1
  rm -rf "$lambda_folder"
}

# Both zips, of the classes in target/classes; with build_compile set these are brought up to date.
lambda_build() {
  mkdir -p "$LAMBDA"
  lambda_began=$LAMBDA/.began
  : >"$lambda_began"
  if [ -n "${build_compile:-}" ]; then
    build_maven -q compile || return 1
  fi
  # The command line and the embedded database are for one machine.
  lambda_zip function local || return 1
  lambda_worker_zip worker || return 1
  mv "$lambda_began" "$LAMBDA_STAMP"
}

# Dispatcher and step answer no HTTP and list nothing.
lambda_worker_zip() {
  lambda_zip "$1" local api store/browse function/http 'function/TriggerFunction*.class'
}

# A step that returns at once. Java steps are part of their user's zip: what is deployed has none.
LAMBDA_NOOP=dev/fanfare/local/bench/NoopStep.class

# bench.zip, for "bench lambda" alone: worker.zip and that step.
lambda_bench_is_stale() {
  [ -f "$LAMBDA/bench.zip" ] && [ -z "$(find "$LAMBDA/worker.zip" -newer "$LAMBDA/bench.zip" -print)" ] && return 1
  return 0
}

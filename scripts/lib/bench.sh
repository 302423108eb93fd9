# "scripts/fanfare bench lambda": the deployed zips, measured in real processes under AWS's runtime
# client. The program is part of the test code. Sourced by scripts/fanfare; POSIX sh.

BENCH_CLASS_PATH=$ROOT/target/.bench-class-path

bench_help() {
  cat <<'EOF'
Usage: fanfare bench lambda [-h] [PART] [--rounds N]
Measures what is deployed to Lambda in real processes under AWS's runtime client
on this machine, one JSON line each. Builds what is missing.
      [PART]        One of these; all without it.
                      start      start, first and warm invocation, memory and size
                                 of each function beside a bare handler
                      one        what 100 runs of one Java step cost
                      chain      what 100 Java steps one after another cost
                      chain-run  the same of 100 shell steps
                      fan        of 1,000 Java steps beside each other
                      diamond    of 100 runs of 4 Java steps
      --rounds N    How often each is measured; 3 without it.
  -h, --help        Show this help and exit.
EOF
}

bench_classes_are_stale() {
  [ -s "$BENCH_CLASS_PATH" ] || return 0
  [ -n "$(find "$ROOT/src/main" "$ROOT/src/test/java" "$ROOT/pom.xml" -newer "$BENCH_CLASS_PATH" -print 2>/dev/null | head -n 1)" ]
}

# Zips, test classes and the runtime client.
bench_build() {
  find_jdk javac
  build_lock
  if lambda_is_stale; then
    echo "fanfare: building the zips ..." >&2
    build_compile=yes
    lambda_build || return 1
  fi
  if bench_classes_are_stale; then
    echo "fanfare: building the benchmark ..." >&2
    bench_began=$ROOT/target/.bench-began
    build_maven -q "-Dmdep.outputFile=$bench_began" test-compile dependency:build-classpath || return 1
    mv "$bench_began" "$BENCH_CLASS_PATH"
  fi
  if lambda_bench_is_stale; then
    lambda_worker_zip bench || return 1
  fi
  build_give_back
  build_unlock
}

# Becomes the benchmark: PART --rounds N
bench_lambda() {
  for bench_argument in "$@"; do
    case $bench_argument in -h | --help)
      bench_help
      exit 0
      ;;
    esac
  done
  if [ "${FANFARE_BUILD:-}" != never ]; then
    bench_build || {
      echo "fanfare: the build failed; what Maven said stands above" >&2
      exit 1
    }
  fi
  [ -n "${JDK:-}" ] || find_jdk java
  # The zips are looked for from here.
  cd "$ROOT"
  FANFARE_ZIPS=required
  export FANFARE_ZIPS
  set -- -cp "target/classes:target/test-classes:$(cat "$BENCH_CLASS_PATH")" \
    dev.fanfare.testing.lambda.bench.LambdaBench "$@"
  set -- --add-opens java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED "$@"
  if [ "$JDK_MAJOR" -ge 23 ]; then
    set -- --sun-misc-unsafe-memory-access=allow "$@"
  fi
  exec "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Djava.util.logging.manager=org.jboss.logmanager.LogManager "$@"
}

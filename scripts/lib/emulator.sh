# Prepares the emulator of AWS that tests run the functions behind. Sourced by the scripts beside it;
# POSIX sh. Needs ROOT, the folder of the project.

EMULATOR=$ROOT/target/emulator
EMULATOR_VENV=$ROOT/target/emulator-venv

# Installs the emulator where it is not yet. Where it cannot be had, target/emulator/skipped says why.
emulator_prepare() {
  mkdir -p "$EMULATOR"
  rm -f "$EMULATOR/skipped"
  emulator_pins=$ROOT/src/test/emulator/requirements.txt
  if cmp -s "$emulator_pins" "$EMULATOR_VENV/.installed"; then return 0; fi
  rm -rf "$EMULATOR_VENV"
  emulator_install >"$EMULATOR/install.log" 2>&1 && return 0
  rm -rf "$EMULATOR_VENV"
  sed 's/^/emulator: /' "$EMULATOR/install.log" >&2
  echo "$EMULATOR_WHY" >"$EMULATOR/skipped"
  echo "emulator: skipped: $EMULATOR_WHY" >&2
  return 1
}

emulator_install() {
  emulator_python=${FANFARE_PYTHON:-python3}
  EMULATOR_WHY="there is no $emulator_python on the PATH"
  command -v "$emulator_python" || return 1
  EMULATOR_WHY="$emulator_python is older than 3.10"
  "$emulator_python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || return 1
  EMULATOR_WHY="$emulator_python makes no virtual environments; on Debian the package python3-venv is missing"
  "$emulator_python" -m venv "$EMULATOR_VENV" || return 1
  EMULATOR_WHY="the package index of Python cannot be reached or lacks a package of src/test/emulator/requirements.txt; see target/emulator/install.log"
  "$EMULATOR_VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-input --requirement "$emulator_pins" || return 1
  cp "$emulator_pins" "$EMULATOR_VENV/.installed"
}

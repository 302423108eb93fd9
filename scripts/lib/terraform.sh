# shellcheck shell=sh
# Finds Terraform and its provider. Sourced by the scripts beside it; POSIX sh.
# Needs ROOT, the folder of the project. Nothing is written beside the sources: what Terraform
# downloads goes to target/terraform.

TERRAFORM_OLDEST=1.9
TERRAFORM_FILES=$ROOT/target/terraform

# A settings file that is not there makes every call complain.
if [ -n "${TF_CLI_CONFIG_FILE:-}" ] && [ ! -e "$TF_CLI_CONFIG_FILE" ]; then
  unset TF_CLI_CONFIG_FILE
fi
TF_IN_AUTOMATION=1
CHECKPOINT_DISABLE=1
export TF_IN_AUTOMATION CHECKPOINT_DISABLE

# Whether there is a Terraform that is new enough; else TERRAFORM_WHY says what is missing.
terraform_find() {
  TERRAFORM=${FANFARE_TERRAFORM:-terraform}
  if ! command -v "$TERRAFORM" >/dev/null 2>&1; then
    TERRAFORM_WHY="there is no $TERRAFORM on the PATH"
    return 1
  fi
  terraform_version=$("$TERRAFORM" version 2>/dev/null | sed -n '1s/^[A-Za-z]* v\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  terraform_major=${terraform_version% *}
  terraform_minor=${terraform_version#* }
  if [ -z "$terraform_version" ] || [ "$terraform_major" -lt 1 ] || { [ "$terraform_major" = 1 ] && [ "$terraform_minor" -lt "${TERRAFORM_OLDEST#1.}" ]; }; then
    TERRAFORM_WHY="$TERRAFORM is older than $TERRAFORM_OLDEST"
    return 1
  fi
}

# A folder with providers on this machine, into TERRAFORM_MIRROR; empty where there is none. Terraform
# looks into the folders of its own by itself.
terraform_mirror() {
  TERRAFORM_MIRROR=
  for terraform_folder in "${TF_PLUGIN_DIR:-}" \
    /opt/*/registry.terraform.io /opt/*/*/registry.terraform.io \
    /usr/share/*/registry.terraform.io /usr/share/*/*/registry.terraform.io \
    /usr/local/share/*/registry.terraform.io /usr/local/share/*/*/registry.terraform.io \
    "${HOME:-/}"/.terraform.d/*/registry.terraform.io; do
    terraform_folder=${terraform_folder%/registry.terraform.io}
    if [ -n "$terraform_folder" ] && [ -d "$terraform_folder/registry.terraform.io/hashicorp/aws" ]; then
      TERRAFORM_MIRROR=$terraform_folder
      return 0
    fi
  done
}

# terraform_init FOLDER NAME: makes the configuration in FOLDER ready; what it needs is kept under NAME.
# Prints nothing unless it fails.
terraform_init() {
  TF_DATA_DIR=$TERRAFORM_FILES/$2
  export TF_DATA_DIR
  terraform_mirror
  mkdir -p "$TERRAFORM_FILES"
  if [ -z "$TERRAFORM_MIRROR" ] && [ -z "${TF_PLUGIN_CACHE_DIR:-}" ]; then
    # The provider is 700 MB; one copy is enough for all configurations.
    TF_PLUGIN_CACHE_DIR=$TERRAFORM_FILES/plugins
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=1
    export TF_PLUGIN_CACHE_DIR TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE
    mkdir -p "$TF_PLUGIN_CACHE_DIR"
  fi
  if [ -n "$TERRAFORM_MIRROR" ] \
    && "$TERRAFORM" -chdir="$1" init -input=false -no-color -plugin-dir="$TERRAFORM_MIRROR" >"$TERRAFORM_FILES/$2.log" 2>&1; then
    return 0
  fi
  "$TERRAFORM" -chdir="$1" init -input=false -no-color >"$TERRAFORM_FILES/$2.log" 2>&1 && return 0
  cat "$TERRAFORM_FILES/$2.log" >&2
  return 1
}

# What a job of CircleCI finds: folders of its own, and the steps that CircleCI has itself.
# Names that begin with ff_ are Fanfare's. Runs in bash 3.2 and later.
set +e +o pipefail
ff_base=$FANFARE_SCRATCH/job
ff_files=$ff_base/files          # what the job takes for / where it writes
ff_workspace=$FANFARE_WORKSPACE/workspace
ff_cache=${HOME:-$ff_base}/.cache/fanfare/circleci
ff_halt=${FANFARE_HALT:-$ff_base/halt}
ff_number=0 ff_code=0 ff_over=no ff_background=() ff_env=() ff_command=
mkdir -p "$ff_files/tmp" "$ff_files/home/circleci" "$ff_base/steps"
ln -s home/circleci "$ff_files/root" 2>/dev/null
export HOME=$ff_files/home/circleci TMPDIR=$ff_files/tmp
export BASH_ENV=$ff_base/bash.env
: > "$BASH_ENV"
export CIRCLE_BUILD_NUM=${CIRCLE_BUILD_NUM:-$(date +%s)}
export CIRCLE_WORKFLOW_JOB_ID=${CIRCLE_WORKFLOW_JOB_ID:-$FANFARE_IDEMPOTENCY_KEY}
[ "${CIRCLE_NODE_TOTAL:-1}" = 1 ] && ff_node= || ff_node=/$CIRCLE_NODE_INDEX

# Folders that belong to the job, as its file writes them: in commands they become those it has. A
# mark keeps what was replaced from being replaced again; the second pass finds neighbours.
ff_own() {
  local from mark=$'\001' to
  for from in "$@"; do
    from=$(printf '%s' "$from" | sed 's/[].[*^$+?(){}|#\\]/\\&/g')
    printf 's#(^|[^])}*A-Za-z0-9_.~/%s-])(%s)(/|[^A-Za-z0-9_.-]|$)#\\1%s\\2\\3#g\n' \
      "$mark" "$from" "$mark"
  done > "$ff_base/own.sed"
  to=$(printf '%s' "$ff_files" | sed 's/[&#\\]/\\&/g')
  printf 's#%s#%s#g\n' "$mark" "$to" > "$ff_base/mark.sed"
}
ff_text() { sed -E -f "$ff_base/own.sed" -f "$ff_base/own.sed" -f "$ff_base/mark.sed"; }

# Variables of the job, in which such folders may stand.
ff_variables() {
  local name
  for name in "$@"; do
    case ${!name} in
      */*) export "$name=$(printf '%s\n' "${!name}" | ff_text)" ;;
    esac
  done
}

# The place on this machine of a path of the job.
ff_path() {
  local path=$1 variable='^(.*)\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$' left=20
  while [ "$left" -gt 0 ] && [[ $path =~ $variable ]]; do
    path=${BASH_REMATCH[1]}${!BASH_REMATCH[2]}${BASH_REMATCH[3]}
    left=$((left - 1))
  done
  case $path in
    "~") path=$HOME ;;
    "~/"*) path=$HOME/${path#"~/"} ;;
    "$ff_base"/* | "$FANFARE_WORKSPACE"/*) ;;
    /) path=$ff_files ;;
    /*) path=$ff_files$path ;;
    . | ./) path=$ff_folder ;;
    *) path=$ff_folder/$path ;;
  esac
  printf '%s' "$path"
}

# A context: lines NAME=VALUE.
ff_context() {
  local line name
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line%%=*}
    case $name in
      '' | '#'* | *[!A-Za-z0-9_]* | [0-9]*) continue ;;
    esac
    export "$name=${line#*=}"
  done < <(printf '%s\n' "$1")
}

# Whether a step is to run: on_success, on_fail or always.
ff_begin() {
  ff_number=$((ff_number + 1))
  ff_env=() ff_started=$SECONDS
  [ "$ff_over" = yes ] && return 1
  case $1/$ff_code in
    on_success/0 | always/*) ;;
    on_success/* | on_fail/0) return 1 ;;
  esac
  echo "==> step $ff_number of $ff_total: $2"
}

ff_end() {
  local took=$((SECONDS - ff_started))
  if [ "$1" -eq 0 ]; then
    echo "==> step $ff_number ${2:-succeeded in $took s}"
  else
    echo "==> step $ff_number failed with exit code $1 in $took s"
    [ "$ff_code" -ne 0 ] || ff_code=$1
  fi
  if [ -e "$ff_halt" ] && [ "$ff_over" = no ]; then
    echo "==> the job was halted here"
    ff_over=yes
  fi
}

# Becomes the script of a step: SHELL FOLDER SCRIPT.
ff_launch() {
  cd "$2" || exit 1
  [ ${#ff_env[@]} -eq 0 ] || export "${ff_env[@]}"
  set -f
  case "$1 " in
    *' -c ') exec $1 "$(cat "$3")" ;;
    *) exec $1 "$3" ;;
  esac
}

# SHELL FOLDER RERUNS DELAY BACKGROUND
ff_run() {
  local script=$ff_base/steps/$ff_number folder code tried=0
  folder=$(ff_path "$2")
  printf '%s\n' "$ff_command" | ff_text > "$script"
  if [ "$5" = yes ]; then
    set -m
    ff_launch "$1" "$folder" "$script" &
    ff_background+=($!)
    set +m
    ff_end 0 'goes on in the background'
    return
  fi
  while :; do
    (ff_launch "$1" "$folder" "$script")
    code=$?
    [ "$code" -eq 0 ] || [ "$tried" -ge "$3" ] && break
    tried=$((tried + 1))
    echo "==> step $ff_number failed with exit code $code; rerun $tried of $3 in $4 s"
    sleep "$4"
  done
  ff_end "$code"
}

ff_checkout() {
  local folder url=
  folder=$(ff_path "$1")
  [ -n "${FANFARE_SOURCE:-}" ] || url=${CIRCLE_REPOSITORY_URL:-}
  if [ -n "$url" ]; then
    fanfare-checkout "$folder" "$url" "${CIRCLE_SHA1:-${CIRCLE_TAG:-${CIRCLE_BRANCH:-}}}"
  else
    fanfare-checkout "$folder"
  fi
  local code=$?
  if [ "$code" -eq 0 ] && [ -z "${CIRCLE_SHA1:-}" ] && command -v git > /dev/null; then
    CIRCLE_SHA1=$(git -C "$folder" rev-parse HEAD 2> /dev/null) && export CIRCLE_SHA1
  fi
  ff_end "$code"
}

# Copies what matches patterns in a folder: FROM TO PATTERN...
ff_copy() (
  local from=$1 to=$2 pattern each found
  shift 2
  mkdir -p "$to" && cd "$from" || exit 1
  shopt -s dotglob
  IFS=
  for pattern in "$@"; do
    found=no
    for each in $pattern; do
      if [ -e "$each" ] || [ -L "$each" ]; then
        found=yes
        tar cf - "./$each" | (cd "$to" && tar xpf -) || exit 1
      fi
    done
    if [ "$found" = no ]; then
      echo "there is no '$pattern' in $from" >&2
      exit 1
    fi
  done
)

ff_persist() {
  local root code
  root=$(ff_path "$1")
  shift
  ff_copy "$root" "$ff_workspace" "$@"
  code=$?
  ff_end "$code"
}

ff_attach() {
  local to code=0
  to=$(ff_path "$1")
  mkdir -p "$to" || code=1
  if [ -d "$ff_workspace" ]; then
    ff_copy "$ff_workspace" "$to" . || code=1
  else
    echo "the workspace is empty: no job that this one requires has persisted anything"
  fi
  ff_end "$code"
}

# KIND JOB PATH DESTINATION: what is not there is told, and fails nothing.
ff_store() {
  local path to=$FANFARE_WORKSPACE/$1/$2$ff_node code=0
  path=$(ff_path "$3")
  [ -e "$path" ] || [ ! -e "$3" ] || path=$3
  if [ ! -e "$path" ]; then
    echo "there is nothing to store at $3"
  elif [ -d "$path" ]; then
    ff_copy "$path" "$to${4:+/$4}" . || code=1
    echo "stored under ${to#"$FANFARE_WORKSPACE"/}${4:+/$4}"
  else
    to=$to/${4:-${path##*/}}
    mkdir -p "${to%/*}" && cp -p "$path" "$to" || code=1
    echo "stored as ${to#"$FANFARE_WORKSPACE"/}"
  fi
  ff_end "$code"
}

ff_hash() {
  if command -v sha256sum > /dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-40
}

# The key of a cache, its templates filled in.
ff_key() {
  local key=$1 left=50 template value name
  local pattern='^(.*)\{\{ *([^}]*[^} ]) *\}\}(.*)$'
  while [ "$left" -gt 0 ] && [[ $key =~ $pattern ]]; do
    template=${BASH_REMATCH[2]} name=${BASH_REMATCH[2]#.Environment.}
    local before=${BASH_REMATCH[1]} after=${BASH_REMATCH[3]}
    case $template in
      .Branch) value=${CIRCLE_BRANCH:-} ;;
      .BuildNum) value=$CIRCLE_BUILD_NUM ;;
      .Revision) value=${CIRCLE_SHA1:-} ;;
      .CheckoutKey) value= ;;
      .Environment.*) case $name in *[!A-Za-z0-9_]*) value= ;; *) value=${!name:-} ;; esac ;;
      epoch) value=$(date +%s) ;;
      arch) value=$(uname -s)-$(uname -m) ;;
      'checksum '*)
        name=${template#checksum }
        name=${name//\"/}
        name=$(ff_path "$name")
        if [ ! -f "$name" ]; then
          echo "there is no file to make the checksum of: ${template#checksum }" >&2
          return 1
        fi
        value=$(ff_hash < "$name")
        ;;
      *)
        echo "a key has no template {{ $template }}" >&2
        return 1
        ;;
    esac
    key=$before$value$after
    left=$((left - 1))
  done
  printf '%s' "$key"
}

ff_project() { printf '%s' "${FANFARE_SOURCE:-${CIRCLE_REPOSITORY_URL:-}}" | ff_hash; }

# A key as the name of a file, of which the beginning of a key is the beginning.
ff_name() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | cut -c1-200; }

# KEY PATH...: the first cache of a key stays.
ff_save() {
  local key to part path code=0 list=$ff_base/cache.list
  key=$(ff_key "$1") || { ff_end 1; return; }
  shift
  to=$ff_cache/$(ff_project)
  part=$to/.part-$$-$ff_number
  if [ -e "$to/$(ff_name "$key").tar" ]; then
    ff_end 0 "changed nothing: there is a cache of the key '$key'"
    return
  fi
  mkdir -p "$to" && : > "$list"
  for path in "$@"; do
    path=$(ff_path "$path")
    if [ -e "$path" ]; then
      printf '%s\n' ".${path#"$ff_files"}" >> "$list"
    else
      echo "there is nothing to keep at $path"
    fi
  done
  (cd "$ff_files" && tar cf "$part" -T "$list") && mv "$part" "$to/$(ff_name "$key").tar" || code=1
  ff_end "$code" "kept '$key'"
}

# KEY...: of the first that begins the key of a cache, the newest.
ff_restore() {
  local key found from
  from=$ff_cache/$(ff_project)
  for key in "$@"; do
    key=$(ff_key "$key") || continue
    found=$(ls -t "$from/$(ff_name "$key")"*.tar 2> /dev/null | head -n 1)
    if [ -n "$found" ]; then
      (cd "$ff_files" && tar xpf "$found")
      ff_end $? "restored '$key'"
      return
    fi
  done
  ff_end 0 'found no cache'
}

ff_finish() {
  local pid left
  for pid in ${ff_background[@]+"${ff_background[@]}"}; do
    kill -- "-$pid" 2> /dev/null
  done
  for pid in ${ff_background[@]+"${ff_background[@]}"}; do
    left=40
    while [ "$left" -gt 0 ] && kill -0 "$pid" 2> /dev/null; do
      sleep 0.05
      left=$((left - 1))
    done
    kill -9 -- "-$pid" 2> /dev/null
    wait "$pid" 2> /dev/null
  done
  exit "$ff_code"
}

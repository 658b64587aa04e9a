# What quickstart, check and tools/* share: plain words on the terminal, everything else in a log. Sourced by bash, never run.
# The sourcing script sets `top` (the root of the project) and stands in it.
# shellcheck shell=bash disable=SC2034

logs=$top/build/logs

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

make_logs() {
  mkdir -p "$logs" 2>/dev/null && [ -w "$logs" ] ||
    fail "cannot write to $logs: was it made by root? Run as the same user as before, or remove build/."
}

# Compilers need up to a gigabyte each: as many at once as there are cores and memory for.
jobs_that_fit() {
  awk -v cores="$(nproc)" '
    /^MemAvailable:/ { fit = int($2 / 1000000) }
    END { if (fit < 1) fit = 1; print (fit && fit < cores) ? fit : cores }' /proc/meminfo 2>/dev/null || echo 1
}

ticker_pid=
stop_ticker() {
  [ -z "$ticker_pid" ] && return 0
  kill "$ticker_pid" 2>/dev/null
  wait "$ticker_pid" 2>/dev/null
  ticker_pid=
  printf '\r\033[K'
}

# On a terminal, shows that a long step is alive: its seconds and the last line of its log.
start_ticker() {
  local title=$1 log=$2 began=$SECONDS
  [ -t 1 ] || return 0
  (
    width=$(tput cols 2>/dev/null || echo 80)
    while sleep 1 && kill -0 $$ 2>/dev/null; do
      line="  $title … $((SECONDS - began)) s  $(tail -c 400 "$log" 2>/dev/null | tr -d '\033' | tr '\r' '\n' | tail -n 1)"
      printf '\r\033[K%s' "${line:0:width-1}"
    done
  ) &
  ticker_pid=$!
}

# run_logged TITLE LOG COMMAND…: runs it in the foreground (so that Ctrl-C reaches it) with its output in LOG; returns its exit code.
run_logged() {
  local title=$1 log=$2 code=0
  shift 2
  : >"$log" || fail "cannot write the log $log."
  start_ticker "$title" "$log"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  stop_ticker
  return $code
}

show_tail() {
  say "  the last lines of ${1#"$top"/}:"
  tail -n "${2:-40}" "$1" | sed 's/^/  | /'
}

# The project's own files that match the given endings (all when none is given), one a line: what git knows or would add,
# else (a tarball, no git) whatever is not built.
sources() {
  local list ending
  if list=$(git -C "$top" ls-files -co --exclude-standard 2>/dev/null) && [ -n "$list" ]; then
    :
  else
    list=$(cd "$top" && find . \( -path ./build -o -path ./demo -o -path ./.git \) -prune -o -type f -print | sed 's,^\./,,')
  fi
  printf '%s\n' "$list" | sort -u | while IFS= read -r file; do
    [ -f "$top/$file" ] || continue
    [ $# -eq 0 ] && printf '%s\n' "$file"
    for ending in "$@"; do
      case $file in *"$ending") printf '%s\n' "$file" ;; esac
    done
  done
}

# What differs from main (from the last commit, where there is no main), with what is not committed.
changed_files() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || git rev-parse HEAD) ||
    fail "'changed' asks git, and this is no clone: name the rooms."
  { git diff --name-only "$base" && git ls-files -o --exclude-standard; } | sort -u
}

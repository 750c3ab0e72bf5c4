#!/usr/bin/env bash
# Lints once; the log, annotations, SARIF and step summary come from that one run.
set -euo pipefail

temp=$RUNNER_TEMP
# On Windows a backslash would be taken for an escape.
[ "$RUNNER_OS" != Windows ] || temp=${temp//\\//}
reports=$(mktemp -d "$temp/steadfast-reports.XXXXXX")
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# A value may hold newlines: the delimiter is one that it cannot know.
output() {
  local delimiter
  delimiter=steadfast-$(random)
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"$GITHUB_OUTPUT"
}

fail() {
  printf '::error title=steadfast::%s\n' "$1"
  output exit-code 2
  exit 2
}

# Of `summary` in the report, which is laid out one key a line.
count() {
  awk -F '[:,]' '
    /^  "summary": [{]/ { inside = 1 }
    inside && /^    "(errors|warnings|notes)":/ { sum += $2 }
    inside && /^  [}]/ { print sum + 0; exit }
  ' "$1"
}

# `cd -` would go elsewhere, and CDPATH too.
[ "$WORKING_DIRECTORY" != - ] || WORKING_DIRECTORY=./-
CDPATH='' cd -- "$WORKING_DIRECTORY" || fail "$(printf 'There is no folder %q' "$WORKING_DIRECTORY")"

sarif=${SARIF_FILE:-$reports/steadfast.sarif}
case $sarif in
  /* | [A-Za-z]:[/\\]*) ;;
  # Other steps know no `/d/…` of Git Bash; -W, of that alone, says `D:/…`.
  *) sarif=$(pwd -W 2>/dev/null || pwd)/$sarif ;;
esac
# What an earlier run left must not pass for a report of this one.
{ mkdir -p -- "$(dirname -- "$sarif")" && rm -f -- "$sarif"; } || fail "$(printf '%q cannot be written' "$sarif")"

# Each value in one word with its option, so that none can be an option itself.
arguments=(lint)
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "$line" ] || arguments+=("$line")
done <<<"$ARGS"
[ -z "$PROFILE" ] || arguments+=("--profile=$PROFILE")
[ -z "$SINCE" ] || arguments+=("--since=$SINCE")
arguments+=(
  "--fail-on=$FAIL_ON"
  --format=sarif "--output=$sarif"
  --format=markdown "--output=$reports/summary.md"
  --format=json "--output=$reports/findings.json"
  "--format=$FORMAT"
  --
)
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "$line" ] || arguments+=("$line")
done <<<"$PATHS"

# What a linted file says must not become a command of the log. Only annotations may, which are escaped.
token=$(random)
code=0
echo "::stop-commands::$token"
"$BINARY" "${arguments[@]}" >"$reports/log" || code=$?
if [ "$FORMAT" = github ]; then
  printf '\n::%s::\n' "$token"
  cat "$reports/log"
else
  cat "$reports/log"
  printf '\n::%s::\n' "$token"
fi

findings=''
[ ! -s "$reports/findings.json" ] || findings=$(count "$reports/findings.json")
[ -e "$sarif" ] || sarif=''
output findings "$findings"
output sarif-file "$sarif"
output exit-code "$code"
# GitHub takes 1 MiB of a step, or nothing.
[ ! -e "$reports/summary.md" ] || head -c 1000000 "$reports/summary.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

[ "$code" -le 1 ] || echo "::error title=steadfast::steadfast could not do its work (exit code $code)"
exit "$code"

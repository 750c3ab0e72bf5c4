#!/usr/bin/env bash
# Finds the commit to compare with, and fetches it where the checkout does not hold it.
# Without one everything is linted: more is reported than was asked for, and nothing is missed.
set -euo pipefail

[ -n "$SINCE" ] || exit 0
# `cd -` would go elsewhere, and CDPATH too.
[ "$WORKING_DIRECTORY" != - ] || WORKING_DIRECTORY=./-
# That there is no such folder is said by the step that lints.
CDPATH='' cd -- "$WORKING_DIRECTORY" 2>/dev/null || exit 0

# In a container the checkout belongs to another user.
git() { command git -c safe.directory='*' "$@"; }

commit() { git rev-parse --quiet --verify "$1^{commit}" 2>/dev/null; }

fetch() { GIT_TERMINAL_PROMPT=0 git fetch --quiet --no-tags --no-recurse-submodules --depth=1 -- origin "$SINCE"; }

# A checkout with `persist-credentials: false` keeps no way into a private repository.
fetch_with_token() {
  [ -n "$TOKEN" ] || return 1
  local credentials
  credentials=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
  GIT_CONFIG_COUNT=1 \
    GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $credentials" \
    fetch
}

find_revision() {
  # An option, and all that a revision does not reach.
  case $SINCE in -* | ^*) return 1 ;; esac
  # A fetch at depth 1 would cut the history of what is there already.
  commit "$SINCE" && return
  # Nothing that git would read as more than one name, such as a refspec.
  git check-ref-format --allow-onelevel "$SINCE" || return 1
  fetch || fetch_with_token || return 1
  commit FETCH_HEAD
}

if revision=$(find_revision); then
  echo "revision=$revision" >>"$GITHUB_OUTPUT"
  echo "Comparing with $revision"
else
  # Quoted by %q it is one line, and so one command.
  printf '::warning title=steadfast::There is no revision %q to compare with; everything is linted\n' "$SINCE"
fi

#!/usr/bin/env bash
# Builds the Action's own source, unless the cache held what runs here.
set -euo pipefail

if "$BINARY" --version 2>/dev/null; then
  exit 0
fi
if ! command -v cargo >/dev/null; then
  echo "::error title=steadfast::There is neither a released binary for this runner nor cargo to build one"
  exit 1
fi
# Away from the linted repository, whose toolchain file and cargo config are not for this build.
cd "$GITHUB_ACTION_PATH"
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET
cargo install --locked --force --path . --root "$FOLDER" --target-dir "$FOLDER-target"
"$BINARY" --version

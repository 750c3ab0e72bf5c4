#!/usr/bin/env bash
# Installs a released binary, its checksum verified. Where there is none for this runner it tells the
# later steps, by a cache-key, to build the Action's own source.
set -euo pipefail

temp=$RUNNER_TEMP
# On Windows a backslash would be taken for an escape.
[ "$RUNNER_OS" != Windows ] || temp=${temp//\\//}
exe=''
[ "$RUNNER_OS" != Windows ] || exe=.exe

fail() {
  printf '::error title=steadfast::%s\n' "$1"
  exit 1
}

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

download() {
  curl --silent --show-error --fail --location --proto-redir =https --retry 3 --connect-timeout 20 \
    --output "$2" -- "$RELEASES/v$version/$1"
}

target() {
  case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) echo x86_64-unknown-linux-gnu ;;
    Linux-ARM64) echo aarch64-unknown-linux-gnu ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    Windows-ARM64) echo aarch64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

unpack() {
  case $1 in
    *.tar.gz) tar -xzf "$1" ;;
    *) unzip -q "$1" ;;
  esac
}

# Says why there is no binary, or installs it.
install_release() {
  local name archive
  name=$(target) || { echo "There is no release for $RUNNER_OS on $RUNNER_ARCH" && return 1; }
  name=steadfast-$version-$name
  archive=$name.tar.gz
  [ "$RUNNER_OS" != Windows ] || archive=$name.zip
  mkdir -p "$temp/steadfast-release" && cd "$temp/steadfast-release" || return 1
  rm -rf -- "$name" "$archive" SHA256SUMS
  download SHA256SUMS SHA256SUMS || { echo "There is no release $version" && return 1; }
  awk -v name="$archive" '$2 == name' SHA256SUMS >archive.sha256
  [ -s archive.sha256 ] || { echo "Release $version has no $archive" && return 1; }
  download "$archive" "$archive" || { echo "$archive could not be downloaded" && return 1; }
  sha256 -c archive.sha256 || fail "The checksum of $archive is not that of the release"
  unpack "$archive" || { echo "$archive could not be unpacked" && return 1; }
  binary=$temp/steadfast-release/$name/steadfast$exe
  # A binary for glibc does not start everywhere.
  "$binary" --version || { echo "The released binary does not start here" && return 1; }
}

# The source, the toolchain and the system: what a binary depends on.
cache_key() {
  local sum
  sum=$(
    cd "$GITHUB_ACTION_PATH"
    {
      find Cargo.toml Cargo.lock src -type f | LC_ALL=C sort | while IFS= read -r file; do sha256 "$file"; done
      rustc -V 2>/dev/null || true
    } | sha256 | cut -c 1-64
  )
  echo "steadfast-$RUNNER_OS-$RUNNER_ARCH-${ImageOS:-}-$sum"
}

own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
version=${VERSION:-$own}
version=${version#v}
if [ "$version" = source ]; then
  echo "Building the Action's own source, as asked"
elif ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  fail "$(printf '%q is no version' "$version")"
elif [ -z "$REPOSITORY" ]; then
  echo "The Action is a folder of this repository: building its source"
  [ "$version" = "$own" ] || fail "The Action's source is $own, not $version"
elif install_release; then
  output binary "$binary"
  exit 0
elif [ "$version" != "$own" ]; then
  fail "There is no binary of $version for this runner, and the Action's source is $own"
fi

folder=$temp/steadfast-build
output folder "$folder"
output binary "$folder/bin/steadfast$exe"
output cache-key "$(cache_key)"

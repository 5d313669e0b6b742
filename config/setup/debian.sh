#!/bin/sh
# Install the Debian packages that the tests' real servers come from, those that are missing.
# Usage: debian.sh PACKAGE…
set -eu
missing=
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "The tests want these Debian packages and this is no Debian:$missing" >&2
  echo "The tests that need them are skipped." >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; else
  echo "The tests want these packages and this is neither root nor a machine with sudo:$missing" >&2
  echo "Ask for: apt-get install$missing. Until then the tests that need them are skipped." >&2
  exit 0
fi
# shellcheck disable=SC2086 # one word a package
$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing

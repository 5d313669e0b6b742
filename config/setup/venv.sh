#!/bin/sh
# Make the virtual environment; on Debian's bare python3 this needs the package python3-venv.
set -eu
python=$1
venv=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "invoice-robot needs Python 3.11 or newer; '$python' is older. Try: make PYTHON=python3.11" >&2
  exit 1
}
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; else
    echo "python3-venv is missing and this is neither root nor a machine with sudo." >&2
    echo "Ask for: apt-get install python3-venv" >&2
    exit 1
  fi
  $sudo apt-get update -qq && $sudo apt-get install -y -qq python3-venv
fi
"$python" -m venv "$venv"

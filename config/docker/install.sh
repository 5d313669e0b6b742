#!/bin/sh
# Install the robot with exactly the locked packages into a virtual environment.
# Usage: install.sh SOURCE VENV   (the Dockerfile's build stage; a test runs it as well)
set -eu
source=$1
venv=$2
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
  --require-hashes -r "$source/requirements.lock" -r "$source/requirements-build.lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
  --no-deps --no-build-isolation "$source"
"$venv/bin/python" -m compileall -q "$venv/lib"
"$venv/bin/invoice-robot" --version

# Each target sets up what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Extra arguments for pytest, e.g. make test ARGS="-k money".
ARGS ?=
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test faults lint bench format lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime ## Set up, and run the main job once on the small world in var/demo
	@# Exit code 1 says that a person has something to see, which the demo is full of.
	@$(BIN)/invoice-robot demo --past || [ $$? -eq 1 ]

test: $(VENV)/.test $(VENV)/.servers ## Set up, with the servers that the tests run, and run all tests
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

faults: $(VENV)/.test $(VENV)/.servers ## Kill, cut and starve the robot in every way; writes the table of docs/reliability.md
	$(BIN)/python -m tests.faults

lint: $(VENV)/.test $(VENV)/.lint ## Style, types, import direction, Dockerfile
	$(BIN)/ruff check robot tests bench examples
	$(BIN)/ruff format --check robot tests bench examples
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/.test $(VENV)/.bench ## Speed, as ratios to named floors and peers
	$(BIN)/python -m bench

format: $(VENV)/.lint ## Format the code
	$(BIN)/ruff check --fix-only -q robot tests bench examples
	$(BIN)/ruff format -q robot tests bench examples

lock: $(BIN)/uv ## Renew the lock files from pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --upgrade $(LOCK_FLAGS) pyproject.toml -o requirements.lock
	for group in build test lint bench; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --upgrade $(LOCK_FLAGS) -c requirements.lock --group $$group -o requirements-$$group.lock || exit 1; \
	done

clean: ## Remove the set-up and everything that was made
	rm -rf $(VENV) var build dist *.egg-info

LOCK_FLAGS := --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --universal
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(BIN)/uv: | $(BIN)/python
	$(PIP_INSTALL) uv

$(BIN)/python:
	@sh config/setup/venv.sh $(PYTHON) $(VENV)

$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# Debian's packages of the real servers and drivers that the tests run.
SERVERS := postgresql unixodbc odbc-postgresql libsqliteodbc tdsodbc \
  dovecot-imapd dovecot-lmtpd exim4-daemon-light chromium
$(VENV)/.servers: config/setup/debian.sh Makefile | $(BIN)/python
	@sh config/setup/debian.sh $(SERVERS)
	@touch $@

# One pip at a time works on the environment, also under make -j.
$(VENV)/.lint $(VENV)/.bench: | $(VENV)/.test

$(VENV)/.%: requirements-%.lock | $(VENV)/.runtime
	$(PIP_INSTALL) --require-hashes -r requirements-$*.lock
	@touch $@

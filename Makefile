# make run: set up and open the app · make test: set up and run the tests · make help: the rest
# uv is used where it is installed, else python3 -m venv and pip. The versions are those of uv.lock either way:
# requirements/*.lock are that file, written for pip (`make lock`; a test checks that they agree).

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
# The first Python that is new enough; only needed without uv.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Also for where Python may keep no byte code of its own: it starts in a third less time.
COMPILE := $(BIN)/python -m compileall -q tui_reader

.PHONY: run demo test check bench screenshots lock clean help

run: $(VENV)/.run ## set up what is needed and open the app
	@$(BIN)/tui-reader

demo: $(VENV)/.run ## the app on a bundled sample: no network, no traces
	@$(BIN)/tui-reader demo

test: $(VENV)/.dev ## set up what is needed and run the tests
	@$(BIN)/python -m pytest

check: $(VENV)/.dev ## lint, format, types (import contracts are part of the tests)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev ## measure
	@$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev ## make screenshots/*.svg anew, from the demo
	@$(BIN)/python scripts/screenshots.py

lock: ## choose the newest versions that fit, and write the lock files
	uv lock --upgrade
	uv export --quiet --frozen --no-emit-project --no-annotate --no-header --output-file requirements/run.lock
	uv export --quiet --frozen --no-emit-project --no-annotate --no-header --group dev --output-file requirements/dev.lock

clean: ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks dist

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

ifneq ($(UV),)
$(VENV)/.run: pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --inexact
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --group dev
	@$(COMPILE)
	@touch $@ $(VENV)/.run
else
$(VENV)/.run: pyproject.toml requirements/run.lock | $(VENV)/.venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: pyproject.toml requirements/dev.lock | $(VENV)/.venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(COMPILE)
	@touch $@ $(VENV)/.run

$(VENV)/.venv:
	@test -n "$(PYTHON)" || { echo "error: tui-reader needs Python 3.11 or newer (or uv)" >&2; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON), once …"
	@$(PYTHON) -m venv $(VENV) || { echo "error: no venv module: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }
	@touch $@
endif

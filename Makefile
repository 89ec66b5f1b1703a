# Two commands do everything on a fresh clone: `make demo` and `make test`.
# PYTHON may name any interpreter >= 3.11 that can make virtual environments.

# A Python that the sandbox has Airflows for comes first; a newer one does for the wizard itself.
FITS = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $(1)))
find = $(shell for p in python3 python python3.12 python3.11 python3.13 $(2); do \
	$$p -c '$(call FITS,$(1))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
ifndef PYTHON
PYTHON := $(or $(call find,13),$(call find,99,python3.14 python3.15))
endif
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Set in many containers; without byte code every start would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check setup test-fast test-e2e matrix bridge life journeys least screenshots captures scorecard catalogue lock bench-ui \
	bench-metadata clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed, and none was found on PATH."; \
		echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python"; exit 2; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the wizard and its tools into $(VENV) (about a minute) ..."
	@$(PIP) --require-hashes -r requirements.lock && $(PIP) --no-deps --no-build-isolation --editable . || { \
		echo "The packages of requirements.lock could not be installed: see pip's words above."; \
		echo "Is the package index reachable (pip config list), and is there space on this disk? Then try again."; exit 1; }
	@touch $(STAMP)

demo: setup
	@$(BIN)/mwaa-wizard demo $(ARGS)

# Three workers on two cores, as most of the time is spent waiting for an Airflow; tests/conftest.py says what stays together.
test: setup
	$(BIN)/python -m pytest -n 3 --no-loadscope-reorder $(ARGS)

test-fast: setup
	$(BIN)/python -m pytest -m "not e2e" $(ARGS)

test-e2e: setup
	$(BIN)/python -m pytest -m e2e $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

matrix: setup
	$(BIN)/python -m tests.matrix $(ARGS)

# Real schedulers on migrated databases, at length: two minutes of each Airflow 3; more sources, and 1.10 in the sandbox.
bridge: setup
	$(BIN)/python -m pytest tests/life/long_bridge.py $(ARGS)

life: setup
	$(BIN)/python -m pytest tests/life/long_sources.py tests/life/long_session.py $(ARGS)

# More ways through the wizard on real Airflow, beside the one for each route that `make test` runs.
journeys: setup
	$(BIN)/python -m pytest tests/e2e/long_*.py tests/e2e/routes/long_*.py $(ARGS)

# Every route by people who have the generated policies and nothing else; MWAA_WIZARD_RECORD=1 keeps what they ask for.
least: setup
	$(BIN)/python -m pytest tests/e2e/least/long_*.py $(ARGS)

# First paint, page switches, the run page under load, a log of 1 GB, long lists: one table beside what is promised.
bench-ui: setup
	$(BIN)/python -m tests.bench.ui $(ARGS)

bench-metadata: setup
	$(BIN)/python -m tests.bench.metadata $(ARGS)

# Every page in every size, language and way of colouring, as text; --check compares, --pictures DIR draws.
captures: setup
	$(BIN)/python -m tests.captures $(ARGS)

# Runs every test that docs/scorecard.md names; --report takes the outcomes of a run made already.
scorecard: setup
	$(BIN)/python -m tests.scorecard $(ARGS)

screenshots: setup
	$(BIN)/python -m tests.gallery

# Messages: taken from the sources, the translations brought in step with them and compiled; ARGS=--left lists the rest.
catalogue: setup
	$(BIN)/python -m tests.i18n.catalogue $(ARGS)

lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --extra dev --upgrade --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist

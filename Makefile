# Everything a developer or a curious visitor types. Needs Python 3.11+, git and make; nothing else, not even a database.
# `## text` after a target is what `make help` prints.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Extra arguments of pytest, such as ARGS="-k jobs -x".
ARGS ?=
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check format faults bench bench-large static clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) static ## install everything into .venv (once; the others do it for you)

demo: setup ## fill a database with an example and serve it: http://127.0.0.1:8000/
	$(BIN)/examapp demo

serve: setup ## run database, web server and job worker; see docs/settings.md
	$(BIN)/examapp serve

test: setup ## run the tests; browser tests need Chromium
	@$(BIN)/python scripts/find_chromium.py
	$(BIN)/python -m pytest $(ARGS)

check: setup ## format, lint, types, architecture: what needs no browser and no patience
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/architecture $(ARGS)

format: setup ## put the code into the house's form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

faults: setup ## kill, cut and race things for minutes; nothing acknowledged may be lost
	$(BIN)/python -m pytest -m faults $(ARGS)

bench: setup ## measure the budgets, each beside its limit; wants a quiet machine and wrk
	$(BIN)/python -m scripts.bench

bench-large: setup ## saves, starts, submissions beside 50,000 attempts and beside 100,000 questions; takes minutes
	$(BIN)/python -m scripts.bench large

static: $(READY)
	@$(BIN)/python scripts/build_static.py
	@$(BIN)/python scripts/translate.py compile

clean: ## delete the environment and what was built; never the data in instance/
	rm -rf $(VENV) examapp/static/dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# One lock file, two installers: uv when it is there, pip otherwise. Hashes are checked by both.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@if command -v uv > /dev/null; then \
	    set -e; \
	    [ -x $(BIN)/python ] || uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV); \
	    VIRTUAL_ENV=$(VENV) uv pip sync --quiet --require-hashes requirements.lock; \
	    VIRTUAL_ENV=$(VENV) uv pip install --quiet --no-deps --no-build-isolation --editable .; \
	else \
	    set -e; \
	    $(PYTHON) -c 'import ensurepip' 2> /dev/null || { echo "Python's venv is missing (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }; \
	    $(PYTHON) -m venv $(VENV); \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

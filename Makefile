PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
PYTEST ?= $(PY) -m pytest
# The tests run in a process a core; `make SPREAD= test` runs them in one.
SPREAD ?= -n logical --maxprocesses 8
# Where the environment forbids Python to keep what it compiles, each of hundreds of processes would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
PIP    := PIP_DISABLE_PIP_VERSION_CHECK=1 $(PY) -m pip install -q -c constraints.txt

# `lint` has parts of its own so that `make -k lint` names every fault in one run.
.PHONY: help demo test check lint format style types imports lock kits soak model test-cluster bench bench-peers changelog
.DEFAULT_GOAL := help

help:                          ## list these targets
	@awk -F':[^#]*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo            ## set up, then run a whole sale on SQLite
	$(PY) -m tokolib demo

test: $(VENV)/.dev             ## set up, then run every test
	$(PYTEST) $(SPREAD)

check: lint test               ## everything that must hold before a push

lint: format style types imports  ## format, style, types and import contracts

format: $(VENV)/.dev
	$(BIN)/ruff format --check
style: $(VENV)/.dev
	$(BIN)/ruff check
types: $(VENV)/.dev
	$(BIN)/mypy
imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache --no-logo
	$(PY) tools/outside_imports.py src/tokolib

soak: $(VENV)/.dev             ## the property tests and the safety harnesses again, in their long forms
	TOKOLIB_KITS=all TOKOLIB_STAGES=all TOKOLIB_HYPOTHESIS_PROFILE=soak $(PYTEST) $(SPREAD) tests

kits: $(VENV)/.dev             ## every kit of every storage, on the oldest and the newest PostgreSQL
	TOKOLIB_KITS=all TOKOLIB_TEST_POSTGRES=both $(PYTEST) $(SPREAD) tests/adapters examples

model:                         ## check the model of stock and money with Spin, in every state, and find its seeded bugs
	@PYTHONPATH=tools $(PYTHON) -m model

test-cluster: $(VENV)/.cluster  ## past orders priced again on a real Spark cluster: a master, two workers, on loopback
	$(PYTEST) -s -W default tools/cluster

bench: $(VENV)/.dev            ## measure against bare SQL, and the other shops that are installed
	$(PY) -m benchmarks $(BENCH)

PEERS := benchmarks/peers
bench-peers:                   ## install other shops to measure against
	$(PYTHON) -m venv $(PEERS)/.venv-oscar
	PIP_DISABLE_PIP_VERSION_CHECK=1 $(PEERS)/.venv-oscar/bin/pip install -q -r $(PEERS)/oscar/requirements.txt
	cd $(PEERS)/vendure && npm install --no-audit --no-fund --no-package-lock --before 2026-09-12 && npm rebuild better-sqlite3
	$(PYTHON) -m benchmarks.peers.contenders

changelog: $(VENV)/.dev        ## collect changelog.d into CHANGELOG.md for the version in pyproject.toml
	$(BIN)/towncrier build --yes

lock: $(VENV)/.dev             ## refresh constraints.txt; it never holds a URL
	$(PIP) uv
	$(BIN)/uv pip compile -q --upgrade --universal --no-header --no-annotate --no-emit-index-url \
	    --python-version 3.11 --all-extras --group dev pyproject.toml -o constraints.txt

$(VENV)/.pip:                  # Debian's pip is too old to read dependency groups
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "tokolib needs Python 3.11 or newer, this is %d.%d. Try: make PYTHON=python3.12" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 -m venv failed. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PIP) 'pip>=25.3' && touch $@

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/.pip
	@$(PIP) -e '.[demo]' && touch $@

$(VENV)/.cluster: pyproject.toml constraints.txt | $(VENV)/.pip
	@$(PIP) -e '.[spark]' --group cluster && touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/.pip
	@$(PIP) -e '.[all]' --group dev && touch $@

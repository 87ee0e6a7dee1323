# Every target makes .venv and installs what it needs by itself: only Python (3.11 or newer) and make have to be there.
# uv is used where it is installed, venv and pip otherwise. KG_… variables are passed on, for example
#   make demo KG_PORT=8080

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
TESTS ?=
BENCH ?=
SUITES ?=

.DEFAULT_GOAL := help
.PHONY: help demo build test lint format conformance bench bench-load bench-shacl bench-http bench-networks clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

demo: $(VENV)/.installed  ## build the bundled sources, then serve them on 127.0.0.1:8000
	@$(BIN)/kg demo

build: $(VENV)/.installed  ## build the bundled sources into .kg/ and stop
	@$(BIN)/kg build

test: $(VENV)/.installed-dev  ## run all tests (TESTS=tests/store for some)
	$(BIN)/python -m pytest -n logical --dist loadfile $(TESTS)

lint: $(VENV)/.installed-dev  ## format, rules and types, nothing changed
	$(BIN)/ruff format --check kg tests
	$(BIN)/ruff check kg tests
	$(BIN)/mypy

format: $(VENV)/.installed-dev  ## bring code into form
	$(BIN)/ruff format kg tests
	$(BIN)/ruff check --fix kg tests

conformance: $(VENV)/.installed-dev  ## run the W3C suites over HTTP, report in dist/earl.ttl
	$(BIN)/python -m tests.conformance --earl dist/earl.ttl $(SUITES)

bench: $(VENV)/.installed-dev  ## measure: mapping, segments, derivation, gate, queries, search
	$(BIN)/python -m tests.bench $(BENCH)

bench-shacl: $(VENV)/.installed-dev  ## measure: shapes on a register of up to 466,882 agreements
	$(BIN)/python -m tests.bench shacl $(BENCH)

bench-load: $(VENV)/.installed-dev  ## measure: a register from CSV to N-Quads and to a release, beside oxigraph load
	$(BIN)/python -m tests.bench loading $(BENCH)

bench-http: $(VENV)/.installed-dev  ## measure: the service beside other SPARQL servers, under load (needs wrk)
	$(BIN)/python -m tests.bench.http $(BENCH)

bench-networks: $(VENV)/.installed-dev  ## measure: networks projected, measured, divided, beside networkx and each engine
	$(BIN)/python -m tests.bench networks $(BENCH)

clean:  ## remove the environment, built data and caches
	rm -rf $(VENV) .kg dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
ifdef UV
	@uv venv --quiet --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; make demo PYTHON=/path/to/python3.12" >&2; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's ensurepip is missing: install the package python3-venv (Debian, Ubuntu: apt install python3-venv)," >&2; \
	  echo "or install uv, then run the same command again." >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV)
endif
	@touch $@

INSTALL = $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	@echo "installing into $(VENV) (once) ..."
	@$(INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "installing what tests need (once) ..."
	@$(INSTALL) -c constraints.txt -e '.[test,dev]'
	@touch $@

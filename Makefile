# `make demo` shows what the program does, `make test` checks the program. Nothing is installed outside this directory.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test test-slow lint types tests oracles docs clean

help:
	@echo "make demo       judge two example mail servers, and this machine's if it has one"
	@echo "make test       lint, types, tests with coverage"
	@echo "make test-slow  tests that take longer: a real Postfix in namespaces of its own (as root), the built package"
	@echo "make clean      remove all that make has made"

demo: $(READY)
	@tools/demo

test: lint types tests

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

tests: $(READY) oracles
	$(BIN)/pytest --cov --cov-report=term

test-slow: $(READY) oracles
	$(BIN)/pytest -m slow

# The real programs that tests compare with. Fetched once; where they cannot be had, the tests that need them are skipped.
oracles:
	@tools/fetch_oracles

$(READY): constraints/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement constraints/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# What the documents say of the modules, from the modules.
docs:
	$(PYTHON) tools/module_table.py

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist

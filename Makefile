# `make demo` shows what the program does, `make test` checks the program. Nothing is installed outside this directory.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test test-slow lint types tests oracles integrations bench docs generate lock clean

help:
	@echo "make demo       judge two example mail servers, and this machine's if it has one"
	@echo "make test       lint, types, tests with coverage"
	@echo "make test-slow  tests that take longer: real Postfixes and Dovecots in namespaces of their own (as root), the built package"
	@echo "make bench      time and memory side by side with other linters"
	@echo "make clean      remove all that make has made"

demo: $(READY)
	@tools/demo

test: lint types tests

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

tests: $(READY) oracles integrations
	$(BIN)/pytest --cov --cov-report=term

test-slow: $(READY) oracles integrations
	$(BIN)/pytest -m slow

# The real programs that tests compare with. Fetched once; where they cannot be had, the tests that need them are skipped.
oracles:
	@tools/fetch_oracles

# The programs that the SARIF logs, the Action and the hooks are held against. Likewise.
integrations:
	@PYTHON=$(PYTHON) tools/fetch_integrations

# The program is measured as users have it: installed from its wheel, beside the others.
bench: $(READY) oracles .cache/bench/.ready
	@rm -rf .cache/bench/wheel
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir .cache/bench/wheel .
	@.cache/bench/bin/python -m pip uninstall --quiet --yes mailposture
	@.cache/bench/bin/python -m pip install --quiet --constraint constraints/dev.txt .cache/bench/wheel/*.whl
	@$(BIN)/python benchmarks/programs.py
	@$(BIN)/python benchmarks/reports.py
	@$(BIN)/python benchmarks/warm.py

.cache/bench/.ready: constraints/bench.txt
	$(PYTHON) -m venv .cache/bench
	.cache/bench/bin/python -m pip install --quiet --disable-pip-version-check --requirement constraints/bench.txt
	@touch $@

$(READY): constraints/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement constraints/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# What the documents say of the modules, from the modules.
docs:
	$(PYTHON) tools/document_tables.py

# Files that follow from the program.
generate: docs
	$(BIN)/python tools/hooks_manifest.py

# What the Action installs, by hash, at the versions that are tested here.
lock:
	tools/lock_action

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist

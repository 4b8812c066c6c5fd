# Everything starts here. `make up` and `make test` set up what they need; a second time that takes no time.
.DEFAULT_GOAL := help
.NOTPARALLEL:

BIN := .venv/bin
NODE_TESTS := tests/sdk/node
SOURCES := src tests bench scripts examples
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Tests start hundreds of programs; to compile what they import each time anew costs more than to run them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up test unit lint format bench screens docs lock clean

help:  ## Show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: .venv/.run  ## Set up and run platform and desk with a demo; ARGS="--port 9000" for flags
	@$(BIN)/kidoku up $(ARGS)

test: lint unit  ## Set up, then lint, types, layers and every test

unit: .venv/.dev .venv/.browser node  # The tests of core alone must reach every branch of it.
	$(BIN)/pytest -q tests/core --cov=kidoku.core --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100
	$(BIN)/pytest -q --ignore=tests/core -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/.dev  ## Style, types, layers and translations
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/i18n.py check

format: .venv/.dev  ## Put the code into shape
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: .venv/.dev  ## Run the benchmarks: a table here, JSON in bench/results
	@scripts/setup wrk
	$(BIN)/python -m bench $(ARGS)

screens: .venv/.dev .venv/.browser  ## Make the screenshots of the README anew
	$(BIN)/python -m scripts.screens $(ARGS)

docs: .venv/.dev  ## Write the generated pages of docs/ anew
	$(BIN)/python -m scripts.docs
	$(BIN)/python -m scripts.coverage_table

lock:  ## Resolve the dependencies anew; UPGRADE=1 for newer ones
	UPGRADE=$(UPGRADE) scripts/setup lock

clean:  ## Remove what set-up and tests made; your data folder stays
	rm -rf .venv .tools dist build htmlcov .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache bench/results $(NODE_TESTS)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: requirements-run.lock pyproject.toml scripts/setup
	@echo "Setting up; the first time this takes a minute."
	@scripts/setup run
	@touch $@

.venv/.dev: requirements.lock pyproject.toml scripts/setup
	@echo "Setting up for development; the first time this takes a minute or two."
	@scripts/setup dev
	@touch .venv/.run $@

.venv/.browser: scripts/setup | .venv/.dev
	@scripts/setup browser
	@touch $@

.PHONY: node
node: .venv/.dev
ifneq ($(wildcard $(NODE_TESTS)/package-lock.json),)
node: $(NODE_TESTS)/node_modules/.installed

$(NODE_TESTS)/node_modules/.installed: $(NODE_TESTS)/package-lock.json
	$(BIN)/npm ci --prefix $(NODE_TESTS) --no-audit --no-fund --loglevel=error
	@touch $@
endif

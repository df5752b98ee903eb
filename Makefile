# SPDX-License-Identifier: Apache-2.0
# What a developer types. `make` alone lists the targets.

PYTHON ?=
BIN := .venv/bin
INSTALLED := .venv/.installed
NEEDS_MORE := thorough or local or browser or postgresql or thirdparty

.DEFAULT_GOAL := help
.PHONY: help install up load test test-more test-containers test-all check lint format types imports pins requirements screenshots tables tables-check migration mutants clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make .venv with the testbed script in it (every other target does it when needed)

$(INSTALLED): requirements.txt pyproject.toml .ci/venv
	@PYTHON='$(PYTHON)' .ci/venv
	@touch $@

up: $(INSTALLED) ## run the testbed until Ctrl-C; make up ARGS='--port-base 9000' passes options on
	@exec $(BIN)/testbed up $(ARGS)

load: $(INSTALLED) ## one school morning against a testbed of its own; make load ARGS='--peak 48' passes options on
	@exec $(BIN)/testbed load first-bell --start $(ARGS)

test: $(INSTALLED) ## the tests that need nothing but Python, and a smoke of the running testbed
	$(BIN)/pytest -n auto -m 'not ($(NEEDS_MORE) or containers)' $(ARGS)

test-more: $(INSTALLED) ## the thorough tests, those on the running testbed, and those that need more than Python
	$(BIN)/pytest -n auto -m '($(NEEDS_MORE)) and not containers' $(ARGS)

test-containers: $(INSTALLED) ## the tests on the testbed in containers, one after the other
	$(BIN)/pytest -m containers $(ARGS)

test-all: test test-more ## every test but those in containers

check: lint format types imports pins tables-check ## lint, types, import contracts, pins, tables of docs/

lint: $(INSTALLED)
	$(BIN)/ruff check .

format: $(INSTALLED)
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy
	$(BIN)/mypy .ci/migration.py
	$(BIN)/mypy .ci/picture.py
	$(BIN)/mypy .ci/requirements.py
	$(BIN)/mypy .ci/skips.py
	$(BIN)/mypy .ci/tables.py
	$(BIN)/mypy tests/mutants/run.py

imports: $(INSTALLED)
	$(BIN)/lint-imports

pins: $(INSTALLED)
	$(BIN)/python .ci/requirements.py check

tables-check: $(INSTALLED)
	$(BIN)/python .ci/tables.py check

tables: $(INSTALLED) ## write the tables of docs/ anew from the code
	$(BIN)/python .ci/tables.py write

migration: $(INSTALLED) ## write the next migration of the services' database; make migration DOES='what it does'
	$(BIN)/python .ci/migration.py '$(DOES)'

screenshots: $(INSTALLED) ## take the screenshots of docs/ anew; needs Chromium
	$(BIN)/python -m tests.browser.screenshots
	$(BIN)/python -m tests.browser.report_screenshot

requirements: $(INSTALLED) ## compile requirements.txt anew; make requirements ARGS=--upgrade takes the newest
	$(BIN)/python .ci/requirements.py write $(ARGS)

mutants: $(INSTALLED) ## planted faults that tests must catch
	$(BIN)/python tests/mutants/run.py $(ARGS)

clean: ## stop what runs here; remove .venv and .testbed
	@if [ -x $(BIN)/testbed ] && [ -d .testbed ]; then $(BIN)/testbed down; fi
	rm -rf .venv .testbed build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# Two commands matter: `make run` and `make test`. Needs git, make and Python 3.11 or later, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
VENDORED := src/meeting_manager/workspace/static/workspace/vendor/event-calendar-build.version
CATALOGUES := $(wildcard src/meeting_manager/locale/*/LC_MESSAGES/*.po)

.PHONY: help install run test check format bench soak clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 16

install: .venv/.installed $(CATALOGUES:.po=.mo) $(VENDORED) ## make .venv and install what pyproject.toml asks for

.venv/.installed: pyproject.toml scripts/install
	@scripts/install

$(VENDORED): scripts/vendored.py | .venv/.installed
	$(BIN)/python -m scripts.vendored
	@touch $@

%.mo: %.po | .venv/.installed
	$(BIN)/python -m scripts.catalogues.compiling $<

run: install ## migrate, load demo data into an empty database, serve
	@exec $(BIN)/meeting-manager serve --demo-if-empty

test: install ## every test on SQLite, then what touches a database again on PostgreSQL
	@scripts/chromium
	$(BIN)/python -m pytest -n 2
	$(BIN)/python -m pytest -n 2 -m "not engine and not browser and not once" --database postgres

check: install ## format, lint, types, import contract, migrations, templates, settings documented
	@scripts/check

format: install ## put the code into its standard form
	$(BIN)/ruff format src tests scripts
	$(BIN)/ruff check --fix src tests scripts

bench: install ## the figures of docs/performance.md
	$(BIN)/python -m tests.bench

soak: install ## the full figures of faults and load, with a report in var/soak-report.md
	rm -f var/soak-report.md
	SOAK=full $(BIN)/python -m pytest tests/soak -s
	SOAK=full $(BIN)/python -m pytest tests/soak -s --database postgres

clean: ## remove the environment and caches, never data
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

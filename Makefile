# What can be done with this house; needs python3 (3.11 or newer) and nothing else.

PYTHON ?= python3
BIN    := $(CURDIR)/.venv/bin
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-contract check contracts bench lock clean venv venv-dev web web-dev words

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1   \2/p' $(MAKEFILE_LIST)

run: web ## Open the house at http://127.0.0.1:8000 (HOST, PORT and DATA_DIR change it)
	@exec $(BIN)/bidbazaar serve

test: web-dev ## Run every test: SQLite, PostgreSQL + Valkey, the web app, a browser (ARGS="-k name" narrows it)
	@cd backend && $(BIN)/python -m tests.run $(ARGS)

test-contract: venv-dev ## Run the HTTP contract of both vocabularies, on SQLite
	@cd backend && $(BIN)/python -m pytest -q -n auto apps tests/vocabularies $(ARGS)

check: web-dev ## Check format, lint, types, imports, architecture, generated files
	cd backend && $(BIN)/ruff format --check .
	cd backend && $(BIN)/ruff check .
	cd backend && $(BIN)/mypy
	cd backend && $(BIN)/lint-imports
	cd backend && $(BIN)/python -m pytest -q tests/architecture
	cd backend && $(BIN)/python manage.py makemigrations --check --dry-run
	cd backend && $(BIN)/python -m config.contracts --check
	cd frontend && $(NPM) run --silent check

contracts: venv-dev ## Write contracts/ and the catalogues in docs/ anew
	cd backend && $(BIN)/python -m config.contracts

bench: venv-dev ## Measure what the design promises, on durable servers
	@cd backend && $(BIN)/python -m tests.servers --fsync -- $(BIN)/python -m bench $(ARGS)

lock: ## Resolve the dependencies into requirements/*.txt (ARGS=--upgrade takes newer ones)
	$(PYTHON) -m venv var/lock
	var/lock/bin/pip install --quiet uv
	cd backend && $(LOCK) -o requirements/base.txt
	cd backend && $(LOCK) --group test --group lint -o requirements/dev.txt

LOCK = ../var/lock/bin/uv pip compile pyproject.toml --quiet --universal $(ARGS) \
  --python ../var/lock/bin/python --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-header

clean: ## Remove .venv and what tools left behind; var/ with its data stays
	rm -rf .venv backend/.pytest_cache backend/.mypy_cache backend/.ruff_cache
	rm -rf backend/.import_linter_cache backend/.hypothesis backend/.coverage var/lock
	rm -rf frontend/node_modules frontend/dist
	find backend -name __pycache__ -type d -prune -exec rm -rf {} +

words: web-dev ## Collect the web app's words for its translators
	@cd frontend && $(NPM) run --silent words

NPM = PATH="$(BIN):$$PATH" npm

venv:
	@$(PYTHON) backend/requirements/install.py base

venv-dev:
	@$(PYTHON) backend/requirements/install.py dev

web: venv
	@$(BIN)/python frontend/build.py

web-dev: venv-dev
	@$(BIN)/python frontend/build.py dev

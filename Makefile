# Everything a developer types. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench screenshots

BIN := .venv/bin
PORT ?= 8000
TESTS ?= tests
# A worker process for each core, four at most; idle ones take over tests of the busy.
PYTEST_ARGS ?= -n logical --maxprocesses 4 --dist worksteal
export PORT

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv from the lock file (quick when nothing changed)
	@.ci/setup

run: setup ## Serve the demo store on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python -m webapp.serving
	@$(BIN)/flask --app wsgi db upgrade
	@$(BIN)/flask --app wsgi demo
	@exec $(BIN)/gunicorn --config python:webapp.serving wsgi:app

test: setup ## Run the tests, with a browser and a PostgreSQL of their own (TESTS=tests/unit for some)
	@.ci/browser
	@$(BIN)/pytest $(PYTEST_ARGS) $(TESTS)

lint: setup ## Check format, code, templates, types, and that lock file and migrations match
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/djlint --check --lint --quiet templates
	@$(BIN)/pytest -q tests/codebase tests/database/test_models_match.py

format: setup ## Format code and templates
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/djlint --reformat --quiet templates

bench: setup ## Measure Packbench on the real month and against the yardstick
	@$(BIN)/python -m bench

screenshots: setup ## Take the pictures of the documentation again
	@.ci/browser
	@SCREENSHOTS=1 $(BIN)/pytest -q tests/browser -k screenshot

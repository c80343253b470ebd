# Everything a developer types. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-all lint format bench lighthouse screenshots translations words

BIN := .venv/bin
PORT ?= 8000
DEMO ?= 1
TESTS ?= tests
# A worker process for each core, four at most; idle ones take over tests of the busy.
PYTEST_ARGS ?= -n logical --maxprocesses 4 --dist worksteal
export PORT

CATALOGS := $(wildcard webapp/translations/*/LC_MESSAGES/messages.po)
WORDS := instance/messages.pot

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv from the lock file (quick when nothing changed)
	@.ci/setup
	@$(MAKE) --silent $(CATALOGS:.po=.mo)

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: setup ## Serve the demo store on http://127.0.0.1:8000 (PORT=8001 for another port, DEMO=0 without the demo)
	@$(BIN)/python -m webapp.serving
	@$(BIN)/flask --app wsgi db upgrade
	@test "$(DEMO)" = 0 || $(BIN)/flask --app wsgi demo
	@DEMO=$(DEMO) exec $(BIN)/gunicorn --config python:webapp.serving wsgi:app

test: setup ## Run the tests, with a browser and a PostgreSQL of their own (TESTS=tests/unit for some)
	@.ci/browser
	@$(BIN)/pytest $(PYTEST_ARGS) $(TESTS)

test-all: export LOOKS = all
test-all: test ## Run the tests with every screen in every size, theme and language, not in today's share of them

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

lighthouse: setup ## Ask Lighthouse about the list, the pick screen and the trail (needs Node.js, npm and Chromium)
	@$(BIN)/python -m bench.lighthouse

screenshots: setup ## Take a picture of every screen into reports/screenshots, and renew those in docs
	@.ci/browser
	@SCREENSHOTS=1 $(BIN)/pytest -q tests/browser -k screenshot

translations: setup words ## Collect the words of the screens for translation, in webapp/translations
	@$(BIN)/pybabel --quiet update --input-file $(WORDS) --output-dir webapp/translations --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(MAKE) --silent setup

words:
	@mkdir -p $(dir $(WORDS))
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords "say say_number:1,2" --no-wrap \
	  --add-location file --project Packbench --copyright-holder Packbench --output-file $(WORDS) .

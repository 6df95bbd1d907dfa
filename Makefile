# Everything one does with a checkout. Needs Python 3.11 or newer; the rest is installed here, in .venv.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
STAMP := .venv/.stamp
INSTALL := requirements/install
LOCKED := $(INSTALL) --require-hashes -r
NODE := $(BIN)/python assets/node.py
LOCALE := src/guanxi/console/locale
DIST := src/guanxi/console/static/console/dist
SCRIPTS := $(wildcard assets/*.js assets/*/*.js assets/*.mjs) package.json package-lock.json
WORDS := $(wildcard $(LOCALE)/*/LC_MESSAGES/*.po)
TESTS ?= tests
NAME ?= round

.PHONY: help setup assets messages demo run check format test-setup test soak bench docs lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)/run messages ## Install what Guanxi runs on, into .venv

$(STAMP)/venv: requirements/setup.lock
	@requirements/make-venv
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/run: $(STAMP)/venv requirements/run.lock pyproject.toml
	@echo "Installing the packages Guanxi runs on, each checked against its hash"
	@$(LOCKED) requirements/run.lock
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(STAMP)/dev: $(STAMP)/run requirements/dev.lock
	@echo "Installing what checks and tests need"
	@$(LOCKED) requirements/dev.lock
	@touch $@

$(STAMP)/peers: $(STAMP)/venv requirements/peers.lock
	@echo "Installing the clients that tests speak with, apart from ours"
	@$(LOCKED) requirements/peers.lock --target .venv/peers --upgrade
	@touch $@

$(STAMP)/rivals: $(STAMP)/venv requirements/rivals.lock
	@echo "Installing the libraries that benches compare with, apart from ours"
	@$(LOCKED) requirements/rivals.lock --target .venv/rivals --upgrade
	@touch $@

$(STAMP)/spark: $(STAMP)/dev requirements/spark.lock
	@echo "Installing Spark"
	@$(LOCKED) requirements/spark.lock
	@touch $@

assets: $(STAMP)/assets ## Build the console's scripts

$(STAMP)/node: $(STAMP)/venv requirements/assets.lock package-lock.json
	@echo "Installing Node and the script libraries"
	@$(LOCKED) requirements/assets.lock
	@$(NODE) npm ci --ignore-scripts >/dev/null
	@touch $@

$(STAMP)/assets: $(STAMP)/node $(SCRIPTS)
	@echo "Bundling the console's scripts"
	@$(NODE) assets/build.mjs
	@touch $@

messages: $(STAMP)/messages ## Compile the console's languages

$(STAMP)/messages: $(STAMP)/run $(WORDS)
	@echo "Compiling the console's languages"
	@for word in $(WORDS); do $(BIN)/pybabel --quiet compile -i $$word -o $${word%.po}.mo || exit 1; done
	@touch $@

demo: setup assets ## Make a brand, carry it one whole round, open the console
	@$(BIN)/guanxi demo

run: setup assets ## Serve the installation in GUANXI_DATA
	@$(BIN)/guanxi serve

check: $(STAMP)/dev ## Lint, types and floors: under 30 seconds
	@echo ruff
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@echo mypy
	@$(BIN)/mypy --no-error-summary
	@echo floors
	@floors=$$($(BIN)/lint-imports) || { echo "$$floors"; exit 1; }

format: $(STAMP)/dev ## Put the code in its usual form
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

test-setup: $(STAMP)/dev $(STAMP)/peers messages assets
	@tests/need chromium fonts-noto-cjk

test: test-setup ## All tests but the long ones: under 15 minutes
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not soak$$(command -v chromium >/dev/null || echo ' and not browser')" $(TESTS)

soak: test-setup $(STAMP)/spark ## The long figures: kills, rows compared on Spark
	@tests/need openjdk-17-jre-headless
	@GUANXI_SOAK=1 $(BIN)/pytest -m soak $(TESTS)

bench: setup ## Measure: make bench NAME=round SCALE=100000
	@$(BIN)/guanxi bench $(NAME) $(if $(SCALE),--scale $(SCALE))

docs: $(STAMP)/dev ## Write the reference pages that come from the code
	@$(BIN)/python docs/reference.py

lock: $(STAMP)/run ## Pin every requirement again (UPGRADE=1 for the newest)
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python requirements/lock.py $(if $(UPGRADE),--upgrade)
	@$(LOCKED) requirements/assets.lock
	@$(NODE) npm install --package-lock-only --ignore-scripts

clean: ## Remove what was installed and built here
	@rm -rf .venv node_modules $(DIST) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

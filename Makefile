# Everything between a clone and a running product. `make` alone tells the targets.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help setup run train evaluate test check format bench lock clean

PYTHON := .venv/bin/python
HAVE_NODE := $(shell command -v npm)

help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 16

setup: ## install uv and both Python environments; nothing to do takes no time
	@scripts/setup

run: setup ## start everything; PORT=8081 and AT=2026-11-22T10:20 change the port and the clock
	@exec .venv/bin/daozhang run $(if $(PORT),--port $(PORT)) $(if $(AT),--at $(AT))

train: setup ## train the bot when its data changed
	@exec .venv/bin/daozhang train

evaluate: setup train ## measure what the bot understands: FILE=x.jsonl; ERRORS=1 lists misses, PLOT=dir draws
	@exec .venv/bin/daozhang evaluate $(FILE) $(if $(ERRORS),--errors) $(if $(PLOT),--plot $(PLOT))

test: setup ## all tests: house, bot, browser code; the product itself in a real browser
	@scripts/setup browser
	$(PYTHON) -m pytest
	cd bot && .venv/bin/python -m pytest
ifdef HAVE_NODE
	npm test --silent
else
	@echo "没有 Node.js：web/tests 跳过" >&2; test "$$CI" != true
endif

check: setup ## ruff, mypy --strict, import-linter, playbooks, texts, training examples, tsc, prettier
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	cd bot && ../.venv/bin/mypy
	PYTHONPATH=bot .venv/bin/lint-imports --no-logo
	.venv/bin/daozhang playbook check
	$(PYTHON) scripts/lint_texts.py
	bot/.venv/bin/python -W ignore scripts/check_examples.py
ifdef HAVE_NODE
	npm ci --silent --no-fund --no-audit
	npm run check --silent
else
	@echo "没有 Node.js：tsc 和 prettier 跳过" >&2; test "$$CI" != true
endif

format: setup ## put all code into its one form
	.venv/bin/ruff format
	.venv/bin/ruff check --fix
	$(if $(HAVE_NODE),npm run format --silent)

bench: setup train ## measure the diagnosis, talks, language, look-ups, imports and the start
	@for script in benchmarks/*.py; do $(PYTHON) $$script || exit 1; done

lock: setup ## renew both requirements.txt from the two pyproject.toml
	scripts/setup lock

clean: ## remove what set-up and training have made; var/, with the ledger, stays
	rm -rf .venv bot/.venv node_modules models artifacts var/tools var/log

# The two commands are `make demo` and `make test`. They need Python 3.11 or newer and nothing else:
# bot/setup/ installs what is missing and says what it does.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo run tour test test-fast lint vectors figures experiments book setup clean

# An environment that happens to be active is none of ours.
unexport VIRTUAL_ENV PYTHONHOME

# Each candidate is run: a version manager's stand-in may lie on the PATH and fail.
ifndef PYTHON
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
endif
NO_PYTHON = No Python 3.11 or newer runs here. Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv) \
	or name one: make PYTHON=/path/to/python3.11
SETUP = $(if $(PYTHON),"$(PYTHON)" -m bot.setup,$(error $(NO_PYTHON)))
PYTEST = .venv/bin/python -m pytest

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: ## Try the helpline: installs what is missing, trains, starts everything with a chat page; Ctrl-C ends it
	@$(SETUP) app nlu
	@.venv/bin/helpline demo

tour: ## A scripted evening in four languages, printed as a transcript: no browser needed
	@$(SETUP) app nlu
	@.venv/bin/helpline tour

run: ## The helpline itself, in production (settings: docs/)
	@$(SETUP) app nlu
	@.venv/bin/helpline run

test: ## All checks and all tests, with Rasa and a browser
	@$(SETUP) app nlu browser lint
	@$(PYTEST) $(PYTEST_ARGS)

test-fast: ## Checks, pure core, database, Bot API with the NLU down: under a minute
	@$(SETUP) app lint
	@$(PYTEST) -m "not rasa and not browser and not slow" --ignore tests/setup --ignore tests/demo -n 3 --dist worksteal $(PYTEST_ARGS)

lint: ## Style, layout, types and imports only
	@$(SETUP) app lint

vectors: ## Compute anew the sentence vectors of the shipped examples
	@$(SETUP) app nlu
	@nlu_data/.venv/bin/python -m nlu_data.vectors

figures: ## Record how well the shipped model understands the evaluation set
	@$(SETUP) app nlu
	@.venv/bin/helpline nlu evaluate nlu_data/evaluation/*.tsv --json > nlu_data/evaluation/new-figures.json
	@mv nlu_data/evaluation/new-figures.json nlu_data/evaluation/figures.json

experiments: ## Other pipelines beside the shipped one, as a table
	@$(SETUP) app nlu
	@nlu_data/.venv/bin/python -m nlu_data.experiments

book: ## Write the conversations anew for who reviews them (docs/conversations/)
	@$(SETUP) app
	@.venv/bin/python -m tests.book

setup: ## Only install what is missing
	@$(SETUP) app nlu

clean: ## Remove what was installed and cached; var/ with its database stays
	rm -rf .venv nlu_data/.venv .tools .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot handoff responses nlu_data tests -name __pycache__ -type d -prune -exec rm -rf {} +

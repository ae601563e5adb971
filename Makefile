# Two commands are all the set-up: `make regenerate` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SYSTEM_PYTHON ?= python3
VENV ?= .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help setup korean test test-heavy lint format generate score card regenerate bench compat original explore release-check clean

help: ## List the targets
	@grep -hE '^[a-zA-Z_/.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([^:]+):.*## /  \1\t/' | expand -t 16

setup: $(VENV)/.generate ## Make .venv with what regenerating and scoring need
	@echo "Ready: $(PYTHON) (activate with: source $(VENV)/bin/activate)"

$(PYTHON):
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $$($(SYSTEM_PYTHON) --version) was found; name another: make SYSTEM_PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(SYSTEM_PYTHON) -m venv $(VENV)

$(VENV)/.generate: pyproject.toml constraints.txt | $(PYTHON)
	@echo "Installing the packages that regenerating needs (once)"
	@$(PIP_INSTALL) --editable '.[generate]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt $(VENV)/.generate
	@echo "Installing the packages that testing needs (once)"
	@$(PIP_INSTALL) --editable '.[generate,dev]'
	@touch $@

test: $(VENV)/.dev ## Lint and run every test and doctest
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m pytest

$(VENV)/.heavy: pyproject.toml constraints.txt $(VENV)/.dev
	@echo "Installing torch, ray, llama.cpp, TRL, lm-eval, a small model and Selenium (once, 1.7 GB)"
	@$(PIP_INSTALL) torch==2.13.0
	@$(PIP_INSTALL) --editable '.[generate,dev,torch,ray,llama,sft,harness,browser]'
	@touch $@

test-heavy: $(VENV)/.heavy ## Test what needs torch, ray, a real model or a browser
	@command -v chromedriver >/dev/null || \
	  echo "No chromedriver: rating page and explorer stay untested. On Debian: apt-get install -y chromium chromium-driver" >&2
	@$(PYTHON) -m pytest -m heavy

lint: $(VENV)/.dev ## Check style with ruff
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

format: $(VENV)/.dev ## Format the code with ruff
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

generate: $(VENV)/.generate ## Replay the recorded completions into kmi/data
	@$(PYTHON) -m generation run --backend replay --out build
	@$(PYTHON) -m generation build --out build

score: $(VENV)/.generate ## Score every split with the MI metrics (of Korean texts too after `make korean`)
	@$(PYTHON) -m metrics score kmi --out build/metrics/report.json
	@$(PYTHON) -m metrics coder recorded --out build/metrics/agreement.json >build/metrics/agreement.txt
	@$(PYTHON) -c 'import kiwipiepy' 2>/dev/null || \
	  echo "Metrics of the Korean texts were left out. To have them: make korean, then make score again"

korean: $(VENV)/.korean ## Install the analyzer of Korean that text metrics need (once, 150 MB)

$(VENV)/.korean: pyproject.toml constraints.txt $(VENV)/.generate
	@$(PIP_INSTALL) --editable '.[generate,korean]'
	@touch $@

card: $(VENV)/.generate ## Render the dataset cards and their pictures from data and report
	@$(PYTHON) -m dataset_card render --agreement build/metrics/agreement.json --readings generation/readings
	@$(PYTHON) -m dataset_card croissant

regenerate: $(VENV)/.generate ## Rebuild kmi/ from profiles, plans and recorded completions, score it, compare digests
	@$(MAKE) --no-print-directory generate
	@$(MAKE) --no-print-directory score
	@$(MAKE) --no-print-directory card
	@$(PYTHON) -m generation verify

bench: $(VENV)/.generate ## Hold the engine to its bars against a mock endpoint; writes build/bench.json
	@$(PYTHON) -m benchmarks --out build/bench.json

compat: $(VENV)/.generate ## Load the dataset in every way under four versions of `datasets`
	@$(PYTHON) -m compat

original: $(VENV)/.generate ## Download the original KMI, verify and convert it, set its statistics beside ours; RELEASE=FILE takes a copy
	@$(PYTHON) -m dataset_card original $(if $(RELEASE),--local-path '$(RELEASE)')
	@mkdir -p build/metrics
	@$(PYTHON) -m metrics score build/original --out build/original/report.json >build/original/report.txt
	@$(PYTHON) -m metrics score kmi --out build/metrics/report.json >build/metrics/report.txt
	@$(PYTHON) -m dataset_card compare build/metrics/report.json build/original/report.json

explore: $(VENV)/.generate ## Write build/explore.html, to look through the dialogues in a browser
	@$(PYTHON) -m dataset_card explore

release-check: ## Run everything a release needs: .ci/run, the bars of the engine, the checks before a push
	@.ci/run
	@$(MAKE) --no-print-directory bench
	@$(PYTHON) -m dataset_card check

clean: ## Remove what was built, not what was recorded
	rm -rf build dist .pytest_cache .ruff_cache

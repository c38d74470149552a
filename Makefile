# SkillShare: the commands of the house. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PYTEST_WORKERS ?= 2

.PHONY: help setup run test lint fix bench screenshots lock clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: setup.cfg pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("SkillShare needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv), then run this again."; exit 1; }
	@echo "→ Virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "→ Installing the locked dependencies (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.installed ## Make .venv with the project installed editable

run: setup ## Set up, make the demo if there is no data, then serve on 127.0.0.1:$(PORT)
	@PORT=$(PORT) $(BIN)/skillshare run

test: setup ## Lint, types, import contracts, then every test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder

lint: setup ## Style, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: setup ## Mend what the linter can mend
	@$(BIN)/ruff check --fix .

$(VENV)-bench/.installed: benchmarks/requirements.txt
	@test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	@echo "→ Installing the engine's peers in $(VENV)-bench"
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

bench: $(VENV)-bench/.installed ## Measure the engine beside its peers into docs/performance.md (BENCH="--case dense")
	@$(VENV)-bench/bin/python -m benchmarks $(BENCH)

screenshots: setup ## Picture every page at both widths into artefacts/screenshots
	@$(BIN)/python -m tests.browser.screenshots

lock: setup ## Write requirements.txt again from setup.cfg, every file hashed
	@$(BIN)/python -m pip install --quiet pip-tools
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --all-extras --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt setup.cfg

clean: ## Remove what setup and tests made, keep the data folder
	rm -rf $(VENV) $(VENV)-bench artefacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

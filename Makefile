# Two commands for a stranger: `make demo` and `make test`. Nothing is installed outside the clone.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
WORKERS ?= 2
N      ?= 1000

.PHONY: bench-banner bench-sweep help setup demo test lint types imports unit lock bench bench-consent kills oracle faults clean
.DEFAULT_GOAL := help

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/uv.stamp: requirements-uv.txt
	@test -x $(BIN)/python || $$(command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Löfte needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt || echo "uv is not to be had; plain pip does it, slower"
	@touch $@

# uv where it can be had, for it is quick; plain pip where it cannot, or where it fails.
define install
{ test -x $(BIN)/uv \
  && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
  && $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; } \
|| { $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1) \
  && $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; }
endef

$(VENV)/core.stamp: $(VENV)/uv.stamp requirements.txt pyproject.toml
	@echo "Installing what Löfte needs into $(VENV) ..."
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/test.stamp: $(VENV)/core.stamp requirements-test.txt
	@echo "Installing what the tests need into $(VENV) ..."
	@$(call install,requirements-test.txt)
	@touch $@

# A second OpenID provider to test the sign-in against; without npm those few tests are left out.
$(VENV)/node.stamp: tests/oidc/package-lock.json
	@if command -v npm >/dev/null; then cd tests/oidc && npm ci --ignore-scripts --no-audit --no-fund --silent; \
	else echo "npm is not to be had; the certified OpenID provider is not tested against"; fi
	@touch $@

# What the banner is built and tested with; the built files are in the repository, so only tests need it.
$(VENV)/banner.stamp: web/banner/package-lock.json
	@if command -v npm >/dev/null; then cd web/banner && npm ci --ignore-scripts --no-audit --no-fund --silent; \
	else echo "npm is not to be had; the banner is used as it was built"; fi
	@touch $@

setup: $(VENV)/core.stamp ## .venv, dependencies, translations
	@$(BIN)/python scripts/messages.py

# The reference reader of Fideslang, which our exports are loaded with. It pins an older pydantic.
$(VENV)/fides.stamp: $(VENV)/uv.stamp requirements-fides.txt
	@test -x $(VENV)/fides/bin/python || $(BIN)/python -m venv $(VENV)/fides
	@$(VENV)/fides/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fides.txt
	@touch $@

demo: setup ## an example company, running: NAME=guides takes another, ARGS=--once does all but serve
	@$(BIN)/lofte demo $(NAME) $(ARGS)

test: setup $(VENV)/test.stamp lint types imports unit ## everything that CI runs

lint: setup $(VENV)/test.stamp
	$(BIN)/ruff check src tests examples scripts bench
	$(BIN)/ruff format --check src tests examples scripts bench

types: setup $(VENV)/test.stamp
	$(BIN)/mypy

imports: setup $(VENV)/test.stamp
	$(BIN)/lint-imports

unit: setup $(VENV)/test.stamp $(VENV)/node.stamp $(VENV)/banner.stamp $(VENV)/fides.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

kills: setup $(VENV)/test.stamp ## the way in for choices, killed ten times while visitors choose
	LOFTE_KILLS=10 $(BIN)/python -m pytest -q tests/consent/test_killed.py

bench-consent: setup $(VENV)/test.stamp ## choices a second beside the store's own limits, as ratios in one run
	$(BIN)/python -m bench.consent $(ARGS)

bench: setup $(VENV)/test.stamp ## access and erasure beside hand-written scripts, as ratios in one run
	$(BIN)/python -m bench.access $(ARGS)
	$(BIN)/python -m bench.erase $(ARGS)

bench-sweep: setup $(VENV)/test.stamp ## a sweep beside the best chunked delete by hand: ARGS="--rows 5000000 --write"
	$(BIN)/python -m bench.sweep $(ARGS)

bench-banner: setup $(VENV)/test.stamp ## the banner beside others from npm in Chromium: ARGS="--rounds 21 --write"
	$(BIN)/python -m bench.banner $(ARGS)

oracle: setup $(VENV)/test.stamp ## random schemas erased and compared: N=50000, or ARGS="--from 7 --workers 1"
	$(BIN)/python -m tests.engine.soak $(N) $(ARGS)

faults: setup $(VENV)/test.stamp ## every writing flow stopped at every call (strace): N=5000, or ARGS="--flow erase"
	$(BIN)/python -m tests.faults.sweep $(N) $(ARGS)

lock: $(VENV)/uv.stamp ## write the lock files anew
	sh scripts/lock.sh

clean: ## remove what was made here
	rm -rf $(VENV) tests/oidc/node_modules web/banner/node_modules demo build dist screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Everything here needs only make and Python 3.11 or newer; the rest is fetched.
PORT ?= 8000
HOST ?= 127.0.0.1
# Tests wait for engines, browsers and each other's hubs half of the time.
WORKERS ?= $(shell expr 2 '*' $$(getconf _NPROCESSORS_ONLN) + 1)
# In the order in which tests/conftest.py has put them.
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder

BIN = .venv/bin
# Templates, pages and what is said of events name icons and styles, so the front end is built from them too.
CLIENT_SOURCES = $(wildcard */sentences.py */*/sentences.py */*/*/sentences.py) $(shell find web '(' -name node_modules -o -name static -o -name __pycache__ -o -name translations ')' -prune -o -type f -print 2>/dev/null)
# All tests that hold the hub to a promised time import the function that says how long that is here.
PROMISES = $(shell grep -rl --include='*.py' 'import.* promised' tests | grep -v ^tests/faults/)
PYTHON_SOURCES = hub web presence rooms commands staff clients processes people store tests bench locks hatch_build.py
# What is done in some seconds; the rest of `make check` takes longer.
QUICK = check-format check-rules check-layers check-contract check-translations check-locks

# What is compiled is kept, whatever the shell says: hubs start in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test test-client test-hub test-latest faults check quick bench lock format clean browser proxy hooks $(QUICK)

setup: .venv/installed .venv/tools web/static/manifest.json hooks

run: .venv/installed web/static/manifest.json
	@exec $(BIN)/hub demo --host $(HOST) --port $(PORT)

test: setup browser proxy
	@$(MAKE) --no-print-directory -j 2 test-client test-hub

test-client:
	$(BIN)/python hatch_build.py run test --if-present

test-hub:
	$(BIN)/python -m pytest $(SPREAD) --durations=20 $(ARGS)

# With the newest versions that pyproject.toml allows, in an environment of its own: what next month's users would get.
test-latest: setup browser proxy
	$(BIN)/python -m locks.latest
	.venv-latest/bin/python -m pytest $(SPREAD) $(ARGS)

# The long ones too, and all that hold the hub to a time that docs/reliability.md promises; alone, since each measures how
# long something takes.
faults: setup browser proxy
	TESTS_SLOWER=1 $(BIN)/python -m pytest -m '' tests/faults $(PROMISES) $(ARGS)

check: setup
	@$(MAKE) --no-print-directory quick
	$(BIN)/python -m pytest --quiet --noconftest tests/documents
	$(BIN)/mypy
	$(BIN)/python hatch_build.py run types --if-present

# With whatever tools are there, and nothing set up.
quick: $(QUICK)

check-format:
	$(BIN)/ruff format --check $(PYTHON_SOURCES)

check-rules:
	$(BIN)/ruff check $(PYTHON_SOURCES)

check-layers:
	$(BIN)/lint-imports

check-contract:
	$(BIN)/python -m hub.contract --check

check-translations:
	$(BIN)/python -m web.words.translations --check

check-locks:
	$(BIN)/python -m locks --check

# To the newest versions that pyproject.toml allows; with ARGS=--keep only what it asks for otherwise than before.
lock: .venv/installed
	$(BIN)/python -m locks $(ARGS)

format: .venv/tools
	$(BIN)/ruff check --fix-only $(PYTHON_SOURCES)
	$(BIN)/ruff format $(PYTHON_SOURCES)

bench: setup
	$(BIN)/python -m bench $(ARGS)

clean:
	rm -rf .venv .venv-latest .staged web/static web/client/node_modules dist

browser:
	@sh .ci/browser

proxy: .venv/bin/python
	@sh .ci/proxy

hooks:
	@if [ -f .ci/hooks ]; then sh .ci/hooks; fi

.venv/bin/python:
	@sh .ci/venv

.venv/installed: pyproject.toml hatch_build.py requirements.lock requirements-build.lock | .venv/bin/python
	@echo "Installing Atrium and what it needs"
	@$(BIN)/python -m locks.install
	@touch $@

.venv/tools: requirements-dev.lock .venv/installed
	@echo "Installing the tools for tests and checks"
	@$(BIN)/python -m locks.install --tools
	@touch $@

# Until the client has a build there is nothing to do.
web/static/manifest.json: $(CLIENT_SOURCES) .venv/installed
	@echo "Building the front end"
	@if [ -f web/client/build.mjs ]; then $(BIN)/python hatch_build.py; fi
	@mkdir -p web/static && touch $@

# Every target makes what it needs: on a machine with python3, venv and make, `make publish` is all.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Four at once, as many wait for a server, a browser or a command. Tests of one class or module stay together, as they
# share a site that is made once; in the order of their names, or the long ones of few tests would be left for the end.
PYTEST := $(BIN)/python -m pytest --numprocesses=4 --dist=loadscope --no-loadscope-reorder
# Once, where PYTHONDONTWRITEBYTECODE is set: else each command spends half a second on it.
COMPILE := $(BIN)/python -m compileall -q aggregator

# Programs that npm has; where there is none, it comes in a wheel, as Debian's drags in 400 packages.
TOOLS := .tools
NPM = PATH="$(CURDIR)/$(BIN):$$PATH"; \
	command -v npm >/dev/null || $(PIP) install --constraint constraints.txt --group node; \
	npm --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: publish test setup checker lint check preview benchmark lighthouse screenshots pictures clean

## publish: read all accounts and drafts, build the site, switch output/ to it
publish: $(VENV)/.runtime
	$(COMPILE)
	$(BIN)/matrix publish

## test: all tests
test: $(VENV)/.developer
	$(COMPILE)
	$(PYTEST) $(OPTIONS)

## preview: drafts as pages before they are published, and the published site, on this machine alone
preview: publish
	$(BIN)/matrix preview

## setup: everything a developer needs, with the hook that checks each commit
setup: $(VENV)/.developer checker
	if [ -d .git ]; then $(BIN)/pre-commit install; fi

## checker: the Nu HTML checker, which one test runs with Java
checker: $(TOOLS)/vnu/.ready

## lint: format, lint, types, imports
lint: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## check: all that, and tests with coverage
check: lint
	$(MAKE) test OPTIONS="--cov --cov-report=term:skip-covered --cov-fail-under=95"

## benchmark: the figures of docs/benchmarks.md
benchmark: $(VENV)/.developer lighthouse
	$(BIN)/python benchmarks/publish.py
	$(BIN)/python benchmarks/drafts.py
	$(BIN)/python benchmarks/aggregate.py
	$(BIN)/python benchmarks/stories.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/preview.py
	$(BIN)/python benchmarks/site.py

## lighthouse: what benchmarks/site.py asks
lighthouse: $(TOOLS)/lighthouse/.ready

## screenshots: every kind of page in every state, into screenshots/, to be looked at
screenshots: $(VENV)/.developer
	$(BIN)/python tests/pictures.py screenshots

## pictures: those of README and docs
pictures: $(VENV)/.developer
	$(BIN)/python tests/pictures.py pictures

clean:
	rm -rf $(VENV) $(TOOLS) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist screenshots

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt pip
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.developer: $(VENV)/.runtime
	$(PIP) install --constraint constraints.txt --group dev
	touch $@

$(TOOLS)/vnu/.ready: tests/markup/package.json tests/markup/package-lock.json | $(VENV)/.developer
	mkdir -p $(@D)
	cp $^ $(@D)
	$(NPM) ci
	touch $@

$(TOOLS)/lighthouse/.ready: benchmarks/lighthouse/package.json | $(VENV)/.developer
	mkdir -p $(@D)
	cp $^ $(@D)
	$(NPM) install --no-package-lock
	touch $@

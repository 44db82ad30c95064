# Two commands are the whole set-up: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
export WOSHOU_DATA_DIR ?= $(CURDIR)/.data/woshou
DEMO_DATA_DIR ?= $(CURDIR)/.data/demo

.PHONY: run demo test lint bench drill lock clean

run: $(VENV)/.runtime
	$(BIN)/woshou migrate
	$(BIN)/woshou seed
	$(BIN)/woshou match --summary
	$(BIN)/woshou serve --host $(HOST) --port $(PORT)

demo: export WOSHOU_DATA_DIR = $(DEMO_DATA_DIR)
demo: export WOSHOU_DEMO = true
demo: $(VENV)/.runtime
	$(BIN)/woshou migrate
	$(BIN)/woshou seed --demo
	$(BIN)/woshou match --summary
	$(BIN)/woshou serve --host 127.0.0.1 --port $(PORT)

test: lint
	$(BIN)/pytest

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/bandit --quiet --recursive -ll service models matching bench
	$(BIN)/python -m tests.house.advisories

bench: $(VENV)/.development
	$(BIN)/python -m bench

drill: $(VENV)/.development
	$(BIN)/pytest -m drill

lock: $(VENV)/.development
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --extra build --output-file requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --extra build --extra dense --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) .data dist build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更高版本，当前为 " + sys.version.split()[0] + "。可用 make PYTHON=python3.12 指定。")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@touch $@

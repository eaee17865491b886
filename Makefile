# make run starts everything; make help lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test eval bench

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.installed ## install if needed, build the index if needed, open the page
	$(BIN)/policy serve

test: $(VENV)/.installed-dev ## ruff, mypy and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

eval: $(VENV)/.installed ## answer the question sets and write the scores to eval/results
	$(BIN)/policy eval --no-retrieval

bench: $(VENV)/.installed-dev ## measure times and memory
	$(BIN)/python -m eval.bench

# torch first and alone: its version decides what pip takes for everything else.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "需要 Python 3.11 或更新版本，$(PYTHON) 不可用或版本过低。请安装后运行：make run PYTHON=python3.11"; \
	  echo "Python 3.11 or newer is needed; try: make run PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

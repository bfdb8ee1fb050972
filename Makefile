# Needs Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
DEMO := build/demo
QUESTION := where was Al Quraishi killed?

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help demo test lint format format-check types check clean reader locales

help:
	@echo 'make demo     index the sample article in seeds/ and ask a question about it'
	@echo 'make test     run the tests; ARGS="-k title" runs some of them'
	@echo 'make check    what CI checks beside the tests: lint, format-check and types'
	@echo 'make lint     ruff check'
	@echo 'make format   ruff format, rewriting files'
	@echo 'make types    mypy'
	@echo 'make locales  bring the catalogues of the interface in line with the code'
	@echo 'make reader   train the reader anew: DATA=FOLDER (training/README.md)'
	@echo 'make clean    delete $(VENV) and everything else that was made here'

# An archive of its own, made anew each time. make fails if the question is not answered.
demo: $(RUN_STAMP)
	@rm -rf $(DEMO)
	@echo '$$ dateline index --home $(DEMO) seeds'
	@$(BIN)/dateline index --home $(DEMO) seeds
	@echo
	@echo '$$ dateline ask --home $(DEMO) "$(QUESTION)"'
	@$(BIN)/dateline ask --home $(DEMO) "$(QUESTION)"

# Coverage is of all tests or of none.
test: $(DEV_STAMP)
	$(BIN)/python -m pytest $(if $(ARGS),$(ARGS),--cov)

lint: $(DEV_STAMP)
	$(BIN)/ruff check .

format: $(DEV_STAMP)
	$(BIN)/ruff format .

format-check: $(DEV_STAMP)
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy

check: lint format-check types

# The texts of the interface: those that are new come without a translation.
LOCALES := bot/ui/locales
CATALOGUE := --input-file build/dateline.pot --output-dir $(LOCALES) --domain dateline
PYBABEL := $(BIN)/pybabel --quiet

locales: $(DEV_STAMP)
	@mkdir -p build
	$(PYBABEL) extract --keywords N_ --keywords NP_:1,2 --add-location file --sort-by-file \
	  --width 100 --project Dateline --version 0.1 --output-file build/dateline.pot bot
	$(if $(NEW),$(PYBABEL) init $(CATALOGUE) --locale $(NEW))
	$(PYBABEL) update $(CATALOGUE) --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date --width 100

# One thread a process; memory that is freed is kept for the next step, which is a third faster.
CORES := $(shell nproc 2>/dev/null || echo 1)
READER := build/reader
TRAINING := env OMP_NUM_THREADS=1 MALLOC_MMAP_THRESHOLD_=4294967296 \
  MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456 ONEDNN_PRIMITIVE_CACHE_CAPACITY=64

reader: $(DEV_STAMP)
	@test -d "$(DATA)" || { echo 'name the folder of the data: make reader DATA=FOLDER' >&2; exit 1; }
	$(TRAINING) $(BIN)/python -m training.train --processes $(CORES) --groups 110000 \
	  --unanswerable-repeats 8 --opposed 0.05 "$(DATA)" $(READER)
	$(BIN)/python -m training.export $(READER)/weights.pt $(READER)/model
	$(BIN)/python -m training.calibrate $(READER)/model "$(DATA)"
	$(BIN)/python benchmarks/reading.py "$(DATA)" --reader $(READER)/model

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find bot index tests benchmarks training -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment. The stamps say what was installed into it last, and are out of date
# when the dependencies have changed.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Dateline needs Python 3.11 or newer, and $(PYTHON) is not: "make PYTHON=python3.12"' \
	    'takes another one.' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing Dateline into $(VENV); the first time takes some minutes'
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing Dateline and what its tests need into $(VENV);' \
	  'the first time takes some minutes'
	$(PIP) install --quiet -c constraints.txt -e '.[dev,bench,rerank]'
	@touch $@ $(RUN_STAMP)

# Needs make, a Python from 3.11 on and a package registry; nothing else. Both may be chosen:
#     make demo PYTHON=python3.12 VENV=/tmp/hvsim-venv

# The first Python that is new enough; plain python3 if none is, so that the message names it.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; \
    done; echo python3)
VENV ?= .venv
# Options of pytest in `make test`; to leave out slow tests: make test PYTEST="-m 'not slow and not full'"
PYTEST ?= -n auto --dist worksteal

PLACE := scenarios/la-county
DEMO := runs/demo
IN := $(VENV)/bin
# The summary and the report hold characters beyond ASCII, and a minimal machine has no locale.
export PYTHONUTF8 := 1

.PHONY: help demo test lint pytest agree golden faults bench parameters clean

help:
	@echo "make demo   compare today's Los Angeles County with three expansions and with none ($(DEMO))"
	@echo "make test   check style and types, run the tests"
	@echo "make agree  compare the fast engine with the plain reference on the full set (minutes)"
	@echo "make golden write the golden results of the shipped scenarios anew (CHANGELOG.md says why)"
	@echo "make faults plant faults one at a time, and see which of them the tests catch (an hour)"
	@echo "make bench  measure how fast it is, beside other ways to write the same model"
	@echo "make parameters  write the tables in docs/parameters anew"
	@echo "make clean  remove $(VENV), $(DEMO) and all caches in this folder"

# One family in five stands for all: minutes instead of a quarter of an hour.
demo: $(VENV)/.installed
	@$(IN)/hvsim compare $(PLACE)/today.yaml \
	    $(PLACE)/no-service.yaml $(PLACE)/universal.yaml $(PLACE)/targeted.yaml \
	    $(PLACE)/universal-targeted.yaml --scale 20% --out $(DEMO) --overwrite

test: lint pytest

lint: $(VENV)/.installed-test
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/mypy

pytest: $(VENV)/.installed-test
	$(IN)/python -m pytest $(PYTEST)

agree: $(VENV)/.installed-test
	$(IN)/python -m pytest tests/agreement -m full

golden: $(VENV)/.installed
	$(IN)/python tests/golden/results.py

faults: $(VENV)/.installed-test
	$(IN)/python faults/plant.py

bench: $(VENV)/.installed
	$(IN)/python benchmarks/bench.py --cold --out runs/bench.json

# Each table is named PLACE.SCENARIO.csv.
parameters: $(VENV)/.installed
	@for table in docs/parameters/*.csv; do name=$$(basename "$$table" .csv); \
	    $(IN)/hvsim check --parameters "scenarios/$${name%%.*}/$${name#*.}.yaml" > "$$table"; done

clean:
	rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp per set-up, so that neither is repeated before what it depends on changes.
$(VENV)/.installed: WHAT := .
$(VENV)/.installed-test: WHAT := .[test]
$(VENV)/.installed $(VENV)/.installed-test: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "hvsim needs Python 3.11 or newer; '$(PYTHON)' is older or missing."; \
	    echo "Name another: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@test -x $(IN)/python || $(PYTHON) -m venv $(VENV) || { \
	    echo "Python could not make the environment $(VENV); on Debian and Ubuntu its module venv"; \
	    echo "is a package of its own: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@echo "Installing hvsim into $(VENV) (a minute or two) ..."
	@$(IN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '$(WHAT)'
	@touch $@

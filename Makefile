# Two commands matter: `make demo` and `make test`. Everything else is for those who work on the house.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
WORKERS := 3
MINUTES := 5
SEED := 7
MEMBERS := wire booth edge gateway backend dashboard standalone firmware-sim
# The product is a dozen processes, its tests start hundreds; where the environment forbids to keep compiled modules, each
# would compile all of its libraries again, which is more than half of its start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo demo-reset test check suite unit faults sbom audit setup setup-dev lock docs tour clean

help:
	@echo "make demo        set up, then run the whole product with a simulated building (Ctrl-C stops it)"
	@echo "make demo-reset  forget the demo's data"
	@echo "make test        set up, then run every check and every test"
	@echo "make check       lint, types and import rules only"
	@echo "make suite       the tests only"
	@echo "make unit        the fast tests only"
	@echo "make faults      break the whole product for five minutes and count what it cost (MINUTES=5 SEED=7)"
	@echo "make docs        write the generated documents again (contracts, settings, metrics, indicators)"
	@echo "make tour        start the demo, take the pictures of docs/tour.md again (two minutes)"
	@echo "make lock        resolve the requirements again (needs uv)"
	@echo "make sbom        bills of materials of all that is installed somewhere, in build/sbom"
	@echo "make audit       ask for known vulnerabilities of the locked libraries (needs uv and the internet)"
	@echo "make setup       set up what make demo needs; make setup-dev what make test needs (both do it by themselves)"
	@echo "make clean       remove the environment"

setup:
	@sh scripts/setup.sh demo

setup-dev:
	@sh scripts/setup.sh dev

demo: setup
	@exec $(PY) -m shigotoba_standalone demo

demo-reset: setup
	@$(PY) -m shigotoba_standalone demo-reset

# The checks run beside the tests, which mostly wait for processes to start.
test: setup-dev
	@sh scripts/test_tools.sh
	@$(MAKE) --no-print-directory --jobs=2 check suite

suite: setup-dev
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=10

check: setup-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/basedpyright --warnings
	@$(VENV)/bin/lint-imports

unit: setup-dev
	@$(PY) -m pytest -m "not integration and not system and not browser"

faults: setup-dev
	@PYTHONPATH=tests/support $(PY) -m shigotoba_testing.faults --minutes $(MINUTES) --seed $(SEED)

docs: setup-dev
	@sh scripts/docs.sh

tour: setup-dev
	@PYTHONPATH=tests/support $(PY) scripts/tour.py

lock:
	@sh scripts/lock.sh

sbom: setup
	@$(PY) scripts/sbom.py

audit:
	@sh scripts/audit.sh

clean:
	@rm -rf $(VENV)

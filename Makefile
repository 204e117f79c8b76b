# make ask    set up and ask the main question
# make test   set up and run the tests
# make quality  measure answers into docs/quality.md (SETS="--set NAME QUESTIONS REPORTS ..." for more sets)
# make latency  time Telegram's answers at 20 questions a second
# make lock   pin what a deployment installs into requirements.lock
# make check  set up and run all that CI runs

PYTHON ?= python3
BIN := .venv/bin

.PHONY: ask test check quality latency lock clean

ask: .venv/installed
	$(BIN)/hoidap ask "Hậu Giang có bao nhiêu trạm BTS tăng?"

test: .venv/tested
	$(BIN)/pytest

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive bot index corpus
	$(BIN)/pytest

quality: .venv/tested
	$(BIN)/python tools/quality.py $(SETS) > .quality.tmp
	mv .quality.tmp docs/quality.md

latency: .venv/tested
	PYTHONPATH=tests $(BIN)/python benchmarks/latency.py

lock: .venv/tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip-tools>=7.5,<8'
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-annotate --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --extra semantic --extra charts --output-file requirements.lock pyproject.toml

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("hoidap needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,semantic,charts]'
	touch $@

clean:
	rm -rf .venv build dist

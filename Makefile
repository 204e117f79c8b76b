# make ask    set up and ask the main question
# make test   set up and run the tests
# make quality  measure answers into docs/quality.md (SETS="--set NAME QUESTIONS REPORTS ..." for more sets)
# make compare  measure comparisons into docs/compare-quality.md and draw docs/compare.png
# make latency  time Telegram's answers at 20 questions a second
# make bench  run every benchmark on small corpora, to see that it runs
# make bench-full  measure speed and memory into docs/benchmarks.md, up to a million passages (about an hour)
# make faults   break documents and the index on purpose, into docs/reliability.md
# make phrases  make index/phrases.json anew, after a change of the synonyms
# make lock   pin what a deployment installs into requirements.lock
# make check  set up and run all that CI runs

PYTHON ?= python3
BIN := .venv/bin
PARALLEL := -n 2 --dist loadfile  # servers and homes are each worker's own; a file's tests share what they made
SUDO := $(if $(filter 0,$(shell id -u)),,sudo -n)

.PHONY: ask test check quality compare latency bench bench-full faults phrases lock clean postgresql

ask: .venv/installed
	$(BIN)/hoidap ask "Hậu Giang có bao nhiêu trạm BTS tăng?"

test: .venv/tested postgresql
	$(BIN)/pytest $(PARALLEL)

check: .venv/tested postgresql
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive bot index corpus
	$(BIN)/pytest $(PARALLEL)

quality: .venv/tested
	$(BIN)/python tools/quality.py $(SETS) > .quality.tmp
	mv .quality.tmp docs/quality.md

compare: .venv/tested
	$(BIN)/python tools/compare_quality.py > .compare.tmp
	mv .compare.tmp docs/compare-quality.md
	$(BIN)/python tools/compare_quality.py --picture docs/compare.png

latency: .venv/tested
	PYTHONPATH=tests $(BIN)/python benchmarks/latency.py

BENCHMARKS := engines answers cold loading

bench: .venv/tested
	for name in $(BENCHMARKS); do $(BIN)/python benchmarks/$$name.py --short || exit 1; done

bench-full: .venv/tested
	$(BIN)/python benchmarks/report.py > .benchmarks.tmp
	for name in $(BENCHMARKS); do $(BIN)/python benchmarks/$$name.py --out docs >> .benchmarks.tmp || exit 1; done
	mv .benchmarks.tmp docs/benchmarks.md

faults: .venv/tested
	PYTHONPATH=tests $(BIN)/python tools/faults.py --write docs/reliability.md

phrases: .venv/tested
	$(BIN)/python -m index.phrases > .phrases.tmp
	mv .phrases.tmp index/phrases.json

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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,semantic,charts,cluster,bench]'
	touch $@

# The tests start a PostgreSQL server of their own; only its programs must be there.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
	|| { $(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql; } \
	|| { echo "The tests need PostgreSQL 15 or newer: install it (on Debian: apt-get install postgresql) and try again." >&2; exit 1; }

clean:
	rm -rf .venv build dist

# Every command works in a fresh clone: it first makes .venv and fetches what it needs.
MAKEFLAGS += --no-print-directory
PORT ?= 8000
BIN := .venv/bin
PYTHON := $(BIN)/python
MANAGE := INFLIO_VAR=$(CURDIR)/var/check $(PYTHON) manage.py
LIKE_PRODUCTION := INFLIO_SITE_URL=https://studio.example.com INFLIO_HOSTS=studio.example.com
SCRIPTS = $(wildcard static/js/*.js static/js/*/*.js)
SCRIPT_TESTS = $(wildcard static/js/*.test.mjs static/js/*/*.test.mjs)

.DEFAULT_GOAL := help
N ?= 1000

.PHONY: run test check check-scripts faults bench clean help packages dev-packages weights browser

run: packages weights ## Start Inflio on http://127.0.0.1:8000 (another port: make run PORT=8001)
	@set -a; [ ! -f .env ] || . ./.env; exec $(PYTHON) manage.py dev --port $(PORT)

test: dev-packages weights browser ## Run every test, in a real browser and with killed workers too
	@$(BIN)/pytest --numprocesses 2 --dist loadfile -m "not browser and not faults and not postgresql"; others=$$?; \
	mkdir -p var/check; $(BIN)/pytest --numprocesses 2 --dist loadfile -m faults > var/check/faults.txt 2>&1 & faults=$$!; \
	$(BIN)/pytest -m browser; browser=$$?; \
	wait $$faults; killed=$$?; cat var/check/faults.txt; exit $$((others + killed + browser))

check: dev-packages ## Check format, lint, import rules, templates, scripts, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --check --quiet
	@$(MAKE) check-scripts
	$(MANAGE) makemigrations --check
	$(LIKE_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

faults: dev-packages ## Publish under N=1000 kills, time-outs and ambiguous answers; lost, doubled and open must be 0
	@$(PYTHON) -m faults.publishing $(N)

bench: dev-packages weights browser ## Measure speed, memory, likeness and query counts, and print one table
	@$(PYTHON) -m benchmarks

clean: ## Remove .venv and the tools' caches; what you made stays in var/
	@rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1=\2/p' Makefile | while IFS='=' read -r name what; do \
		printf '  make %-7s %s\n' "$$name" "$$what"; done

# Steps that the commands above share.

check-scripts:
	@command -v node >/dev/null || { echo "node is not installed: scripts are not checked."; exit 0; }; \
	for script in $(SCRIPTS); do node --input-type=module --check - < "$$script" || exit 1; done; \
	[ -z "$(SCRIPT_TESTS)" ] || node --test --test-reporter=dot $(SCRIPT_TESTS)

# The first of these that is 3.11 or newer; a version manager's shim may stand in PATH and still start nothing.
FIND_PYTHON = for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	if [ -z "$$python" ]; then echo "Inflio needs Python 3.11 or newer: install it (Debian, Ubuntu:" \
	"sudo apt-get install python3 python3-venv), then run make again." >&2; exit 1; fi

packages:
	@$(FIND_PYTHON); "$$python" bootstrap.py

dev-packages:
	@$(FIND_PYTHON); "$$python" bootstrap.py --dev

weights: | packages
	@$(PYTHON) -m gpu_worker.weights

browser: | dev-packages
	@$(PYTHON) -m e2e.browser

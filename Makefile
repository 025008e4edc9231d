# The short commands of a developer. CI calls .ci/run, which calls the same.

.PHONY: test lint demo fuzz bench-truth bench-speed golden

test: ## the tests of the README
	go test ./...

lint: ## vet and the linters of .golangci.yml, as CI runs them
	.ci/run lint

fuzz: ## every fuzz target, a minute each
	FUZZTIME=60s .ci/run fuzz

golden: ## rewrite the golden files after a wanted change, then read the diff
	go test ./cmd/crmaudit -run 'TestConfigMistakes|TestTablesGolden|TestHelpGolden' -update

demo: ## the made-up company, audited, in ./crmaudit-demo
	go run ./cmd/crmaudit demo

# Where the whole output of the truth bench goes.
TRUTH_LOG ?= /tmp/crmaudit-truth.log

bench-truth: ## required beside reached for every row of the truth bench; the 50 whole worlds take most of the time
	@CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 -p 1 -timeout 6h ./analytics/... ./scenarios/... ./lifecycle/... ./cmd/crmaudit/ > $(TRUTH_LOG) 2>&1; \
	status=$$?; grep -E '^(id|[SDRVPI][0-9]+|-) +\||^FAIL' $(TRUTH_LOG) | \
	awk -F ' *[|] *' '/^FAIL/ {print; next} !/^id / || !header++ {printf "%-3s | %-94s | %-14s | %-14s | %s\n", $$1, $$2, $$3, $$4, $$5}'; echo "all of it: $(TRUTH_LOG)"; exit $$status

# Where the generated data of the speed bench is kept between runs: 10 GB.
BENCH_DIR ?= /tmp/crmaudit-bench

bench-speed: ## the whole run, and the blocks of contacts alone, against DuckDB's bare load of the same files; 200 segments of the same customers
	mkdir -p $(BENCH_DIR)
	CRMAUDIT_BENCH_SPEED=$(BENCH_DIR) go test -run '^TestSpeed(Segments)?$$' -v -count=1 -timeout 3h ./cmd/crmaudit/

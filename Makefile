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

bench-truth: ## required beside reached for every row of the truth bench
	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/suffstat/

# Where the generated data of the speed bench is kept between runs: 10 GB.
BENCH_DIR ?= /tmp/crmaudit-bench

bench-speed: ## the whole run against DuckDB's bare load of the same files
	mkdir -p $(BENCH_DIR)
	CRMAUDIT_BENCH_SPEED=$(BENCH_DIR) go test -run '^TestSpeed$$' -v -count=1 -timeout 3h ./cmd/crmaudit/

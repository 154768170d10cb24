# Harkara. `make` alone lists what can be made.

# SQLite is built with its full-text search; a build without the tag stops and says so.
TAGS  := sqlite_fts5
GO    := go
BIN   := $(CURDIR)/.bin

# Tests run in a zone with a quarter-hour offset, in random order, under the race detector:
# what depends on the machine's zone, on order or on luck fails here.
TEST_ZONE := Pacific/Chatham

GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.8.0

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Show the whole bot at http://127.0.0.1:8080, without a token
	@$(GO) build -tags $(TAGS) -o $(BIN)/harkara ./cmd/harkara
	@exec $(BIN)/harkara demo

.PHONY: build
build: ## Build the program as ./harkara
	$(GO) build -tags $(TAGS) -trimpath -o harkara ./cmd/harkara

.PHONY: test
test: ## Run all tests
	TZ=$(TEST_ZONE) $(GO) test -tags $(TAGS) -race -shuffle=on ./...

.PHONY: pictures
pictures: ## Take the pictures of the demo in the README anew; needs Chromium
	HARKARA_TEST_ALL=1 HARKARA_SCREENSHOT=$(CURDIR)/.github/demo.png $(GO) test -tags $(TAGS) -count=1 -run 'AVisitorOfTheDemo|AnEditorOfTheDemo' ./cmd/harkara

.PHONY: bench
bench: ## Run the benchmarks and the drills
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...
	$(GO) build -tags $(TAGS) -o $(BIN)/harkara ./cmd/harkara
	$(BIN)/harkara bench

.PHONY: format
format: $(BIN)/golangci-lint-$(GOLANGCI_VERSION) ## Format the source
	$< fmt ./...

.PHONY: lint
lint: $(BIN)/golangci-lint-$(GOLANGCI_VERSION) $(BIN)/govulncheck-$(GOVULNCHECK_VERSION) ## Check style, architecture and known vulnerabilities
	$< run --build-tags $(TAGS) ./...
	@$(BIN)/govulncheck-$(GOVULNCHECK_VERSION) -tags $(TAGS) ./... || { status=$$?; \
		if curl -fsS -m 10 -o /dev/null https://vuln.go.dev/index/modules.json 2>/dev/null; then exit $$status; fi; \
		echo "govulncheck: the vulnerability database cannot be reached from here; not checked"; }

$(BIN)/golangci-lint-$(GOLANGCI_VERSION):
	GOBIN=$(BIN) GOFLAGS= $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(BIN)/golangci-lint $@

$(BIN)/govulncheck-$(GOVULNCHECK_VERSION):
	GOBIN=$(BIN) GOFLAGS= $(GO) install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	mv $(BIN)/govulncheck $@

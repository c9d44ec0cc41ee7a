# What to run, and nothing that a machine would have to be set up for. GO and
# GOFLAGS may be set from outside; TIMEOUT bounds the tests.

GO      ?= go
TIMEOUT ?= 20m
FUZZ    ?= 30s
# What the program says of itself: the tag where there is one, the commit and its date.
VERSION ?= $(shell git describe --tags --dirty 2>/dev/null || echo devel)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE    ?= $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)

# The tools of the checks have a module file of their own, so that the program's
# stays short.
TOOL := $(GO) tool -modfile=.ci/tools.mod

# What runs the tests. CI takes gotestsum, which says the same and ends with how many
# tests ran and how many failed.
GOTEST ?= $(GO) test

# Vulnerabilities as they were known on a day, so that a check today says tomorrow
# what it says now. A newer day: go list -m golang.org/x/vulndb@master
VULNDB := golang.org/x/vulndb@v0.0.0-20261105234957-e22db6528018

# The crash laboratory: a module of its own, beside the program that it breaks.
LAB := cmd/codexform/crash

.PHONY: build test race check vuln package package-deb tools tools-codex tools-vault tools-peers codex-tables fuzz lives mutants crash house codex-matrix wine \
	bench bench-check bench-figures clean

# The program: static, without paths of this machine, bin/codexform.
build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "$(LDFLAGS)" -o bin/ ./cmd/codexform

# Everything, the real Codex and the real Vault included where they can be had.
# A tool that cannot be installed is said loudly, and with CI=true it is an error.
test:
	@$(MAKE) --no-print-directory -k tools || \
		{ echo "make test: WARNING: not all tools are there; the tests that need them are skipped and prove nothing" >&2; test "$$CI" != true; }
	$(GOTEST) -timeout $(TIMEOUT) ./... ./.ci/vuln

# The tests as Windows runs them, under Wine, as root on Debian: a gigabyte, fetched once.
# WINE=./apply/commit for some of them. docs/figures/windows.md
wine:
	bash .ci/wine.sh $(WINE)

# The race detector, where goroutines are and its cost is bearable: about four minutes.
# It needs a C compiler.
RACE ?= ./apply ./apply/commit ./sources/... ./cmd/codexform/cli ./cmd/codexform/ui ./plan/codex
race:
	CGO_ENABLED=1 $(GO) test -race -short -timeout $(TIMEOUT) $(RACE)

check:
	$(GO) mod tidy -diff
	$(GO) vet ./... ./.ci/pictures/... ./.ci/peers/...
	@test -z "$$(gofmt -l cmd plan apply sources)" || { gofmt -l cmd plan apply sources; echo "make check: gofmt the files above" >&2; exit 1; }
	@test -z "$$($(TOOL) gofumpt -l cmd plan apply sources)" || { $(TOOL) gofumpt -l cmd plan apply sources; echo "make check: gofumpt the files above" >&2; exit 1; }
	$(TOOL) staticcheck ./...
	$(TOOL) actionlint
	sh .ci/dead.sh
	$(GO) run ./.ci/house -unused .
	$(GO) test ./.ci/mutants
	GOOS=darwin $(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	cd $(LAB) && $(GO) vet ./... && $(GO) tool -modfile=../../../.ci/tools.mod staticcheck ./... && $(GO) test ./...

# What the code looks like, now and before it was put in order: docs/figures/house.md. It
# fails where a package exports what nobody else uses.
HOUSE_BEFORE := ce0308f
house:
	@rm -rf .tools/before && mkdir -p .tools/before && git archive $(HOUSE_BEFORE) | tar -x -C .tools/before
	@$(GO) run ./.ci/house .tools/before . | sh .ci/house/page.sh $(HOUSE_BEFORE) >docs/figures/house.md; rm -r .tools/before
	$(GO) run ./.ci/house -unused .

# Functions with known vulnerabilities that the program calls, offline but for the
# modules. One of a module is an error, one of the standard library is said.
vuln:
	@mkdir -p .tools
	$(GO) mod download $(VULNDB)
	$(TOOL) govulncheck -db "file://$$($(GO) env GOMODCACHE)/$(VULNDB)/data/osv" -format json ./cmd/codexform >.tools/vuln.json
	$(GO) run ./.ci/vuln <.tools/vuln.json

# What a release is made of, built and looked at, as root on Debian; the deb is really
# installed and removed. package-deb: amd64's deb alone. docs/figures/packages.md.
package:
	bash .ci/package/run.sh all

package-deb:
	bash .ci/package/run.sh deb

# The jobs of docs/guides/review.md as forges run them, without Docker: act with the real
# gh, gitlab-ci-local, the shell of the rest, and the setup action with a real Vault: three
# minutes, as root on Debian, with npm. docs/figures/forges.md. FORGES=setup for one of them.
.PHONY: forge pictures
forge:
	bash .ci/forge/run.sh $(FORGES)

# The pictures of the README and the guides, as root on Debian, with npm.
pictures:
	bash .ci/pictures/run.sh

# One small job by other programs, beside codexform: docs/figures/peers.md. Linux, with
# ansible and strace.
.PHONY: peers ways
peers: tools-peers
	bash .ci/peers/run.sh

# The guides of those who come from elsewhere, with the program that they come from.
ways: tools-peers
	WAYS=true $(GO) test -timeout $(TIMEOUT) -count=1 -v -run 'TestPages/from-' ./cmd/codexform

# The tables of keys, features and models, out of the programs of CODEX_VERSIONS
# themselves. The answers are kept beside the programs, so a second run takes seconds;
# the first asks each program some thousand questions: those of CODEX_WHOLE of everything,
# the others of what their neighbours do not agree on.
CODEX_VERSIONS ?= $(shell cat .ci/tools/codexes.txt)
CODEX_WHOLE ?= 0.98.0 0.115.0 0.120.0 0.130.0 0.135.0 0.142.3 0.148.0 0.150.0 0.158.0 0.171.0
codex-tables:
	sh .ci/tools/codex.sh $(CODEX_VERSIONS) >/dev/null
	$(GO) run ./plan/codex/codextables -whole "$(CODEX_WHOLE)" $(CODEX_VERSIONS)

# The same, and an error where the tables that are committed say anything else.
.PHONY: codex-tables-check
codex-tables-check: codex-tables
	git diff --exit-code -- plan/codex

# Each of MATRIX_VERSIONS with each delivery: load, login status, one turn; and of
# LAYER_VERSIONS with the other files that Codex reads, as root.
LAYER_VERSIONS ?= $(shell tail -n 1 .ci/tools/codexes.txt) 0.142.3 0.120.0
MATRIX_VERSIONS ?= 0.171.0 0.164.0 0.158.0 0.150.0 0.142.3 0.135.0 0.130.0 0.120.0 0.115.0 0.98.0 0.94.0 0.74.0 0.47.0
codex-matrix:
	sh .ci/tools/codex.sh $(MATRIX_VERSIONS) $(LAYER_VERSIONS) >/dev/null
	CI=true MATRIX=$(CURDIR)/docs/figures/codex-matrix.md CODEX_VERSIONS="$(MATRIX_VERSIONS)" \
		$(GO) test -timeout $(TIMEOUT) -count=1 -run TestMatrix ./cmd/codexform/acceptance
	CI=true CODEX_VERSIONS="$(LAYER_VERSIONS)" \
		$(GO) test -timeout $(TIMEOUT) -count=1 -v -run TestLayersOfVersions ./cmd/codexform/acceptance

# The real programs that tests are held against, below .tools, which git ignores.
tools: tools-codex tools-vault

# The oldest Codex that CI holds the program against, beside the pinned one.
CODEX_OLD ?= 0.120.0
tools-codex:
	sh .ci/tools/install.sh
	sh .ci/tools/codex.sh $(CODEX_OLD) >/dev/null

tools-vault:
	cd sources/vaulttest/vaultdev && CGO_ENABLED=0 $(GO) build -trimpath -o ../../../.tools/vaultdev/ ./cmd/vaultdev

# What others use for the job, for make bench.
PEERS := github.com/mikefarah/yq/v4@v4.54.3 github.com/hashicorp/consul-template@v0.41.1

# chezmoi has a module file of its own, since go install asks for more than a proxy may have.
tools-peers:
	for p in $(PEERS); do GOBIN=$(CURDIR)/.tools/peers CGO_ENABLED=0 $(GO) install -trimpath -ldflags "$(LDFLAGS)" $$p || exit 1; done
	CGO_ENABLED=0 $(GO) build -modfile=.ci/peers.mod -trimpath -ldflags "-s -w -X main.version=2.62.0" -o .tools/peers/chezmoi github.com/twpayne/chezmoi/v2

# Each fuzz target for a while, one after the other.
fuzz:
	sh .ci/fuzz.sh $(FUZZ)

# Lives of many policies, held against the model of them: 100,000, about six minutes.
# docs/figures/lives.md
lives:
	$(GO) test -timeout 30m ./plan/codex -run 'TestLives$$' -v -lives 100000 -lives-seed 1

# A fleet of two thousand machines against a real Vault and a gateway on loopback: six
# minutes. docs/figures/herd.md
HERD ?= 2000
.PHONY: herd
herd:
	HERD=$(HERD) CI=true $(GO) test -timeout 20m -count=1 -v -run 'TestHerd$$' ./cmd/codexform/acceptance

# The programs that read what codexform writes for consoles: promtool, node_exporter,
# Puppet, the schema of JUnit reports, a parser of PowerShell. As root on Debian; a
# minute. docs/figures/readers.md
.PHONY: readers
readers:
	sh .ci/readers/install.sh
	READERS=true $(GO) test -timeout 20m -count=1 -v -run 'TestPromtool|TestNodeExporter|TestPuppet|TestJUnitSchema|TestPowerShell' ./cmd/codexform

# Other clients of the gateway, each through a turn with what export client prints: two
# minutes, Linux, with npm, 700 MB. docs/figures/clients.md
.PHONY: clients
clients:
	sh .ci/clients/install.sh
	CLIENTS=$(CURDIR)/docs/figures/clients.md $(GO) test -timeout 20m -count=1 -run 'TestClientsTakeATurn$$' ./cmd/codexform/acceptance
	@grep '^|' docs/figures/clients.md

# What is exported for Macs, read back by two libraries and plistutil, and installed on fifty
# simulated ones by NanoMDM in the test's process: half a minute, as root on Debian, in a
# module of its own. docs/figures/mdm.md
.PHONY: mdm
mdm:
	command -v plistutil >/dev/null || apt-get install -y --no-install-recommends libplist-utils
	CGO_ENABLED=0 $(GO) build -trimpath -o .tools/mdm/ ./cmd/codexform
	cd .ci/tools/mdm && CODEXFORM=$(CURDIR)/.tools/mdm/codexform MDM=$(CURDIR)/docs/figures/mdm.md $(GO) test -timeout $(TIMEOUT) -count=1 .
	@grep '^|' docs/figures/mdm.md

# The page of codexform report with 10,000 machines in a headless Chromium: its times, the
# rules of axe-core, the keyboard, its pictures: a minute, as root on Debian, with npm.
# docs/figures/report.md
.PHONY: report-page
report-page:
	bash .ci/report/run.sh

# Ansible with codexform as its module: the commands of docs/guides/ansible.md on eight
# hosts over SSH, each in namespaces of its own, and fifty local ones. As root on Debian;
# five minutes. docs/figures/ansible.md
.PHONY: ansible
ansible:
	sh .ci/ansible/install.sh
	ANSIBLE=true CI=true $(GO) test -timeout $(TIMEOUT) -count=1 -v -run 'TestAnsible' ./cmd/codexform/acceptance
# A policy from ring to ring, by others' engines, and one that is broken halted at the first: a
# real Nomad 1.6.3 (the last beyond doubt under the MPL, so no newer one; built here, ten minutes
# the first time) with a server and six clients, and Debian's Puppet. As root on Linux; nothing
# of either is linked into the program. docs/figures/nomad.md, docs/figures/puppet.md
.PHONY: nomad puppet
nomad:
	go version -m .tools/nomad/nomad 2>/dev/null | grep -q 'hashicorp/nomad[[:space:]]v1.6.3' || $(GO) build -modfile=.ci/nomad.mod -trimpath -ldflags '-s -w' -o .tools/nomad/nomad github.com/hashicorp/nomad
	NOMAD=$(CURDIR)/docs/figures/nomad.md $(GO) test -timeout $(TIMEOUT) -count=1 -run 'TestNomad$$' ./cmd/codexform/acceptance
	@grep '^|' docs/figures/nomad.md

puppet:
	command -v puppet >/dev/null || apt-get install -y --no-install-recommends puppet-agent
	PUPPET=$(CURDIR)/docs/figures/puppet.md $(GO) test -timeout $(TIMEOUT) -count=1 -run 'TestPuppetRings$$' ./cmd/codexform/acceptance
	@grep '^|' docs/figures/puppet.md

# The images of docs/guides/images.md, built by buildah without a daemon, with a turn of the
# real Codex in each: half a minute, as root on Debian, with npm. docs/figures/images.md
.PHONY: images
images: tools
	sh .ci/images/install.sh
	IMAGES=true CI=true $(GO) test -timeout $(TIMEOUT) -count=1 -v -run 'TestImages' ./cmd/codexform/acceptance

# Breaks the core in one place at a time and looks which test notices: about half an
# hour. docs/figures/mutants.md
mutants:
	$(GO) run ./.ci/mutants

# Breaks the program at every system call: all of it, about half an hour, as root on
# Linux. docs/figures/reliability.md has the figures; CI runs the fast part.
crash:
	sh $(LAB)/run.sh $(PARTS)

# What whole runs cost. bench: beside others, into docs/figures/performance.md, half an
# hour. bench-check: instructions, system calls and syncs against the figures in the
# repository, two minutes. Linux, with valgrind and strace.
BENCH := cmd/codexform/bench

bench:
	cd $(BENCH) && $(GO) run . write

bench-check:
	cd $(BENCH) && $(GO) run . check

bench-figures:
	cd $(BENCH) && $(GO) run . figures

clean:
	rm -rf bin

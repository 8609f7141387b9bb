# make demo    the whole story in the terminal: a stand-in for Zoho CRM and this computer's own CalDAV server, kept in step;
#              with SERVER=radicale a real Radicale instead, which is installed when run as root
# make test    everything that a change must pass; installs the Debian packages it needs when run as root
# make check   the quick part of it: vet, format, import order, builds for every system
# make soak    the tests with long settings
# make bench   the measurements
# make pictures   every window in every state and language, light and dark, drawn into build/pictures without a display
SHELL := /bin/bash

# One set of flags everywhere: other flags would build Fyne anew, which takes minutes.
export GOFLAGS := -tags=gles -buildvcs=false
export PATH := $(PATH):/usr/local/go/bin

# The race detector looks at everything but two libraries. SQLite is C turned into Go, whose memory it does not watch anyway
# and whose every access it would ask about; the derivation of keys from passphrases is arithmetic. Twenty histories of the
# engine take 6.8 s of processor with them, 2.4 s without.
RACE := -race '-gcflags=modernc.org/sqlite/lib=-race=false -d=checkptr=0' '-gcflags=golang.org/x/crypto/scrypt=-race=false'

# Everything outside app/ builds without cgo for these.
TARGETS := linux/amd64 darwin/arm64 windows/amd64

# What the demo syncs with: local, radicale, xandikos, sabredav or cyrus.
SERVER := local

.PHONY: demo test check soak bench pictures build format layers vet go

test: go
	.ci/install test
	$(MAKE) --no-print-directory check
	go vet -race ./...
	ZOHOSYNC_DESKTOP=1 go test $(RACE) -timeout 20m ./...
	ZOHOSYNC_HISTORIES=560 go test -timeout 15m -run '^TestHostile' ./sync/engine
	CGO_ENABLED=0 go test -timeout 15m -run '^TestPictures$$' ./app/ui
	go test -timeout 15m -run 'Zone|Defin|Days|Instants' ./sync/provider/dav/object ./sync/provider/zoho

check: format layers vet

# With a display it is the program with its tray icon, without one the same program for terminals.
SHOWN := $(if $(DISPLAY)$(WAYLAND_DISPLAY),1,0)

demo: go
	.ci/install demo $(SERVER) $(SHOWN)
	CGO_ENABLED=$(SHOWN) go build -o build/zohosync ./cmd/zohosync
	build/zohosync demo --server $(SERVER)

soak: go
	.ci/install test
	ZOHOSYNC_SOAK=1 go test $(RACE) -count=1 -timeout 4h ./...
	ZOHOSYNC_SOAK=1 ZOHOSYNC_HISTORIES=11200 go test -count=1 -timeout 6h -run '^TestHostile' ./sync/engine

bench: go
	.ci/install test
	go test -run '^$$' -bench . -benchmem -timeout 1h ./...

pictures: go
	rm -rf build/pictures
	ZOHOSYNC_PICTURES=$(CURDIR)/build/pictures CGO_ENABLED=0 go test -count=1 -run '^TestPictures$$' ./app/ui
	@ls build/pictures | wc -l | xargs -I{} echo "{} pictures in build/pictures"

build: go
	CGO_ENABLED=0 go build -o build/zohosync ./cmd/zohosync

format: go
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "gofmt these:" $$bad >&2; exit 1; fi

vet: go
	@for target in $(TARGETS); do \
		export CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/}; \
		echo "go vet for $$target"; \
		go vet $$(go list ./... | grep -v /app/) || exit 1; \
	done

layers: go
	CGO_ENABLED=0 go test -run '^TestLayers' ./cmd/zohosync

go:
	@command -v go >/dev/null || { echo "Go 1.26 is missing: neither in PATH nor in /usr/local/go/bin (https://go.dev/dl)." >&2; exit 1; }

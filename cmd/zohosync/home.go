package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/term"

	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/state"
)

// errLocked says that another process owns the home.
var errLocked = errors.New("another process owns this home")

// home is the opened folder that holds everything. This process owns it until Close.
type home struct {
	dir     string
	state   *state.State
	vault   *auth.Session
	kind    string // of vault
	dialer  *dialer
	own     *ownServer
	running *engine.Engine // in the background; nil: none
	release func()
	clock   func() time.Time
	lent    bool // to a command, by the tray icon's process
}

// openHome opens the home that the command line names, or returns the one that this process owns already.
func openHome(c *commands, t *terminal) (*home, error) {
	if t.own != nil {
		return t.own.lend(c.Vault)
	}
	dir, err := homeFolder(c.Home)
	if err != nil {
		return nil, err
	}
	release, err := lockHome(dir)
	if err != nil {
		return nil, err
	}
	h := &home{dir: dir, kind: vaultKind(c.Vault, dir), release: release}
	if err := h.open(t); err != nil {
		release()
		return nil, err
	}
	h.keepCopy()
	h.own = newOwnServer(h, t, c.logger(t))
	h.dialer.own = h.own
	return h, nil
}

// open opens the vault and the state.
func (h *home) open(t *terminal) (err error) {
	vault := t.vault
	if vault == nil {
		vault, err = auth.OpenVault(h.kind, h.dir, t.passphrase)
	}
	if err != nil {
		return err
	}
	h.vault, h.clock = auth.NewSession(vault), t.clock
	h.dialer = newDialer(h.vault, t.specs)
	if t.limits != nil {
		h.dialer.limits = *t.limits
	}
	h.state, err = state.Open(filepath.Join(h.dir, stateFile), state.Options{MaxPages: t.pages})
	return err
}

// lend gives the home to a command. Secrets stay where the process that owns it has them.
func (h *home) lend(vault string) (*home, error) {
	if vault != "" && vault != h.kind {
		return nil, badInput("the ZohoSync that is running keeps secrets in %q: quit it to use --vault %s", h.kind, vault)
	}
	lent := *h
	lent.lent = true
	return &lent, nil
}

// engine returns the engine at work in the background, else one for this command. Two would not know of each other.
func (h *home) engine(o engine.Options) *engine.Engine {
	if h.running != nil {
		return h.running
	}
	o.Clock, o.Code = h.clock, codeOf
	return engine.New(h.state, h.dialer.dial, o)
}

// quietly changes rules or accounts while no run goes on with the old ones.
func (h *home) quietly(do func() error) error {
	if h.running != nil {
		return h.running.Quiet(do)
	}
	return do()
}

// Close gives the home back.
func (h *home) Close() error {
	if h.lent {
		return nil
	}
	defer h.release()
	h.keepCopy()
	return errors.Join(h.own.Close(), h.state.Close())
}

// homeFolder returns the folder that holds everything: the one that was asked for, else the one the system has for it.
// It exists afterwards, and nobody else may look into it.
func homeFolder(asked string) (string, error) {
	dir := asked
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("find the home: %w", err)
		}
		dir = filepath.Join(base, "zohosync")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the home: %w", err)
	}
	return dir, nil
}

// lockHome makes this process the one that owns the home. The system takes the lock back when the process ends, however
// it ends. errLocked when another one has it.
func lockHome(dir string) (release func(), err error) {
	lock := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	mine, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the home: %w", err)
	}
	if !mine {
		return nil, errLocked
	}
	return func() { _ = lock.Unlock() }, nil
}

const (
	stateFile = "state.db"
	vaultFile = "vault.age" // as auth calls its file of secrets
)

// vaultKind returns the vault that was asked for. Who asks for none gets the one in use: the file, once there is one.
func vaultKind(asked, dir string) string {
	if asked != "" {
		return asked
	}
	if _, err := os.Stat(filepath.Join(dir, vaultFile)); err == nil {
		return auth.VaultFile
	}
	return auth.VaultKeychain
}

// passphrase opens the file of secrets: from the environment, else from the person at the terminal.
func (t *terminal) passphrase() (string, error) {
	if p := t.env("ZOHOSYNC_PASSPHRASE"); p != "" {
		return p, nil
	}
	file, ok := t.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return "", errors.New("ZOHOSYNC_PASSPHRASE is not set")
	}
	fmt.Fprint(t.err, t.words.T("Passphrase:")+" ")
	typed, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(t.err)
	return string(typed), err
}

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"golang.org/x/term"

	"zohosync/sync/auth"
	"zohosync/sync/state"
)

// errLocked says that another process owns the home.
var errLocked = errors.New("another process owns this home")

// home is the opened folder that holds everything. This process owns it until Close.
type home struct {
	dir     string
	state   *state.State
	vault   auth.Vault
	dialer  *dialer
	release func()
}

// openHome opens the home that the command line names.
func openHome(c *commands, t *terminal) (*home, error) {
	dir, err := homeFolder(c.Home)
	if err != nil {
		return nil, err
	}
	release, err := lockHome(dir)
	if err != nil {
		return nil, err
	}
	vault := t.vault
	if vault == nil {
		vault, err = auth.OpenVault(vaultKind(c.Vault, dir), dir, t.passphrase)
	}
	if err != nil {
		release()
		return nil, err
	}
	s, err := state.Open(filepath.Join(dir, stateFile), state.Options{MaxPages: t.pages})
	if err != nil {
		release()
		return nil, err
	}
	h := &home{dir: dir, state: s, vault: vault, dialer: newDialer(vault, t.specs), release: release}
	if t.limits != nil {
		h.dialer.limits = *t.limits
	}
	return h, nil
}

// Close gives the home back.
func (h *home) Close() error {
	defer h.release()
	return h.state.Close()
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

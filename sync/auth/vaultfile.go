package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"filippo.io/age"

	"zohosync/sync/wholefile"
)

const (
	vaultName = "vault.age"
	// scryptWork is log2 of scrypt's N: 128 MiB and about half a second per opening or saving.
	scryptWork = 17
)

// fileVault is one JSON map in a file encrypted by age with a passphrase, for machines without a keychain.
type fileVault struct {
	path   string
	ask    func() (string, error)
	work   int
	mu     sync.Mutex
	pass   string
	opened []byte // the encrypted bytes that secrets were read from
	known  map[string]string
}

func openFile(dir string, ask func() (string, error)) *fileVault {
	return &fileVault{path: filepath.Join(dir, vaultName), ask: ask, work: scryptWork}
}

func (v *fileVault) Get(_ context.Context, name string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.load(); err != nil {
		return "", err
	}
	s, ok := v.known[name]
	if !ok {
		return "", ErrNoSecret
	}
	return s, nil
}

func (v *fileVault) Set(_ context.Context, name, secret string) error {
	return v.change(func(m map[string]string) { m[name] = secret })
}

func (v *fileVault) Delete(_ context.Context, name string) error {
	return v.change(func(m map[string]string) { delete(m, name) })
}

// change saves a changed copy. A file that cannot be read is never replaced.
func (v *fileVault) change(edit func(map[string]string)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.load(); err != nil {
		return err
	}
	next := maps.Clone(v.known)
	edit(next)
	if maps.Equal(next, v.known) {
		return nil
	}
	sealed, err := v.seal(next)
	if err != nil {
		return fmt.Errorf("save vault: %w", err)
	}
	if err := wholefile.Write(v.path, sealed); err != nil {
		return fmt.Errorf("save vault: %w", err)
	}
	v.opened, v.known = sealed, next
	return nil
}

// load decrypts the file unless it is the one already known; another process may have changed it.
func (v *fileVault) load() error {
	sealed, err := os.ReadFile(v.path)
	missing := errors.Is(err, os.ErrNotExist)
	if err != nil && !missing {
		return fmt.Errorf("open vault: %w", err)
	}
	if v.known != nil && bytes.Equal(sealed, v.opened) {
		return nil
	}
	pass, err := v.passphrase()
	if err != nil {
		return err
	}
	known := map[string]string{}
	if !missing {
		known, err = unseal(sealed, pass)
	}
	if err != nil && !missing {
		v.pass = "" // ask again
		return err
	}
	v.pass, v.opened, v.known = pass, sealed, known
	return nil
}

func (v *fileVault) passphrase() (string, error) {
	if v.pass != "" {
		return v.pass, nil
	}
	if v.ask == nil {
		return "", fmt.Errorf("%w: none was given", ErrPassphrase)
	}
	pass, err := v.ask()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	if pass == "" {
		return "", fmt.Errorf("%w: it is empty", ErrPassphrase)
	}
	return pass, nil
}

func (v *fileVault) seal(secrets map[string]string) ([]byte, error) {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return nil, err
	}
	to, err := age.NewScryptRecipient(v.pass)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(v.work)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

func unseal(sealed []byte, pass string) (map[string]string, error) {
	id, err := age.NewScryptIdentity(pass)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	known := map[string]string{}
	// The cause of a JSON error may quote a secret.
	if json.Unmarshal(plain, &known) != nil || known == nil {
		return nil, fmt.Errorf("%w: its content is not a list of secrets", ErrDamaged)
	}
	return known, nil
}

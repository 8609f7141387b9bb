package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Vault keeps small secrets by name. It is safe for concurrent use.
type Vault interface {
	// Get returns the secret, or ErrNoSecret.
	Get(ctx context.Context, name string) (string, error)
	// Set stores the secret and returns once it would survive a power cut.
	Set(ctx context.Context, name, secret string) error
	// Delete forgets the secret. A secret that is not there is not an error.
	Delete(ctx context.Context, name string) error
}

// What a vault can say; test with errors.Is.
var (
	ErrNoSecret   = errors.New("no such secret")
	ErrNoKeychain = errors.New("the keychain of this computer is not available")
	ErrPassphrase = errors.New("the passphrase does not open the vault")
	ErrDamaged    = errors.New("the vault file is damaged")
	ErrTooBig     = errors.New("the secret is too big for the keychain")
)

// Kinds of vault for OpenVault.
const (
	VaultKeychain = "keychain" // of the operating system
	VaultFile     = "file"     // encrypted with a passphrase
	VaultMemory   = "memory"   // forgotten when the program ends
)

// OpenVault returns the vault of the home folder dir. The passphrase is asked for at the first use of a file vault, and
// again after a wrong one; the other kinds need none.
func OpenVault(kind, dir string, passphrase func() (string, error)) (Vault, error) {
	switch kind {
	case VaultKeychain:
		return openKeychain(dir)
	case VaultFile:
		return openFile(dir, passphrase), nil
	case VaultMemory:
		return &memoryVault{secrets: map[string]string{}}, nil
	}
	return nil, fmt.Errorf("unknown vault %q: keychain, file or memory", kind)
}

type memoryVault struct {
	mu      sync.Mutex
	secrets map[string]string
}

func (m *memoryVault) Get(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.secrets[name]
	if !ok {
		return "", ErrNoSecret
	}
	return s, nil
}

func (m *memoryVault) Set(_ context.Context, name, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[name] = secret
	return nil
}

func (m *memoryVault) Delete(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.secrets, name)
	return nil
}

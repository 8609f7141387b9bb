package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
)

// Session is a vault in front of a lasting one: the secrets of accounts whose person did not choose to stay signed in live
// in memory and end with the process.
type Session struct {
	lasting Vault
	memory  *memoryVault

	mu    sync.Mutex
	brief map[string]bool
}

// NewSession returns a session over a lasting vault. Until Brief says otherwise everything is kept there.
func NewSession(lasting Vault) *Session {
	return &Session{lasting: lasting, memory: &memoryVault{secrets: map[string]string{}}, brief: map[string]bool{}}
}

// Brief says whether the secrets that are stored for an account from now on end with the process. Those that it has
// already stay where they are until they are replaced.
func (s *Session) Brief(account string, brief bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.brief[account] = brief
}

// IsBrief tells whether the secrets of an account end with the process.
func (s *Session) IsBrief(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.brief[account]
}

// Get returns a secret from memory, else from the lasting vault.
func (s *Session) Get(ctx context.Context, name string) (string, error) {
	secret, err := s.memory.Get(ctx, name)
	if !errors.Is(err, ErrNoSecret) {
		return secret, err
	}
	secret, err = s.lasting.Get(ctx, name)
	if s.IsBrief(accountOf(name)) {
		err = without(err)
	}
	return secret, err
}

// Set stores a secret where its account belongs, and nowhere else.
func (s *Session) Set(ctx context.Context, name, secret string) error {
	if !s.IsBrief(accountOf(name)) {
		if err := s.lasting.Set(ctx, name, secret); err != nil {
			return err
		}
		return s.memory.Delete(ctx, name)
	}
	if err := s.memory.Set(ctx, name, secret); err != nil {
		return err
	}
	// What an earlier sign-in left there would outlive this one.
	return s.deleteLasting(ctx, name)
}

// Delete forgets a secret in both places.
func (s *Session) Delete(ctx context.Context, name string) error {
	return errors.Join(s.memory.Delete(ctx, name), s.deleteLasting(ctx, name))
}

func (s *Session) deleteLasting(ctx context.Context, name string) error {
	err := s.lasting.Delete(ctx, name)
	if s.IsBrief(accountOf(name)) && without(err) == ErrNoSecret {
		return nil
	}
	return err
}

// without takes a keychain that cannot be used for an empty one: memory is what people choose when there is none.
func without(err error) error {
	if errors.Is(err, ErrNoKeychain) {
		return ErrNoSecret
	}
	return err
}

func accountOf(name string) string {
	account, _, _ := strings.Cut(name, "/")
	return account
}

// Optional makes nothing of a secret that need not be there.
func Optional(secret string, err error) (string, error) {
	if errors.Is(err, ErrNoSecret) {
		return "", nil
	}
	return secret, err
}

// SignedIn tells whether the vault holds what an account signs in with: a token, or a password.
func SignedIn(ctx context.Context, v Vault, account string) (bool, error) {
	for _, name := range []string{secretRefresh(account), SecretPassword(account)} {
		switch _, err := v.Get(ctx, name); {
		case err == nil:
			return true, nil
		case !errors.Is(err, ErrNoSecret):
			return false, err
		}
	}
	return false, nil
}

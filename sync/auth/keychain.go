package auth

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"zohosync/sync/wholefile"
)

const (
	keychainService = "ZohoSync"
	keychainIDFile  = "keychain-id"
	// keychainMax is below what the strictest system takes: Windows 2560 bytes, macOS about 3000.
	keychainMax = 2500
	// keychainWait leaves a person time to type the password of a locked keychain.
	keychainWait = time.Minute
)

// keychain speaks to the keychain of the operating system. A locked one can block until a person unlocks it, so calls
// run beside the caller, one at a time, and the caller waits no longer than its context and keychainWait.
type keychain struct {
	prefix string
	turn   chan struct{}
}

func openKeychain(dir string) (*keychain, error) {
	prefix, err := keychainPrefix(dir)
	if err != nil {
		return nil, err
	}
	return &keychain{prefix: prefix, turn: make(chan struct{}, 1)}, nil
}

// keychainPrefix keeps two home folders of one person apart, since they share one keychain. It is kept in the folder so
// that the folder may move.
func keychainPrefix(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	path := filepath.Join(dir, keychainIDFile)
	b, err := os.ReadFile(path)
	if err == nil && len(strings.TrimSpace(string(b))) > 0 {
		return strings.TrimSpace(string(b)) + "/", nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("open keychain: %w", err)
	}
	id := make([]byte, 6)
	if _, err := rand.Read(id); err != nil {
		return "", fmt.Errorf("open keychain: %w", err)
	}
	text := hex.EncodeToString(id)
	if err := wholefile.Write(path, []byte(text+"\n")); err != nil {
		return "", fmt.Errorf("open keychain: %w", err)
	}
	return text + "/", nil
}

func (k *keychain) Get(ctx context.Context, name string) (string, error) {
	return k.call(ctx, func() (string, error) { return keyring.Get(keychainService, k.prefix+name) })
}

func (k *keychain) Set(ctx context.Context, name, secret string) error {
	if len(secret) > keychainMax {
		return ErrTooBig
	}
	_, err := k.call(ctx, func() (string, error) { return "", keyring.Set(keychainService, k.prefix+name, secret) })
	return err
}

func (k *keychain) Delete(ctx context.Context, name string) error {
	_, err := k.call(ctx, func() (string, error) { return "", keyring.Delete(keychainService, k.prefix+name) })
	if errors.Is(err, ErrNoSecret) {
		return nil
	}
	return err
}

func (k *keychain) call(ctx context.Context, f func() (string, error)) (string, error) {
	wait, cancel := context.WithTimeout(ctx, keychainWait)
	defer cancel()
	select {
	case k.turn <- struct{}{}:
	case <-wait.Done():
		return "", gaveUp(ctx)
	}
	type answer struct {
		secret string
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-k.turn }()
		// The Secret Service client of go-keyring asserts types of what the bus sends.
		defer func() {
			if recover() != nil {
				done <- answer{err: errors.New("unexpected answer")}
			}
		}()
		secret, err := f()
		done <- answer{secret, err}
	}()
	select {
	case a := <-done:
		return a.secret, keychainError(a.err)
	case <-wait.Done():
		return "", gaveUp(ctx)
	}
}

// gaveUp tells a caller who no longer waits from a keychain that does not answer.
func gaveUp(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("%w: no answer within %v, is it locked?", ErrNoKeychain, keychainWait)
}

func keychainError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoSecret
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooBig
	}
	// go-keyring has no types for the rest: no bus, no service, locked, refused.
	return fmt.Errorf("%w: %w", ErrNoKeychain, err)
}

package auth

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

// testFile opens a file vault that is cheap to seal.
func testFile(dir, pass string) *fileVault {
	v := openFile(dir, func() (string, error) { return pass, nil })
	v.work = 8
	return v
}

func TestVaults(t *testing.T) {
	keyring.MockInit()
	chain, err := OpenVault(VaultKeychain, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := OpenVault(VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]Vault{
		"keychain": chain, "memory": memory, "file": testFile(t.TempDir(), "pass"),
	} {
		t.Run(name, func(t *testing.T) { vaultContract(t, v) })
	}
	if _, err := OpenVault("drawer", "", nil); err == nil {
		t.Error("an unknown kind of vault was opened")
	}
}

// vaultContract is what every vault does.
func vaultContract(t *testing.T, v Vault) {
	t.Helper()
	ctx := t.Context()
	if _, err := v.Get(ctx, "a/token"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("Get of nothing: %v, want ErrNoSecret", err)
	}
	if err := v.Delete(ctx, "a/token"); err != nil {
		t.Errorf("Delete of nothing: %v", err)
	}
	secret := "1000.abc\nzweite Zeile – ünïcode"
	for _, s := range []string{"first", secret} {
		if err := v.Set(ctx, "a/token", s); err != nil {
			t.Fatalf("Set: %v", err)
		}
	}
	if err := v.Set(ctx, "b/token", "other"); err != nil {
		t.Fatalf("Set: %v", err)
	}
	if got, err := v.Get(ctx, "a/token"); err != nil || got != secret {
		t.Errorf("Get: %q, %v", got, err)
	}
	if err := v.Delete(ctx, "a/token"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if _, err := v.Get(ctx, "a/token"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("Get of what was deleted: %v, want ErrNoSecret", err)
	}
	if got, err := v.Get(ctx, "b/token"); err != nil || got != "other" {
		t.Errorf("Get of the neighbour: %q, %v", got, err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := v.Set(ctx, "c", "x"); err != nil {
				t.Errorf("concurrent Set: %v", err)
			}
			if _, err := v.Get(ctx, "c"); err != nil {
				t.Errorf("concurrent Get: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestFileVaultSurvivesRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "home")
	if err := testFile(dir, "pass").Set(t.Context(), "n", "canary-secret"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, vaultName)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	if b, _ := os.ReadFile(path); bytes.Contains(b, []byte("canary")) {
		t.Error("the secret is in the file in the open")
	}
	if got, err := testFile(dir, "pass").Get(t.Context(), "n"); err != nil || got != "canary-secret" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFileVaultSeesAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	a, b := testFile(dir, "pass"), testFile(dir, "pass")
	for i, v := range []*fileVault{a, b, a} {
		if err := v.Set(t.Context(), strings.Repeat("n", i+1), "s"); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"n", "nn", "nnn"} {
		if _, err := b.Get(t.Context(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileVaultWrongPassphrase(t *testing.T) {
	dir := t.TempDir()
	if err := testFile(dir, "right").Set(t.Context(), "n", "s"); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, vaultName))
	tries := []string{"wrong", "", "right"}
	v := openFile(dir, func() (string, error) {
		next := tries[0]
		tries = tries[1:]
		return next, nil
	})
	v.work = 8
	for range 2 {
		if err := v.Set(t.Context(), "n", "x"); !errors.Is(err, ErrPassphrase) {
			t.Errorf("Set: %v, want ErrPassphrase", err)
		}
	}
	if after, _ := os.ReadFile(filepath.Join(dir, vaultName)); !bytes.Equal(before, after) {
		t.Error("a vault that could not be opened was changed")
	}
	if got, err := v.Get(t.Context(), "n"); err != nil || got != "s" {
		t.Errorf("with the right passphrase: %q, %v", got, err)
	}
	other := testFile(t.TempDir(), "changed")
	if err := other.Set(t.Context(), "n", "s2"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other.path, v.path); err != nil {
		t.Fatal(err)
	}
	tries = []string{"changed"}
	if _, err := v.Get(t.Context(), "n"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("with the passphrase of before: %v, want ErrPassphrase", err)
	}
	if got, err := v.Get(t.Context(), "n"); err != nil || got != "s2" {
		t.Errorf("asked again: %q, %v", got, err)
	}
	broken := errors.New("no terminal")
	for _, ask := range []func() (string, error){nil, func() (string, error) { return "", broken }} {
		if _, err := openFile(dir, ask).Get(t.Context(), "n"); !errors.Is(err, ErrPassphrase) {
			t.Errorf("without a passphrase: %v, want ErrPassphrase", err)
		}
	}
}

func TestFileVaultDamaged(t *testing.T) {
	dir := t.TempDir()
	if err := testFile(dir, "pass").Set(t.Context(), "n", "s"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, vaultName)
	whole, _ := os.ReadFile(path)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-3] ^= 1
	list, err := (&fileVault{pass: "pass", work: 8}).seal(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"empty": {}, "cut": whole[:len(whole)-4], "half": whole[:len(whole)/2], "flipped": flipped,
		"text": []byte("hello"), "no map": list,
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			v := testFile(dir, "pass")
			if _, err := v.Get(t.Context(), "n"); !errors.Is(err, ErrDamaged) {
				t.Errorf("Get: %v, want ErrDamaged", err)
			}
			if err := v.Set(t.Context(), "n", "new"); !errors.Is(err, ErrDamaged) {
				t.Errorf("Set: %v, want ErrDamaged", err)
			}
			if now, _ := os.ReadFile(path); !bytes.Equal(now, bad) {
				t.Error("a damaged vault was overwritten")
			}
		})
	}
}

func TestFileVaultFullDisk(t *testing.T) {
	dir := t.TempDir()
	v := testFile(dir, "pass")
	if err := v.Set(t.Context(), "n", "old"); err != nil {
		t.Fatal(err)
	}
	v.path = filepath.Join(dir, vaultName, "no-folder", vaultName) // below a file: nothing can be written
	v.opened = nil
	if err := v.Set(t.Context(), "n", "new"); err == nil {
		t.Error("Set reported no failure")
	}
	if got, err := testFile(dir, "pass").Get(t.Context(), "n"); err != nil || got != "old" {
		t.Errorf("after a failed Set: %q, %v", got, err)
	}
}

func TestKeychainFailures(t *testing.T) {
	defer keyring.MockInit()
	k, err := openKeychain("")
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("dbus: couldn't determine address of session bus")
	keyring.MockInitWithError(cause)
	for name, f := range map[string]func() error{
		"Get":    func() error { _, err := k.Get(t.Context(), "n"); return err },
		"Set":    func() error { return k.Set(t.Context(), "n", "s") },
		"Delete": func() error { return k.Delete(t.Context(), "n") },
	} {
		if err := f(); !errors.Is(err, ErrNoKeychain) || !errors.Is(err, cause) {
			t.Errorf("%s: %v, want ErrNoKeychain with its cause", name, err)
		}
	}
	keyring.MockInit()
	if err := k.Set(t.Context(), "n", strings.Repeat("x", keychainMax+1)); !errors.Is(err, ErrTooBig) {
		t.Errorf("a big secret: %v, want ErrTooBig", err)
	}
	_, err = k.call(t.Context(), func() (string, error) { panic("interface conversion") })
	if !errors.Is(err, ErrNoKeychain) {
		t.Errorf("a panic of the client: %v, want ErrNoKeychain", err)
	}
}

// A locked keychain blocks until a person unlocks it: the caller goes on, and a second call does not pile up.
func TestKeychainLocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, err := openKeychain("")
		if err != nil {
			t.Fatal(err)
		}
		unlock := make(chan struct{})
		blocked := func() (string, error) { <-unlock; return "late", nil }
		if _, err := k.call(t.Context(), blocked); !errors.Is(err, ErrNoKeychain) {
			t.Errorf("locked: %v, want ErrNoKeychain", err)
		}
		ran := false
		if _, err := k.call(t.Context(), func() (string, error) { ran = true; return "", nil }); !errors.Is(err, ErrNoKeychain) || ran {
			t.Errorf("while the first call blocks: %v, ran %v", err, ran)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := k.call(ctx, blocked); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		close(unlock)
		if got, err := k.call(t.Context(), func() (string, error) { return "now", nil }); err != nil || got != "now" {
			t.Errorf("unlocked: %q, %v", got, err)
		}
	})
}

func TestKeychainKeepsHomesApart(t *testing.T) {
	keyring.MockInit()
	homes := []string{t.TempDir(), t.TempDir()}
	for _, dir := range homes {
		k, err := openKeychain(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Set(t.Context(), "crm/refresh-token", dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range homes {
		k, err := openKeychain(dir) // as after a restart
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.Get(t.Context(), "crm/refresh-token"); err != nil || got != dir {
			t.Errorf("%q, %v: the secret of the other home", got, err)
		}
	}
}

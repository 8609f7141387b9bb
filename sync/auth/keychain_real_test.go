//go:build linux

package auth

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The child of TestRealKeychain runs with this set, inside a session bus of its own.
const insideKeyring = "ZOHOSYNC_TEST_KEYRING"

// TestRealKeychain runs this test again beside a gnome-keyring-daemon that is unlocked and sees no one's own keyring.
func TestRealKeychain(t *testing.T) {
	if os.Getenv(insideKeyring) != "" {
		v, err := OpenVault(VaultKeychain, t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		vaultContract(t, v)
		return
	}
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	dir := t.TempDir()
	runtimeDir := filepath.Join(dir, "run")
	if err := os.Mkdir(runtimeDir, 0o700); err != nil {
		t.Fatal(err)
	}
	script := `printf "pw\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$0" -test.run='^TestRealKeychain$' -test.v`
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c", script, os.Args[0])
	cmd.Env = append(os.Environ(), insideKeyring+"=1", "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir,
		"XDG_CACHE_HOME="+dir, "XDG_RUNTIME_DIR="+runtimeDir, "DBUS_SESSION_BUS_ADDRESS=", "DISPLAY=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestNoKeychain runs again with a session bus that is not there: one clear error, no panic.
func TestNoKeychain(t *testing.T) {
	if os.Getenv(insideKeyring) != "" {
		v, err := OpenVault(VaultKeychain, t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Set(t.Context(), "n", "canary"); !errors.Is(err, ErrNoKeychain) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v, want ErrNoKeychain", err)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoKeychain$")
	cmd.Env = append(os.Environ(), insideKeyring+"=1", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "DISPLAY=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

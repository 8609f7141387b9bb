//go:build linux

// Package desktoptest starts a whole desktop without a screen for a test: an X server, a session bus, an unlocked keyring,
// a window manager and a panel with a tray. It finds the icon of a process there and works its menu over D-Bus, as a panel does
// (StatusNotifierItem, com.canonical.dbusmenu).
package desktoptest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Required is the variable that makes a missing desktop program a failure; without it the test is skipped.
const Required = "ZOHOSYNC_DESKTOP"

// patience is how long a part of the desktop may take to come up on a busy machine.
const patience = 60 * time.Second

// Desktop is a running desktop. It ends with its test.
type Desktop struct {
	t       testing.TB
	dir     string
	env     []string
	bus     *dbus.Conn
	address string
	started chan<- func()
}

// Start brings up a desktop of its own, with its own home folder.
func Start(t testing.TB) *Desktop {
	t.Helper()
	needPrograms(t, "Xvfb", "dbus-daemon", "gnome-keyring-daemon", "xfwm4", "xfce4-panel")
	// Not t.TempDir: a socket's path may have 107 bytes only.
	dir, err := os.MkdirTemp("", "desktop")
	if err != nil {
		t.Fatal(err)
	}
	d := &Desktop{t: t, dir: dir, started: oneThread(t)}
	t.Cleanup(d.tidy)
	d.folders()
	d.startX()
	d.startBus()
	d.startKeyring()
	d.run(nil, "xfwm4", "--compositor=off")
	d.run(nil, "xfce4-panel", "--disable-wm-check")
	d.waitFor(t, say("the panel's tray"), func() bool { return d.owned("org.kde.StatusNotifierWatcher") })
	return d
}

// Env returns the environment for a program on this desktop, as exec.Cmd takes it. It holds nothing of the person's own.
func (d *Desktop) Env() []string { return append([]string(nil), d.env...) }

// Home returns the home folder of this desktop.
func (d *Desktop) Home() string { return filepath.Join(d.dir, "home") }

// Screenshot writes a picture of the whole screen.
func (d *Desktop) Screenshot(path string) {
	d.t.Helper()
	shot := exec.Command("import", "-window", "root", path)
	shot.Env = d.env
	if out, err := shot.CombinedOutput(); err != nil {
		d.t.Fatalf("take a screenshot: %v: %s", err, out)
	}
}

func needPrograms(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv(Required) != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
}

// folders makes the private home and the environment.
func (d *Desktop) folders() {
	d.t.Helper()
	home, runtimeDir := d.Home(), filepath.Join(d.dir, "run")
	config := filepath.Join(home, ".config")
	channels := filepath.Join(config, "xfce4", "xfconf", "xfce-perchannel-xml")
	for _, folder := range []string{channels, runtimeDir} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(channels, "xfce4-panel.xml"), []byte(panelXML), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=UTC", "HOME=" + home, "XDG_RUNTIME_DIR=" + runtimeDir,
		"XDG_CONFIG_HOME=" + config, "XDG_DATA_HOME=" + filepath.Join(home, ".local", "share"),
		"XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "XDG_CURRENT_DESKTOP=XFCE",
		"GTK_A11Y=none", "NO_AT_BRIDGE=1", "LIBGL_ALWAYS_SOFTWARE=1",
	}
}

func (d *Desktop) startX() {
	d.t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	defer from.Close()
	// The server picks a free display and tells it on the first of its extra files.
	d.run(func(c *exec.Cmd) { c.ExtraFiles = []*os.File{to} },
		"Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "+extension", "GLX", "+extension", "RANDR")
	to.Close()
	d.env = append(d.env, "DISPLAY=:"+d.firstLine("Xvfb", from))
}

func (d *Desktop) startBus() {
	d.t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	defer from.Close()
	d.run(func(c *exec.Cmd) { c.Stdout = to },
		"dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", "--address=unix:path="+filepath.Join(d.dir, "bus"))
	to.Close()
	d.address = d.firstLine("dbus-daemon", from)
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+d.address)
	if d.bus, err = dbus.Connect(d.address); err != nil {
		d.t.Fatalf("connect to the session bus: %v", err)
	}
	d.t.Cleanup(func() { _ = d.bus.Close() })
}

func (d *Desktop) startKeyring() {
	d.t.Helper()
	d.run(func(c *exec.Cmd) { c.Stdin = strings.NewReader("test\n") },
		"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	d.waitFor(d.t, say("the keyring"), func() bool {
		// Asking it before it is there makes the bus start another one, which has no key.
		if !d.owned("org.freedesktop.secrets") {
			return false
		}
		alias := d.bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default")
		locked, err := alias.GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && locked.Value() == false
	})
}

func (d *Desktop) owned(name string) bool {
	var has bool
	err := d.bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has)
	return err == nil && has
}

// firstLine reads what a program tells when it is ready.
func (d *Desktop) firstLine(name string, from io.Reader) string {
	d.t.Helper()
	line, err := bufio.NewReader(from).ReadString('\n')
	if err != nil {
		d.t.Fatalf("%s ended before it was ready: %v", name, err)
	}
	return strings.TrimSpace(line)
}

// waitFor asks until the answer is yes.
func (d *Desktop) waitFor(t testing.TB, what func() string, ready func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ready(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what())
		}
	}
}

func say(what string) func() string { return func() string { return what } }

// tidy runs after every program has ended.
func (d *Desktop) tidy() {
	if d.t.Failed() {
		logs, _ := filepath.Glob(filepath.Join(d.dir, "*.log"))
		for _, name := range logs {
			if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
				d.t.Logf("%s:\n%s", filepath.Base(name), text)
			}
		}
	}
	if err := os.RemoveAll(d.dir); err != nil {
		d.t.Logf("remove the desktop's folder: %v", err)
	}
}

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	term, out, _ := testTerminal("")
	if got := run(t.Context(), []string{"version"}, term); got != inStep || !strings.HasPrefix(out.String(), "zohosync "+version+" (") {
		t.Errorf("exit %d, printed %q", got, out)
	}
	term, out, _ = testTerminal("")
	var said struct{ Version, System string }
	run(t.Context(), []string{"version", "--json"}, term)
	if err := json.Unmarshal(out.Bytes(), &said); err != nil || said.Version != version || said.System == "" {
		t.Errorf("printed %s: %v", out, err)
	}
}

func TestAWrongCommandLineIsExplained(t *testing.T) {
	for _, args := range [][]string{{"frobnicate"}, {"version", "--frob"}, {"version", "--vault", "cellar"}} {
		term, _, errOut := testTerminal("")
		if got := run(t.Context(), args, term); got != failed {
			t.Errorf("%v: exit %d", args, got)
		}
		if !strings.Contains(errOut.String(), "(bad-input: ") {
			t.Errorf("%v: %q", args, errOut)
		}
	}
}

// TestWithoutTray builds the program as machines without a display use it.
func TestWithoutTray(t *testing.T) {
	program := filepath.Join(t.TempDir(), "zohosync")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	bare := exec.Command(program)
	bare.Env = append(os.Environ(), "LC_ALL=C", "ZOHOSYNC_HOME="+t.TempDir())
	out, _ := bare.CombinedOutput()
	if code := bare.ProcessState.ExitCode(); code != int(failed) || !strings.Contains(string(out), "without tray and windows") || !strings.Contains(string(out), "zohosync sync") {
		t.Errorf("exit %d, printed %q", code, out)
	}
}

func TestTableKeepsItsColumns(t *testing.T) {
	term, out, _ := testTerminal("")
	term.table([]string{"REF", "TITLE"}, [][]string{{"a", "Zoë\nand\x1b[2Jco"}, {"longer", "ü"}}, "nothing")
	want := "REF     TITLE\na       Zoë and [2Jco\nlonger  ü\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out, want)
	}
	term, out, _ = testTerminal("")
	if term.table([]string{"REF"}, nil, "nothing"); out.String() != "nothing\n" {
		t.Errorf("got %q", out)
	}
}

func TestListIsATableOrJSON(t *testing.T) {
	rows := []map[string]string{{"ref": "<a&b>"}}
	term, out, _ := testTerminal("")
	term.json = true
	if err := term.list(rows, []string{"REF"}, [][]string{{"<a&b>"}}, "nothing"); err != nil || !strings.Contains(out.String(), `"ref": "<a&b>"`) {
		t.Errorf("got %q: %v", out, err)
	}
}

func TestFirstLine(t *testing.T) {
	for input, want := range map[string]string{"s3cret\n": "s3cret", "s3cret\r\nmore\n": "s3cret", " a b ": " a b ", "": ""} {
		term, _, _ := testTerminal(input)
		if got, err := term.firstLine(); got != want || err != nil {
			t.Errorf("%q: got %q, %v", input, got, err)
		}
	}
}

func TestHomeIsPrivate(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("AppData", t.TempDir())
	for _, asked := range []string{"", filepath.Join(t.TempDir(), "a", "b")} {
		dir, err := homeFolder(asked)
		if err != nil {
			t.Fatal(err)
		}
		if asked == "" && filepath.Base(dir) != "zohosync" || asked != "" && dir != asked {
			t.Errorf("%q: got %q", asked, dir)
		}
		if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%q: %v, %v", dir, info.Mode(), err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := homeFolder(filepath.Join(file, "home")); err == nil {
		t.Error("a home inside a file was made")
	}
}

// R7: one process owns a home, until it ends.
func TestOneProcessOwnsAHome(t *testing.T) {
	dir := t.TempDir()
	release, err := lockHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockHome(dir); codeOf(err) != "locked-home" {
		t.Errorf("second owner: %v", err)
	}
	release()
	again, err := lockHome(dir)
	if err != nil {
		t.Fatalf("after the first one: %v", err)
	}
	again()
}

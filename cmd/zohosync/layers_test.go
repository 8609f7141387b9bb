package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "zohosync/"

// layer says what the packages of one folder may import of ours.
type layer struct {
	path     string   // of a package, from the project's root; "app/*" is every package below app without a row of its own
	may      []string // our own packages; "*" is all of them
	standard bool     // nothing but these and the standard library
	testing  bool     // imported by tests only
}

// layers is the import order: a package may import what its row names, and a package without a row may not be.
func layers() []layer {
	service := []string{"sync/provider", "sync/record"}
	return []layer{
		{path: "sync/record", standard: true},
		{path: "sync/contentline", standard: true},
		{path: "sync/wholefile", standard: true},
		{path: "sync/provider", may: []string{"sync/record"}},
		{path: "sync/plan", may: []string{"sync/record"}},
		{path: "sync/provider/zoho", may: service},
		{path: "sync/provider/msgraph", may: service},
		{path: "sync/provider/google", may: service},
		{path: "sync/provider/memory", may: service, testing: true},
		{path: "sync/provider/providertest", may: service, testing: true},
		{path: "sync/provider/dav", may: append([]string{"sync/contentline", "sync/provider/dav/object"}, service...)},
		{path: "sync/provider/dav/object", may: append([]string{"sync/contentline"}, service...)},
		{path: "sync/provider/dav/davtest", standard: true},
		{path: "sync/provider/all", may: []string{"sync/provider", "sync/provider/zoho", "sync/provider/dav", "sync/provider/msgraph", "sync/provider/google"}},
		{path: "sync/auth", may: []string{"sync/provider", "sync/wholefile"}},
		{path: "sync/admin", may: service},
		{path: "sync/state", may: append([]string{"sync/plan", "sync/wholefile"}, service...)},
		{path: "sync/engine", may: append([]string{"sync/state", "sync/plan"}, service...)},
		{path: "sync/local", may: []string{"sync/contentline"}},
		{path: "sync/sandbox", may: []string{"sync/local"}, standard: true},
		{path: "sync/sandbox/oascheck", testing: true},
		{path: "assets"},
		{path: "assets/draw", may: []string{"assets"}},
		{path: "app/desktoptest", testing: true},
		{path: "app/*", may: append([]string{"app/*", "assets", "sync/engine", "sync/state", "sync/plan", "sync/auth", "sync/admin"}, service...)},
		{path: "cmd/*", may: []string{"*"}},
	}
}

// only says which packages may import a library of others that must not spread.
type only struct {
	library string // itself and what lies below it
	in      []string
	main    bool // and there by a package main alone
}

func libraries() []only {
	return []only{
		// This one needs cgo: whatever else imports it no longer builds and tests without.
		{library: "fyne.io/fyne/v2/app", in: []string{"cmd/*", "app/*"}, main: true},
		{library: "fyne.io/fyne/v2", in: []string{"cmd/*", "app/*"}},
		{library: "fyne.io/systray", in: []string{"app/tray"}},
		{library: "modernc.org/sqlite", in: []string{"sync/state", "sync/local"}},
	}
}

// source is one package as its files say, whatever system and build tags they are for.
type source struct {
	path     string // from the project's root
	main     bool
	imports  []string // by files that are no tests
	comments []string // the files that hold a package comment
}

func TestLayersHold(t *testing.T) {
	sources, err := readSources()
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 3 {
		t.Fatalf("go list names %d packages", len(sources))
	}
	for _, arrow := range broken(sources) {
		t.Error(arrow)
	}
}

// broken lists in words every arrow that runs against the import order, and every package without exactly one comment.
func broken(sources []source) []string {
	var out []string
	for _, s := range sources {
		row, ok := rowOf(s.path)
		if !ok {
			out = append(out, fmt.Sprintf("%s has no row in the import order: give it one", s.path))
			continue
		}
		for _, imported := range s.imports {
			if why := row.forbids(s, imported); why != "" {
				out = append(out, fmt.Sprintf("%s -> %s: %s", s.path, imported, why))
			}
		}
		if n := len(s.comments); n != 1 {
			out = append(out, fmt.Sprintf("%s has %d package comments instead of 1 %v", s.path, n, s.comments))
		}
	}
	return out
}

// forbids says why a package of this layer may not import path; "" when it may.
func (l layer) forbids(s source, path string) string {
	if own, ours := strings.CutPrefix(path, module); ours {
		row, ok := rowOf(own)
		switch {
		case !l.allows(own):
			return "runs against the import order"
		case ok && row.testing && !l.testing:
			return "is for tests only"
		}
		return ""
	}
	if first, _, _ := strings.Cut(path, "/"); l.standard && strings.Contains(first, ".") {
		return "only the standard library may be imported here"
	}
	for _, o := range libraries() {
		if path != o.library && !strings.HasPrefix(path, o.library+"/") {
			continue
		}
		if !slices.ContainsFunc(o.in, func(p string) bool { return matches(p, s.path) }) {
			return "may be imported only in " + strings.Join(o.in, ", ")
		}
		if o.main && !s.main {
			return "may be imported only by a package main"
		}
	}
	return ""
}

func (l layer) allows(own string) bool {
	return slices.ContainsFunc(l.may, func(p string) bool { return matches(p, own) })
}

func rowOf(path string) (layer, bool) {
	for _, l := range layers() {
		if matches(l.path, path) {
			return l, true
		}
	}
	return layer{}, false
}

func matches(pattern, path string) bool {
	if folder, all := strings.CutSuffix(pattern, "*"); all {
		return strings.HasPrefix(path, folder)
	}
	return pattern == path
}

// readSources asks go list for our packages and reads all their files, also those that other systems and tags build.
func readSources() ([]source, error) {
	list := exec.Command("go", "list", "-json=ImportPath,Name,Dir,GoFiles,CgoFiles,IgnoredGoFiles", module+"...")
	list.Stderr = os.Stderr
	answer, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var out []source
	for d := json.NewDecoder(strings.NewReader(string(answer))); ; {
		var p struct {
			ImportPath, Name, Dir             string
			GoFiles, CgoFiles, IgnoredGoFiles []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		s, err := readSource(p.Dir, slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles))
		if err != nil {
			return nil, err
		}
		s.path, s.main = strings.TrimPrefix(p.ImportPath, module), p.Name == "main"
		out = append(out, s)
	}
}

func readSource(dir string, files []string) (source, error) {
	var s source
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return s, err
		}
		if f.Doc != nil {
			s.comments = append(s.comments, name)
		}
		for _, i := range f.Imports {
			s.imports = append(s.imports, strings.Trim(i.Path.Value, `"`))
		}
	}
	return s, nil
}

func TestLayersSeeEveryBreak(t *testing.T) {
	one := []string{"doc.go"}
	for name, c := range map[string]struct {
		source source
		want   string
	}{
		"allowed":                   {source{path: "sync/plan", imports: []string{"fmt", module + "sync/record"}, comments: one}, ""},
		"a service and its parts":   {source{path: "sync/provider/dav", imports: []string{module + "sync/provider/dav/object", "github.com/emersion/go-webdav/caldav"}, comments: one}, ""},
		"up":                        {source{path: "sync/record", imports: []string{module + "sync/provider"}, comments: one}, "runs against"},
		"service to service":        {source{path: "sync/provider/zoho", imports: []string{module + "sync/provider/dav"}, comments: one}, "runs against"},
		"the engine signs in":       {source{path: "sync/engine", imports: []string{module + "sync/auth"}, comments: one}, "runs against"},
		"the stand-in knows us":     {source{path: "sync/sandbox", imports: []string{module + "sync/provider/zoho"}, comments: one}, "runs against"},
		"the stand-in borrows":      {source{path: "sync/sandbox", imports: []string{"golang.org/x/time/rate"}, comments: one}, "only the standard library"},
		"a window in the engine":    {source{path: "sync/engine", imports: []string{"fyne.io/fyne/v2/widget"}, comments: one}, "only in"},
		"SQLite in a service":       {source{path: "sync/provider/dav", imports: []string{"modernc.org/sqlite/lib"}, comments: one}, "only in"},
		"tray details in a window":  {source{path: "app/ui", imports: []string{"fyne.io/systray"}, comments: one}, "only in"},
		"the driver in a view":      {source{path: "app/ui", imports: []string{"fyne.io/fyne/v2/app"}, comments: one}, "package main"},
		"the driver in main":        {source{path: "cmd/zohosync", main: true, imports: []string{"fyne.io/fyne/v2/app"}, comments: one}, ""},
		"a test helper in a window": {source{path: "app/ui", imports: []string{module + "app/desktoptest"}, comments: one}, "for tests only"},
		"a test helper in main":     {source{path: "cmd/zohosync", main: true, imports: []string{module + "sync/provider/memory"}, comments: one}, "for tests only"},
		"a helper helps another":    {source{path: "app/desktoptest", imports: []string{"github.com/godbus/dbus/v5"}, comments: one}, ""},
		"no row":                    {source{path: "sync/util", comments: one}, "no row"},
		"no comment":                {source{path: "sync/plan"}, "0 package comments"},
		"two comments":              {source{path: "sync/plan", comments: []string{"a.go", "b.go"}}, "2 package comments"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(broken([]source{c.source}), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

package contentline

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus returns the folder of real objects: ZOHOSYNC_CORPUS, or corpus in the folder shared beside the project.
func corpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("ZOHOSYNC_CORPUS"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, gone := os.Stat(filepath.Join(dir, "go.mod")); gone == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	shared := os.Getenv("ZOHOSYNC_SHARED")
	if shared == "" {
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	if _, err := os.Stat(filepath.Join(shared, "corpus")); err != nil {
		t.Skip("no corpus here; ZOHOSYNC_CORPUS names a folder of .ics and .vcf files")
	}
	return filepath.Join(shared, "corpus")
}

// whole is the rule for what Parse must take, in words of its own: after a byte order mark and white space the file
// begins with BEGIN:VCALENDAR or BEGIN:VCARD, and ends with its END.
func whole(b []byte) bool {
	words := strings.Fields(strings.ToUpper(strings.TrimPrefix(string(b), bom)))
	if len(words) < 2 {
		return false
	}
	first, last := words[0], words[len(words)-1]
	return first == "BEGIN:VCALENDAR" && last == "END:VCALENDAR" || first == "BEGIN:VCARD" && last == "END:VCARD"
}

func TestCorpusIsTakenAndWrittenBack(t *testing.T) {
	files, accepted, refused, flawed := 0, 0, 0, 0
	holding := map[string]int{}
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if ext := strings.ToLower(filepath.Ext(path)); err != nil || d.IsDir() || ext != ".ics" && ext != ".vcf" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		f, err := Parse(b)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || whole(b) {
				t.Errorf("%s: a file with a whole envelope was refused: %v", path, err)
				return nil
			}
			refused++
			t.Logf("refused: %s: line %d: %s", path, e.Line, e.Reason)
			return nil
		}
		accepted++
		if f.Flaw != nil {
			flawed++
			t.Logf("flawed: %s: line %d: %s", path, f.Flaw.Line, f.Flaw.Reason)
		}
		if !whole(b) {
			t.Errorf("%s: accepted without a whole envelope", path)
		}
		if !bytes.Equal(f.Bytes(), b) {
			t.Errorf("%s: not written back byte for byte", path)
		}
		for _, name := range []string{"VEVENT", "VTODO", "VCARD"} {
			if holds(f.Roots(), name) {
				holding[name]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files: %d accepted (%d flawed), %d refused", files, accepted, flawed, refused)
	t.Logf("files that held an event %d, a task %d, a card %d", holding["VEVENT"], holding["VTODO"], holding["VCARD"])
	if accepted == 0 {
		t.Error("nothing was accepted")
	}
}

func holds(list []*Component, name string) bool {
	for _, c := range list {
		if c.Name == name || holds(c.Children(""), name) {
			return true
		}
	}
	return false
}

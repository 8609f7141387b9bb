package assets

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLanguagesSayTheSame reads every language file: the same sentences, the same placeholders, plural forms where
// English has them, and nothing left empty.
func TestLanguagesSayTheSame(t *testing.T) {
	english := mustRead(t, "en")
	for _, name := range Languages() {
		other := mustRead(t, name)
		for key := range english {
			if _, ok := other[key]; !ok {
				t.Errorf("%s has no translation of %q", name, key)
			}
		}
		for key, said := range other {
			if _, ok := english[key]; !ok {
				t.Errorf("%s translates %q, which English does not have", name, key)
			}
			if (said.One == "") != (english[key].One == "") || said.Other == "" {
				t.Errorf("%s: %q has other plural forms than English", name, key)
			}
			for _, form := range []string{said.One, said.Many, said.Other} {
				if form != "" && !slices.Equal(placeholders(form), placeholders(key)) {
					t.Errorf("%s: %q has the placeholders %v, not %v", name, form, placeholders(form), placeholders(key))
				}
			}
		}
	}
}

func TestEnglishIsTheKey(t *testing.T) {
	for key, said := range mustRead(t, "en") {
		if said.Other != key {
			t.Errorf("%q reads %q", key, said.Other)
		}
	}
}

func TestThereAreNoOtherLanguageFiles(t *testing.T) {
	files, err := fs.Glob(langFiles, "lang/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(Languages()) {
		t.Errorf("files %v for the languages %v", files, Languages())
	}
}

// TestTypography: French has a no-break space before tall punctuation, and nobody writes typewriter apostrophes.
func TestTypography(t *testing.T) {
	wrong := map[string]*regexp.Regexp{
		"en":    regexp.MustCompile(`'|\.\.\.|"`),
		"fr":    regexp.MustCompile(` [:;?!%»]|[^\x{a0}\x{202f}][;?!%»](\s|$)|[^\x{a0}\x{202f}]:(\s|$)|«[^\x{a0}\x{202f}]|'|\.\.\.|"`),
		"pt-BR": regexp.MustCompile(`'|\.\.\.|"`),
	}
	for _, name := range Languages() {
		for key, said := range mustRead(t, name) {
			for _, form := range []string{said.One, said.Many, said.Other} {
				if bad := wrong[name].FindString(form); bad != "" {
					t.Errorf("%s: %q in %q (of %q)", name, bad, form, key)
				}
			}
		}
	}
}

// TestEverySentenceIsTranslatedAndUsed compares the sentences with the code of the whole project.
func TestEverySentenceIsTranslatedAndUsed(t *testing.T) {
	english := mustRead(t, "en")
	literals := map[string]bool{}
	for _, file := range sources(t) {
		ast.Inspect(file.tree, func(n ast.Node) bool {
			if s, ok := text(n); ok {
				literals[s] = true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			spoken, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || spoken.Sel.Name != "T" && spoken.Sel.Name != "N" {
				return true
			}
			sentence, ok := text(call.Args[0])
			if said, known := english[sentence]; ok && !known {
				t.Errorf("%s says %q, which lang/en.json does not have", file.at(call), sentence)
			} else if ok && (said.One != "") != (spoken.Sel.Name == "N") {
				t.Errorf("%s: %q is said with %s", file.at(call), sentence, spoken.Sel.Name)
			}
			return true
		})
	}
	for _, key := range slices.Sorted(maps.Keys(english)) {
		if !literals[key] {
			t.Errorf("nobody says %q", key)
		}
	}
}

// C-41: TestEveryCodeHasSentences: each code that the contract or the planner reports is explained in each language.
func TestEveryCodeHasSentences(t *testing.T) {
	known := ProblemCodes()
	if sorted := slices.Compact(slices.Sorted(slices.Values(known))); len(sorted) != len(known) {
		t.Errorf("a code is listed twice: %v", known)
	}
	for _, file := range sources(t) {
		if dir := filepath.Dir(file.path); filepath.Base(filepath.Dir(dir)) != "sync" {
			continue
		}
		for name, code := range codes(file.tree) {
			if !slices.Contains(known, code) {
				t.Errorf("%s: %s %q has no sentence", file.path, name, code)
			}
		}
	}
	translated := map[string]map[string]forms{}
	for _, name := range Languages() {
		translated[name] = mustRead(t, name)
	}
	for _, code := range known {
		sentence, next := Problem(code)
		for name, said := range translated {
			if said[sentence].Other == "" || said[next].Other == "" {
				t.Errorf("%s: the code %s is not explained", name, code)
			}
		}
	}
}

func TestACodeWithoutSentencesIsStillExplained(t *testing.T) {
	sentence, next := Problem("brand-new")
	wantSentence, wantNext := Problem("refused")
	if sentence != wantSentence || next != wantNext || sentence == "" || next == "" {
		t.Errorf("got %q, %q", sentence, next)
	}
}

func mustRead(t *testing.T, name string) map[string]forms {
	t.Helper()
	messages, err := readLanguage(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	said := map[string]forms{}
	for _, m := range messages {
		said[m.ID] = forms{One: m.One, Many: m.Many, Other: m.Other}
	}
	return said
}

func placeholders(s string) []string {
	return slices.Sorted(slices.Values(regexp.MustCompile(`{{\.\w+}}`).FindAllString(s, -1)))
}

// source is one Go file of the program itself.
type source struct {
	path string
	set  *token.FileSet
	tree *ast.File
}

func (s source) at(n ast.Node) string { return s.set.Position(n.Pos()).String() }

// sources parses every Go file of the project that is not a test.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	var found []source
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		found = append(found, source{path, set, tree})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// text returns the value of a string literal.
func text(n ast.Node) (string, bool) {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(literal.Value)
	return s, err == nil
}

// codes returns the string constants of a file whose names begin with Code.
func codes(tree *ast.File) map[string]string {
	found := map[string]string{}
	for _, decl := range tree.Decls {
		constants, ok := decl.(*ast.GenDecl)
		if !ok || constants.Tok != token.CONST {
			continue
		}
		for _, spec := range constants.Specs {
			row := spec.(*ast.ValueSpec)
			for i, name := range row.Names {
				if i < len(row.Values) && strings.HasPrefix(name.Name, "Code") {
					if code, ok := text(row.Values[i]); ok {
						found[name.Name] = code
					}
				}
			}
		}
	}
	return found
}

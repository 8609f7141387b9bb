package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
)

func open(t *testing.T, path string) *State {
	t.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "home", "state.db") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// withPair returns a state that holds one pair of contacts, "p".
func withPair(t *testing.T) (*State, Pair) {
	t.Helper()
	s := open(t, file(t))
	p := Pair{ID: "p", Kind: record.Contact, Ends: [2]End{{Account: "crm", Ref: "Contacts"}, {Account: "home", Ref: "/people/"}}}
	must(t, s.StoreAccount(ctx, Account{Name: "crm", Service: "zoho", Settings: map[string]string{"api_url": "x"}}))
	must(t, s.StoreAccount(ctx, Account{Name: "home", Service: "caldav"}))
	must(t, s.StorePair(ctx, p))
	return s, p
}

func card(id, name string) record.Item {
	return record.Item{ID: record.ID(id), Self: record.Mark("self-" + id), Revision: record.Revision("r" + name), Record: record.Record{record.LastName: name}}
}

func found(side plan.Side, generation int, items ...record.Item) Found {
	return Found{Pair: "p", Side: side, At: noon, Page: provider.Page{Changed: items}, Cursor: Cursor{Value: "c", Generation: generation}}
}

func TestStateSurvivesAReopening(t *testing.T) {
	path := file(t)
	s := open(t, path)
	must(t, s.StoreAccount(ctx, Account{Name: "crm", Service: "zoho", Settings: map[string]string{"api_url": "x"}}))
	must(t, s.Close())
	a, err := open(t, path).GetAccount(ctx, "crm")
	must(t, err)
	if a.Service != "zoho" || a.Settings["api_url"] != "x" {
		t.Fatalf("account %+v", a)
	}
}

// C-51: a file of a later version is named and left as it is.
func TestNewerStateIsLeftAlone(t *testing.T) {
	path := file(t)
	s := open(t, path)
	_, err := s.db.Exec("PRAGMA user_version = 999")
	must(t, err)
	must(t, s.Close())
	if _, err := Open(path, Options{}); !errors.Is(err, ErrNewer) {
		t.Fatalf("error %v, want ErrNewer", err)
	}
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	var version int
	must(t, db.QueryRow("PRAGMA user_version").Scan(&version))
	if version != 999 {
		t.Fatalf("the file was changed: version %d", version)
	}
}

// C-51: a damaged file is named and left as it is: nothing is written over what may be rescued.
func TestFileThatIsNoStateIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	text := []byte(strings.Repeat("this is no database. ", 100))
	must(t, os.WriteFile(path, text, 0o600))
	if _, err := Open(path, Options{}); !errors.Is(err, ErrDamaged) {
		t.Fatalf("error %v, want ErrDamaged", err)
	}
	if got, _ := os.ReadFile(path); string(got) != string(text) {
		t.Fatal("the file was changed")
	}
}

func TestFullDiskIsNamedAndLosesNothing(t *testing.T) {
	path := file(t)
	must(t, open(t, path).Close())
	s, err := Open(path, Options{MaxPages: 60})
	must(t, err)
	var stored int
	for stored = 0; stored < 10000; stored++ {
		if err = s.StoreSetting(ctx, fmt.Sprint("name", stored), strings.Repeat("x", 1000)); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("error %v, want ErrFull", err)
	}
	must(t, s.Close())
	again := open(t, path)
	for i := range stored {
		if v, err := again.GetSetting(ctx, fmt.Sprint("name", i)); err != nil || len(v) != 1000 {
			t.Fatalf("setting %d of %d is lost: %v", i, stored, err)
		}
	}
}

// The first version of the tables, as it was released. A later migration must bring its rows along.
func TestFirstVersionIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	text, err := os.ReadFile("testdata/version-1.sql")
	must(t, err)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(string(text))
	must(t, err)
	must(t, db.Close())
	s := open(t, path)
	p, err := s.GetPair(ctx, "p1")
	must(t, err)
	links, err := s.ListLinks(ctx, "p1")
	must(t, err)
	if p.Kind != record.Contact || len(links) != 1 || links[0].IDs != [2]record.ID{"100", "/a.vcf"} {
		t.Fatalf("pair %+v, links %+v", p, links)
	}
	var broken, enforced int
	must(t, s.db.QueryRow("SELECT (SELECT count(*) FROM pragma_foreign_key_check), foreign_keys FROM pragma_foreign_keys").Scan(&broken, &enforced))
	if broken != 0 || enforced != 1 {
		t.Fatalf("%d rows refer to nothing; references are watched: %d", broken, enforced)
	}
}

// What remembers the number of a link, a write, a run or a line of the journal never means a later one by it.
func TestNoNumberIsGivenTwice(t *testing.T) {
	s, _ := withPair(t)
	for _, table := range []string{"links", "intents", "runs", "journal"} {
		var text string
		must(t, s.db.QueryRow("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", table).Scan(&text))
		if !strings.Contains(text, "AUTOINCREMENT") {
			t.Errorf("the numbers of %s come again", table)
		}
	}
}

func TestOnlyNewsMakesAnItemDirty(t *testing.T) {
	s, p := withPair(t)
	dirty := func() int {
		d, err := s.Triples(ctx, p)
		must(t, err)
		return len(d.Unlinked[plan.Left])
	}
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("1", "a"))))
	if dirty() != 1 {
		t.Fatal("a new item is news")
	}
	d, err := s.Triples(ctx, p)
	must(t, err)
	_, err = s.Settle(ctx, p, plan.Step{Triple: plan.Triple{Items: [2]*plan.Seen{d.Unlinked[0][0], nil}}})
	must(t, err)
	again := card("1", "a")
	again.Revision = "another"
	must(t, s.Discovered(ctx, found(plan.Left, 1, again)))
	if dirty() != 0 {
		t.Fatal("a new revision alone is no news")
	}
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("1", "b"))))
	if dirty() != 1 {
		t.Fatal("another record is news")
	}
}

func TestAbsenceCountsOnlyAfterACompleteListing(t *testing.T) {
	s, _ := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Right, 1, card("1", "a"), card("2", "b"))))
	half := found(plan.Right, 2, card("1", "a"))
	must(t, s.Discovered(ctx, half))
	if it, _ := s.GetItem(ctx, "p", plan.Right, "2"); it.Presence != plan.Present {
		t.Fatalf("in the middle of a listing it is %s", it.Presence)
	}
	half.Page.Changed, half.Absent = nil, plan.Gone
	must(t, s.Discovered(ctx, half))
	for id, want := range map[record.ID]plan.Presence{"1": plan.Present, "2": plan.Gone} {
		if it, _ := s.GetItem(ctx, "p", plan.Right, id); it.Presence != want {
			t.Fatalf("item %s is %s, want %s", id, it.Presence, want)
		}
	}
}

func TestSkippedItemIsThereAndKeepsItsRecord(t *testing.T) {
	s, p := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Right, 1, card("1", "a"))))
	f := found(plan.Right, 2)
	f.Page.Skipped = []provider.Skip{{ID: "1", Group: "1", Title: "A", Err: &provider.ItemError{Code: provider.CodeUnreadable}}}
	f.Absent = plan.Gone
	must(t, s.Discovered(ctx, f))
	it, err := s.GetItem(ctx, "p", plan.Right, "1")
	must(t, err)
	if it.Presence != plan.Skipped || it.Record[record.LastName] != "a" {
		t.Fatalf("item %+v", it)
	}
	problems, err := s.ListProblems(ctx, p)
	must(t, err)
	if len(problems) != 1 || problems[0].Code != provider.CodeUnreadable || problems[0].Title != "A" {
		t.Fatalf("problems %+v", problems)
	}
}

func TestCursorOfOtherFieldsStartsAnew(t *testing.T) {
	s, _ := withPair(t)
	f := found(plan.Left, 1)
	f.Cursor.Fields = []record.Field{record.Phone}
	must(t, s.Discovered(ctx, f))
	if c, _ := s.GetCursor(ctx, "p", plan.Left, []record.Field{record.Phone}); c.Value != "c" {
		t.Fatalf("cursor %+v", c)
	}
	if c, _ := s.GetCursor(ctx, "p", plan.Left, []record.Field{record.Mobile}); c.Value != "" || c.Generation != 1 {
		t.Fatalf("cursor %+v", c)
	}
}

func TestIntentStaysOpenUntilItsWriteEnds(t *testing.T) {
	s, _ := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("1", "a"))))
	run, err := s.BeginRun(ctx, "p", noon)
	must(t, err)
	in := []Intent{{Pair: "p", Run: run, Side: plan.Right, Op: record.Create, Source: "1", Sent: noon,
		Write: record.Write{Patch: record.Patch{record.LastName: "a"}, Mark: "self-1"},
		Agree: [2]record.Patch{{record.LastName: "a"}, {record.LastName: "a"}}}}
	must(t, s.Intend(ctx, in))
	open, err := s.OpenIntents(ctx, "p")
	must(t, err)
	if len(open) != 1 || open[0].Source != "1" || open[0].Write.Mark != "self-1" || !open[0].Sent.Equal(noon) {
		t.Fatalf("intents %+v", open)
	}
	must(t, s.Wrote(ctx, in[0], card("/1.vcf", "a"), noon))
	if open, _ = s.OpenIntents(ctx, "p"); len(open) != 0 {
		t.Fatal("the intent is still open")
	}
	links, err := s.ListLinks(ctx, "p")
	must(t, err)
	if len(links) != 1 || links[0].IDs != [2]record.ID{"1", "/1.vcf"} {
		t.Fatalf("links %+v", links)
	}
	journal, err := s.ListJournal(ctx, run)
	must(t, err)
	if len(journal) != 1 || !journal[0].Done || journal[0].Item != "/1.vcf" {
		t.Fatalf("journal %+v", journal)
	}
}

// What a run changed is forgotten after its time, also when the program was killed in the middle of it. Only an undo of which
// a write has no answer is kept: the write is another one without it.
func TestJournalIsForgottenAfterItsTime(t *testing.T) {
	for _, c := range []struct {
		ended, answered, kept bool
		undoes                int64
	}{{ended: true, answered: true}, {answered: true}, {ended: true}, {undoes: 7, answered: true}, {undoes: 7, kept: true}} {
		s, _ := withPair(t)
		run, err := s.BeginUndo(ctx, "p", c.undoes, noon)
		must(t, err)
		in := []Intent{{Pair: "p", Run: run, Side: plan.Left, Op: record.Update, Item: "1"}}
		must(t, s.Intend(ctx, in))
		if c.answered {
			must(t, s.Unproven(ctx, in[0]))
		}
		if c.ended {
			must(t, s.EndRun(ctx, run, "p", "in-step", "{}", true, noon))
		}
		_, err = s.BeginRun(ctx, "p", noon.Add(Keeping-time.Hour))
		must(t, err)
		if j, _ := s.ListJournal(ctx, run); len(j) != 1 {
			t.Fatalf("%+v: forgotten too early", c)
		}
		_, err = s.BeginRun(ctx, "p", noon.Add(Keeping+time.Hour))
		must(t, err)
		if j, _ := s.ListJournal(ctx, run); len(j) == 1 != c.kept {
			t.Fatalf("%+v: %d lines of the journal", c, len(j))
		}
	}
}

func TestRemovingAnAccountRemovesItsPairs(t *testing.T) {
	s, _ := withPair(t)
	must(t, s.Discovered(ctx, found(plan.Left, 1, card("1", "a"))))
	must(t, s.DeleteAccount(ctx, "home"))
	if _, err := s.GetPair(ctx, "p"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("error %v", err)
	}
	if it, _ := s.GetItem(ctx, "p", plan.Left, "1"); it != nil {
		t.Fatal("its items are still there")
	}
	if err := s.DeleteAccount(ctx, "home"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("error %v, want ErrNotFound", err)
	}
}

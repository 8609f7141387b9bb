package state

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// version4 makes a file as the fourth version left it in the middle of a run: with writes without an answer, versions, items
// that were replaced, and numbers that are remembered although their rows are gone.
func version4(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	must(t, err)
	db.SetMaxOpenConns(1)
	files, err := fs.Glob(migrations, "migrations/*.sql")
	must(t, err)
	for _, name := range files[:4] {
		text, err := migrations.ReadFile(name)
		must(t, err)
		_, err = db.Exec(string(text))
		must(t, err)
	}
	long := strings.Repeat("x", 60000)
	for _, q := range []string{
		"PRAGMA user_version = 4",
		`INSERT INTO pairs VALUES ('p1', 0, '{"id":"p1","kind":"contact"}', '', '')`,
		`INSERT INTO links VALUES (1, 'p1', '100', '/a.vcf', '{}', '{}', 'left', ''), (3, 'p1', '101', '/b.vcf', '{}', '{}', 'right', 'undone')`,
		`INSERT INTO replaced VALUES ('p1', 0, '99', 1)`,
		`INSERT INTO copies VALUES ('p1', 1, 'k', '/c.vcf')`,
		`INSERT INTO runs VALUES (7, 'p1', '2026-01-05T12:00:00Z', '', '', '', 0)`,
		`INSERT INTO images VALUES (1, 7, 1, '/a.vcf', x'4142')`,
		`INSERT INTO journal (id, run, side, item, op, before, patch, done, link, image, intent) VALUES
			(5, 7, 1, '/a.vcf', 'update', '` + long + `', '{}', 0, 1, 1, 0), (6, 7, 1, '/z.vcf', 'delete', '{}', '{}', 1, 12, 0, 0),
			(7, 7, 1, '/a.vcf', 'conflict', '{}', '{}', 0, 0, 0, 4)`,
		`INSERT INTO intents VALUES (4, 'p1', 7, 1, 'update', '/a.vcf', '100', 1, '', '{}', '[{},{}]', '', 5, '')`,
		`INSERT INTO settings VALUES ('heard:p1:right', '20')`,
	} {
		_, err := db.Exec(q)
		must(t, err)
	}
	must(t, db.Close())
	return path
}

// dump writes all rows of all tables.
func dump(t *testing.T, s *State) string {
	t.Helper()
	var out strings.Builder
	for _, table := range []string{"pairs", "links", "intents", "runs", "journal", "images", "replaced", "copies", "settings"} {
		rows, err := s.db.Query("SELECT * FROM " + table + " ORDER BY 1")
		must(t, err)
		names, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			must(t, rows.Scan(into...))
			fmt.Fprintln(&out, table, names, values)
		}
		must(t, rows.Close())
	}
	return out.String()
}

// A file that cannot be brought up to date now, since the disk is full, is as it was, and is brought up to date later.
func TestAnUpgradeThatFailsHalfWayLosesNothing(t *testing.T) {
	whole := dump(t, open(t, version4(t)))
	if strings.Count(whole, "\n") != 12 {
		t.Fatalf("rows are missing:\n%s", whole)
	}
	path, failed := version4(t), 0
	for pages := 1; ; pages++ {
		s, err := Open(path, Options{MaxPages: pages})
		if err == nil {
			must(t, s.Close())
			break
		}
		if !errors.Is(err, ErrFull) {
			t.Fatalf("%d pages: %v", pages, err)
		}
		failed++
		db, err := sql.Open("sqlite", path)
		must(t, err)
		var version, rows int
		must(t, db.QueryRow("SELECT user_version, (SELECT count(*) FROM replaced) + (SELECT count(*) FROM copies) + (SELECT count(*) FROM journal) FROM pragma_user_version").Scan(&version, &rows))
		must(t, db.Close())
		if version != 4 || rows != 5 {
			t.Fatalf("%d pages: version %d with %d rows is left", pages, version, rows)
		}
	}
	if failed < 3 {
		t.Fatalf("it failed %d times only", failed)
	}
	s := open(t, path)
	if got := dump(t, s); got != whole {
		t.Errorf("another file:\n%s\nwant\n%s", got, whole)
	}
	var enforced int
	must(t, s.db.QueryRow("PRAGMA foreign_keys").Scan(&enforced))
	if enforced != 1 {
		t.Error("references are not watched")
	}
}

// The numbers go on behind all that is remembered, also where their rows are gone.
func TestNumbersOfOlderFilesDoNotComeAgain(t *testing.T) {
	s := open(t, version4(t))
	run, err := s.BeginRun(ctx, "p1", noon)
	must(t, err)
	in := []Intent{{Pair: "p1", Run: run, Side: plan.Right, Op: record.Create, Source: "103", Sent: noon}}
	must(t, s.Intend(ctx, in))
	must(t, s.Wrote(ctx, in[0], record.Item{ID: "/n.vcf"}, noon))
	link, err := s.LinkOf(ctx, "p1", plan.Right, "/n.vcf")
	must(t, err)
	if run <= 7 || in[0].ID <= 4 || in[0].Journal <= 20 || link <= 12 {
		t.Errorf("run %d, write %d, line %d of the journal, link %d", run, in[0].ID, in[0].Journal, link)
	}
}

package state

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/record"
)

// The journal of an older version keeps its before-images.
func TestOlderJournalKeepsItsImages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	text, err := os.ReadFile("testdata/version-1.sql")
	must(t, err)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	for _, q := range []string{string(text),
		`INSERT INTO runs (id, pair, began, ended) VALUES (7, 'p1', '2026-01-05T12:00:00Z', '2026-01-05T12:01:00Z')`,
		`INSERT INTO journal (run, side, item, op, before, raw, patch, done) VALUES (7, 1, '/a.vcf', 'delete', '{"last_name":"A"}', x'4142', '{}', 1),
			(7, 0, '100', 'update', '{"last_name":"A"}', NULL, '{"last_name":"B"}', 1)`,
		`INSERT INTO intents (pair, run, side, op, item, source, link, mark, patch, agree, sent) VALUES ('p1', 7, 0, 'update', '100', '/a.vcf', 1, '', '{}', '[{},{}]', '')`,
	} {
		_, err := db.Exec(q)
		must(t, err)
	}
	must(t, db.Close())
	s := open(t, path)
	journal, err := s.ListJournal(ctx, 7)
	must(t, err)
	if len(journal) != 2 || string(journal[0].Raw) != "AB" || len(journal[1].Raw) != 0 || journal[1].Patch[record.LastName] != "B" {
		t.Fatalf("journal %+v", journal)
	}
	intents, err := s.OpenIntents(ctx, "p1")
	must(t, err)
	if len(intents) != 1 || intents[0].Undo || intents[0].Journal != 0 {
		t.Fatalf("intents %+v", intents)
	}
	runs, err := s.ListRuns(ctx, 9)
	must(t, err)
	if len(runs) != 1 || !runs[0].Writes || runs[0].Undoes != 0 {
		t.Fatalf("runs %+v", runs)
	}
}

// What several entries of a run saw of one object is kept once; what somebody changed meanwhile is kept too.
func TestBeforeImagesAreKeptOncePerObject(t *testing.T) {
	s, _ := withPair(t)
	run, err := s.BeginRun(ctx, "p", noon)
	must(t, err)
	var in []Intent
	for _, id := range []record.ID{"/s.ics#1", "/s.ics#2", "/s.ics#3"} {
		it := Intent{Pair: "p", Run: run, Side: plan.Right, Op: record.Update, Item: id, Source: "1", Sent: noon}
		it.Was[plan.Right] = record.Item{ID: id, Group: "/s.ics"}
		in = append(in, it)
	}
	must(t, s.Intend(ctx, in))
	for i, raw := range []string{"first", "first", "edited meanwhile"} {
		must(t, s.Before(ctx, in[i], []byte(raw)))
	}
	var images int
	must(t, s.db.QueryRow("SELECT count(*) FROM images").Scan(&images))
	journal, err := s.ListJournal(ctx, run)
	must(t, err)
	if images != 2 || string(journal[1].Raw) != "first" || string(journal[2].Raw) != "edited meanwhile" {
		t.Fatalf("%d images, journal %+v", images, journal)
	}
	must(t, s.EndRun(ctx, run, "p", "in-step", "{}", true, noon))
	_, err = s.BeginRun(ctx, "p", noon.Add(Keeping+1))
	must(t, err)
	must(t, s.db.QueryRow("SELECT count(*) FROM images").Scan(&images))
	if images != 0 {
		t.Fatalf("%d images are kept too long", images)
	}
}

// C-8: what was deleted on both sides comes back also where somebody brought one of them back before.
func TestWhatComesBackFindsItsPartnerThere(t *testing.T) {
	s, p := withPair(t)
	partner := card("p", "Ada")
	must(t, s.Discovered(t.Context(), found(plan.Left, 1, partner)))
	run, err := s.BeginUndo(t.Context(), p.ID, 1, time.Now())
	must(t, err)
	in := Intent{
		Pair: p.ID, Run: run, Side: plan.Right, Op: record.Restore, Item: "r", Source: "p", Undo: true, Origin: "left",
		Write: record.Write{Op: record.Restore, ID: "r", Patch: record.Patch{record.LastName: "Ada"}}, Sent: time.Now(),
		Was: [2]record.Item{card("p", "Before"), {ID: "r", Group: "r"}},
	}
	must(t, s.Intend(t.Context(), []Intent{in}))
	around, err := s.Around(t.Context(), p.ID, plan.Left, "p")
	must(t, err)
	if around.Link == 0 || around.Held != plan.CodeUndone || around.Base[plan.Left][record.LastName] != "Ada" {
		t.Errorf("link %d, held %q, left base %v", around.Link, around.Held, around.Base[plan.Left])
	}
}

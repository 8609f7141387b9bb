package plan

import (
	"testing"
	"time"

	"zohosync/sync/record"
)

// Somebody edited a task right after it was made, and nobody heard that it was (C-2). It is the same task, though its key,
// the subject and the due date, is another one; of a task that is no more than its name a person decides.
func TestAnEditedTaskIsStillTheOneThatWasMade(t *testing.T) {
	sent := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	sentAs := record.Record{record.Subject: "Call", record.Due: "2026-02-04", record.Details: "about the roof"}
	with := func(r record.Record, f record.Field, v string) record.Record { return r.With(record.Patch{f: v}) }
	short := with(sentAs, record.Details, "")
	for _, c := range []struct {
		name       string
		sent, made record.Record
		found      bool
		again      bool
	}{
		{"moved", sentAs, with(sentAs, record.Due, "2026-02-05"), true, false},
		{"reworded", sentAs, with(sentAs, record.Details, "the garden"), true, false},
		{"renamed", sentAs, with(sentAs, record.Subject, "Write"), false, true},
		{"moved, and no more than a name", short, with(short, record.Due, "2026-02-05"), false, false},
		{"moved and reworded", sentAs, record.Record{record.Subject: "Call", record.Due: "2026-02-05", record.Details: "the garden"}, false, true},
	} {
		it := item("y", c.made)
		it.FirstSeen = sent.Add(time.Hour)
		r := rules()
		r.Kind = record.Task
		in := Intent{ID: 1, Side: Left, Source: "r1", Patch: record.Patch(c.sent), Sent: sent}
		o := Recover(r, []Intent{in}, [2][]*Seen{{it}, nil})[0]
		if (o.Found == it) != c.found || o.Again != c.again {
			t.Errorf("%s: found %v, again %v", c.name, o.Found != nil, o.Again)
		}
	}
}

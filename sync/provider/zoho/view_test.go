package zoho

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// viewOf finds a view of the sandbox by its name.
func viewOf(t *testing.T, p *place, module, title string) record.Field {
	t.Helper()
	views, err := p.provider(t).(provider.Viewer).Views(t.Context(), module)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Title == title {
			return record.View(v.ID)
		}
	}
	t.Fatalf("no view %s among %v", title, views)
	return ""
}

// walk lists everything after a cursor.
func walkOn(t *testing.T, c provider.Collection, since provider.Cursor) (items []record.Item, next provider.Cursor) {
	t.Helper()
	for {
		page, err := c.Changes(t.Context(), since, record.Window{})
		if err != nil {
			t.Fatal(err)
		}
		items, since = append(items, page.Changed...), page.Next
		if !page.More {
			return items, since
		}
	}
}

func TestAListingTellsWhoBelongsToTheView(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	view := viewOf(t, p, "Tasks", "Open Tasks")
	for n := range pageSize + 5 {
		p.s.Put("Tasks", map[string]any{"Subject": "open " + strconv.Itoa(n), "Status": "Not Started"})
	}
	done := p.s.Put("Tasks", map[string]any{"Subject": "done", "Status": "Completed"})
	p.tick()
	c := p.open(t, record.Task, []record.Field{record.Subject, view})
	items, cursor := walkOn(t, c, "")
	if len(items) != pageSize+6 {
		t.Fatalf("%d items", len(items))
	}
	for _, it := range items {
		if inside := it.Record[view] == record.InView; inside == (string(it.ID) == done) {
			t.Errorf("%s: in the view %v", it.ID, inside)
		}
	}
	p.tick()
	p.s.Edit("Tasks", done, map[string]any{"Status": "Deferred"})
	items, cursor = walkOn(t, c, cursor)
	if len(items) == 0 || items[0].Record[view] != record.InView {
		t.Fatalf("a task that came to the view: %v", items)
	}
	p.tick()
	p.s.Edit("Tasks", done, map[string]any{"Status": "Completed"})
	if items, _ = walkOn(t, c, cursor); len(items) == 0 || items[0].Record[view] != "" {
		t.Fatalf("a task that left the view: %v", items)
	}
}

func aTask(id string) map[string]any {
	return map[string]any{"id": id, "Subject": "task", "Modified_Time": "2026-11-01T10:00:00+00:00"}
}

// R3: a record may come to a view or leave it without being modified: by a date, a related record, the view's own rules.
func TestWhoComesAndLeavesUnmodifiedIsTold(t *testing.T) {
	o := newOrg(t)
	members := []any{map[string]any{"id": "1"}, map[string]any{"id": "2"}}
	o.on("GET /Tasks", func(a asked) reply {
		switch {
		case a.query["cvid"] != nil:
			return reply{status: 200, body: map[string]any{"data": members, "info": map[string]any{"more_records": false}}}
		case a.query["ids"] != nil:
			return reply{status: 200, body: map[string]any{"data": []any{aTask("1"), aTask("3")}, "info": map[string]any{}}}
		case a.header.Get("If-Modified-Since") != "":
			return reply{status: 304}
		}
		return reply{status: 200, body: map[string]any{"data": []any{aTask("1"), aTask("2"), aTask("3")}, "info": map[string]any{}}}
	})
	o.on("GET /Tasks/deleted", func(asked) reply { return reply{status: 204} })
	view := record.View("7")
	c, err := o.provider().Open(t.Context(), "Tasks", record.Task, []record.Field{record.Subject, view})
	if err != nil {
		t.Fatal(err)
	}
	_, cursor := walkOn(t, c, "")
	members = []any{map[string]any{"id": "2"}, map[string]any{"id": "3"}}
	items, cursor := walkOn(t, c, cursor)
	inside := map[record.ID]string{}
	for _, it := range items {
		inside[it.ID] = it.Record[view]
	}
	if len(items) != 2 || inside["1"] != "" || inside["3"] != record.InView {
		t.Fatalf("items %v", items)
	}
	if items, _ = walkOn(t, c, cursor); len(items) != 0 {
		t.Fatalf("nobody came or left, and yet %v", items)
	}
}

func TestAMissingViewIsNoEmptyView(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	p.s.Put("Tasks", map[string]any{"Subject": "one"})
	c := p.open(t, record.Task, []record.Field{record.Subject, record.View("1234")})
	if _, err := c.Changes(t.Context(), "", record.Window{}); !errors.Is(err, provider.ErrGone) {
		t.Fatalf("error %v", err)
	}
}

func TestARollIsSmallAndComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoll(rapid.SliceOf(rapid.Uint64()).Draw(rt, "ids"))
		text, err := r.MarshalText()
		if err != nil {
			rt.Fatal(err)
		}
		var back roll
		if err := back.UnmarshalText(text); err != nil || !slices.Equal(back.ids, r.ids) {
			rt.Fatalf("%v came back as %v: %v", r.ids, back.ids, err)
		}
	})
	var ids []uint64
	for n := range uint64(50_000) {
		ids = append(ids, 554023000000087501+n*(n%7+3))
	}
	if text, _ := newRoll(ids).MarshalText(); len(text) > 4*50_000 {
		t.Errorf("%d bytes for 50,000 records", len(text))
	}
}

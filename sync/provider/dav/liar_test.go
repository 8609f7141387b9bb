package dav

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// credulous makes a server like SOGo: it carries out every write whatever its condition, and counts the versions of an
// object from the beginning again after it was deleted, so that other content has the same ETag.
func credulous(f *fake) {
	f.etag = func(int) string { return `"gcs00000000"` }
	f.misbehave(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		r.Header.Del("If-Match")
		r.Header.Del("If-None-Match")
		return false
	})
}

// SOGo deletes and overwrites what was edited since it was listed, and makes anew what was deleted. What we read right before
// writing is compared by its content.
func TestAServerThatIgnoresConditions(t *testing.T) {
	theirs := strings.Replace(event("a", "A"), "SUMMARY:A", "LOCATION:Hall\r\nSUMMARY:Theirs", 1)
	for name, c := range map[string]struct {
		write func(record.Item) record.Write
		since func(*fake)
		err   error
		want  string // of the object; "": it is gone
	}{
		"deleted after an edit":          {removal, func(f *fake) { f.put("a.ics", theirs) }, provider.ErrConflict, "SUMMARY:Theirs"},
		"deleted and made anew meantime": {removal, func(f *fake) { f.drop("a.ics"); f.put("a.ics", theirs) }, provider.ErrConflict, "SUMMARY:Theirs"},
		"the same field":                 {func(it record.Item) record.Write { return rename(it, "B") }, func(f *fake) { f.put("a.ics", theirs) }, provider.ErrConflict, "SUMMARY:Theirs"},
		"another field": {func(it record.Item) record.Write {
			w := rename(it, "B")
			w.Patch = record.Patch{record.Details: "ours"}
			return w
		}, func(f *fake) { f.put("a.ics", theirs) }, nil, "SUMMARY:Theirs"},
		"edited after a deletion": {func(it record.Item) record.Write { return rename(it, "B") }, func(f *fake) { f.drop("a.ics") }, provider.ErrNotFound, ""},
		"deleted twice":           {removal, func(f *fake) { f.drop("a.ics") }, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, record.Event)
			credulous(f)
			f.put("a.ics", event("a", "A"))
			col, s := f.open(t), &sink{}
			it := f.one(t, col)
			c.since(f)
			if err := col.Apply(t.Context(), []record.Write{c.write(it)}, s); err != nil {
				t.Fatal(err)
			}
			if r, _ := s.result(t, 0); !errors.Is(r.Err, c.err) {
				t.Errorf("result %+v, want %v", r, c.err)
			}
			if got := f.body("a.ics"); !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("the object is now\n%s", got)
			}
		})
	}
}

// What is deleted and made anew between two syncs under the ETag that was there before is seen by the weekly complete
// listing: its revision is that of its content.
func TestTheSameETagForOtherContent(t *testing.T) {
	f := newFake(t, record.Event)
	credulous(f)
	f.put("a.ics", event("a", "A"))
	c := f.open(t)
	was := f.one(t, c)
	f.drop("a.ics")
	f.put("a.ics", event("a", "B"))
	if now := f.one(t, c); now.Revision == was.Revision || now.Record[record.Title] != "B" {
		t.Errorf("%+v is taken for %+v", now, was)
	}
}

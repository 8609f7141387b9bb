package zoho

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const (
	maxFields = 50  // API names in one request
	pageSize  = 200 // records in one answer
	batchSize = 100 // records in one write, ids in one read
	cutAt     = 500 // rich text is cut to this length in lists

	// cutMark is our own key in an object whose text could not be had whole; no API name holds a space.
	cutMark = "text cut"
)

// collection is one open module.
type collection struct {
	p       *service
	m       *module
	columns []column
	names   []string // API names to ask for
	rich    []string // those of them that lists may cut
	view    string   // id of the custom view whose members are told apart, or ""
}

func open(p *service, m *module, fields []record.Field) (*collection, error) {
	c := &collection{p: p, m: m}
	names := []string{"id", "Modified_Time"}
	names = append(names, titles[m.kind]...)
	if m.hasMark {
		names = append(names, markName)
	}
	if m.hasSeries {
		names = append(names, "Recurring_Activity")
	}
	for _, f := range fields {
		if id, ok := record.ViewID(f); ok {
			c.view = id
		}
		col, ok := m.column(f)
		if !ok || slices.ContainsFunc(c.columns, func(o column) bool { return o.field == f }) {
			continue
		}
		c.columns = append(c.columns, col)
		names = append(append(names, col.names...), col.also...)
	}
	slices.Sort(names)
	c.names = slices.Compact(names)
	if len(c.names) > maxFields {
		return nil, fmt.Errorf("zoho: %d fields wanted of module %s, %d can be read at once", len(c.names), m.name, maxFields)
	}
	for _, n := range c.names {
		if m.fields[n].rich() {
			c.rich = append(c.rich, n)
		}
	}
	return c, nil
}

// Info describes the module as it was when the account was opened.
func (c *collection) Info() provider.Info { return c.m.info() }

func (c *collection) path() string { return "/" + c.m.name }

// column returns the open column that an API name belongs to.
func (c *collection) columnOf(apiName string) (column, bool) {
	i := slices.IndexFunc(c.columns, func(col column) bool { return slices.Contains(col.names, apiName) })
	if i < 0 {
		return column{}, false
	}
	return c.columns[i], true
}

// item reads a record; exactly one of the two is given.
func (c *collection) item(o object) (record.Item, *provider.Skip) {
	id := record.ID(o.text("id"))
	skip := func(code string, f record.Field, err error) *provider.Skip {
		var name []string
		for _, n := range titles[c.m.kind] {
			if s := o.text(n); s != "" {
				name = append(name, s)
			}
		}
		return &provider.Skip{ID: id, Group: id, Title: strings.Join(name, " "), Err: &provider.ItemError{Code: code, Field: f, Err: err}}
	}
	if _, cut := o[cutMark]; cut {
		return record.Item{}, skip(provider.CodeUnreadable, "", errors.New("zoho: text could not be read whole"))
	}
	rec := record.Record{}
	for _, col := range c.columns {
		v, err := col.form.read(c.m, o, col.names)
		if err != nil {
			// Left out, the value would look cleared and be cleared elsewhere too.
			return record.Item{}, skip(provider.CodeUnreadable, col.field, err)
		}
		if v = record.Canonical(record.Lookup(c.m.kind, col.field).Type, v); v != "" {
			rec[col.field] = v
		}
	}
	modified, err := o.time("Modified_Time")
	if err != nil {
		return record.Item{}, skip(provider.CodeUnreadable, "", err)
	}
	it := record.Item{ID: id, Group: id, Self: record.Mark(id), Mark: record.Mark(o.text(markName)), Modified: modified.UTC(), Record: rec}
	it.Revision = revision(it)
	return it, nil
}

// revision covers the mapped fields and, by the time of change, all others.
func revision(it record.Item) record.Revision {
	return record.Revise(it.Record, record.FormatInstant(it.Modified))
}

// recurs says that a record is an occurrence of a series. Zoho keeps one record per occurrence, each with the rule and none
// of them the first among them: to everybody else they are singles, and the rule is never sent.
func recurs(o object) bool {
	raw := o["Recurring_Activity"]
	return len(raw) > 0 && string(raw) != "null" && string(raw) != "{}" && string(raw) != `""`
}

// byID reads the records with these ids as they are now; those that are gone, or out of reach, are missing.
func (c *collection) byID(ctx context.Context, ids []string) (map[string]object, answer, error) {
	var out struct{ Data []object }
	q := url.Values{"fields": {strings.Join(c.names, ",")}, "ids": {strings.Join(ids, ",")}}
	a, err := c.p.read(ctx, request{method: http.MethodGet, path: c.path(), query: q, credits: 1}, &out)
	var refused *refusal
	switch {
	case errors.As(err, &refused) && refused.missing() && len(ids) > 1:
		// One id that Zoho never gave out may spoil the whole request; the others must not look gone for it.
		return c.byHalves(ctx, ids)
	case errors.As(err, &refused) && refused.missing():
		return nil, a, nil
	case err != nil:
		return nil, a, err
	}
	if err := c.fillText(ctx, out.Data); err != nil {
		return nil, a, err
	}
	found := map[string]object{}
	for _, o := range out.Data {
		found[o.text("id")] = o
	}
	return found, a, nil
}

// byHalves reads records in two requests. The time is that of the first: it is the older one.
func (c *collection) byHalves(ctx context.Context, ids []string) (map[string]object, answer, error) {
	all := map[string]object{}
	first, read, err := c.byID(ctx, ids[:len(ids)/2])
	if err != nil {
		return nil, read, err
	}
	second, _, err := c.byID(ctx, ids[len(ids)/2:])
	maps.Copy(all, first)
	maps.Copy(all, second)
	return all, read, err
}

// fillText replaces rich text that a list has cut by the whole text. What cannot be had whole is made unreadable, for
// half a text taken for the whole would overwrite it.
func (c *collection) fillText(ctx context.Context, list []object) error {
	var ids []string
	for _, o := range list {
		if slices.ContainsFunc(c.rich, func(n string) bool { return len(utf16.Encode([]rune(o.text(n)))) >= cutAt }) {
			ids = append(ids, o.text("id"))
		}
	}
	whole := map[string]object{}
	for part := range slices.Chunk(ids, batchSize) {
		var out struct{ Data []object }
		q := url.Values{"fields": {strings.Join(c.rich, ",")}, "ids": {strings.Join(part, ",")}}
		if _, err := c.p.read(ctx, request{method: http.MethodGet, path: c.path() + "/actions/fetch_full_data", query: q, credits: 1}, &out); err != nil {
			return err
		}
		for _, o := range out.Data {
			whole[o.text("id")] = o
		}
	}
	for _, o := range list {
		if !slices.Contains(ids, o.text("id")) {
			continue
		}
		for _, n := range c.rich {
			if text := whole[o.text("id")].text(n); text != "" || o.text(n) == "" {
				o[n], _ = json.Marshal(text)
			} else {
				o[cutMark] = nil
			}
		}
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// change is one edit of the story: of the n-th item of a kind, in the CRM or on the server.
type change struct {
	kind  record.Kind
	n     int
	inCRM bool
	api   string // the field as the CRM calls it
	field record.Field
	value string
	loses bool // the other side changed the same field, and wins
}

// changes are ten edits on each side. On contact 8 they touch different fields, on contact 9 the same one.
func changes() []change {
	var all []change
	for n := range 4 {
		all = append(all,
			change{kind: record.Contact, n: n, inCRM: true, api: "Phone", field: record.Phone, value: fmt.Sprintf("+49 30 10000%d", n)},
			change{kind: record.Contact, n: n + 4, api: "Mobile", field: record.Mobile, value: fmt.Sprintf("+33 6 0000000%d", n)})
	}
	for n := range 2 {
		all = append(all,
			change{kind: record.Task, n: n, inCRM: true, api: "Subject", field: record.Subject, value: fmt.Sprintf("Call back, urgently (%d)", n)},
			change{kind: record.Task, n: n + 2, api: "Subject", field: record.Subject, value: fmt.Sprintf("Write the offer (%d)", n)},
			change{kind: record.Event, n: n, inCRM: true, api: "Event_Title", field: record.Title, value: fmt.Sprintf("Moved to the big room (%d)", n)},
			change{kind: record.Event, n: n + 2, api: "Venue", field: record.Venue, value: fmt.Sprintf("Café Central, table %d", n)})
	}
	return append(all,
		change{kind: record.Contact, n: 8, inCRM: true, api: "Title", field: record.Title, value: "Head of Purchasing"},
		change{kind: record.Contact, n: 8, api: "Home_Phone", field: record.HomePhone, value: "+44 20 5550100"},
		change{kind: record.Contact, n: 9, inCRM: true, api: "Fax", field: record.Fax, value: "+1 212 5550111"},
		change{kind: record.Contact, n: 9, api: "Fax", field: record.Fax, value: "+1 212 5550199", loses: true})
}

// deleted is the task that somebody deletes on the server.
const deleted = 9

// partners are the items of the server that have a partner in the CRM, in a fixed order.
type partners map[record.Kind][]record.Item

// partners asks the server what the first sync brought.
func (d *demo) partners(ctx context.Context) (partners, error) {
	p := partners{}
	for _, m := range modules() {
		items, err := d.items(ctx, m.kind)
		if err != nil {
			return nil, err
		}
		d.expect(len(items) == len(d.crm.Records(m.name)), d.t.words.N("{{.name}}: the server now holds {{.n}} of {{.all}}",
			len(items), "name", m.name, "all", len(d.crm.Records(m.name))))
		for _, it := range items {
			if it.Mark != "" {
				p[m.kind] = append(p[m.kind], it)
			}
		}
		slices.SortFunc(p[m.kind], func(a, b record.Item) int { return strings.Compare(string(a.Mark), string(b.Mark)) })
		if len(p[m.kind]) < fewest {
			return nil, fmt.Errorf("%w: %d %s have a partner", errUntold, len(p[m.kind]), m.name)
		}
	}
	return p, nil
}

// items lists what a folder of the server holds.
func (d *demo) items(ctx context.Context, k record.Kind) (all []record.Item, err error) {
	err = d.visit(ctx, func(p provider.Provider) error {
		c, err := p.Open(ctx, d.refs[k], k, record.FieldsOf(k))
		if err != nil {
			return err
		}
		for cursor, more := provider.Cursor(""), true; more; {
			page, err := c.Changes(ctx, cursor, record.Window{})
			if err != nil {
				return err
			}
			all, cursor, more = append(all, page.Changed...), page.Next, page.More
		}
		return nil
	})
	return all, err
}

// edit makes the changes of the story on both sides.
func (d *demo) edit(ctx context.Context, p partners) error {
	writes := map[record.Kind][]record.Write{}
	left, right := 0, 0
	for _, c := range changes() {
		it := p[c.kind][c.n]
		if c.inCRM {
			left++
			if !d.crm.Edit(moduleOf(c.kind), string(it.Mark), map[string]any{c.api: c.value}) {
				return fmt.Errorf("%w: a CRM record is missing", errUntold)
			}
			continue
		}
		right++
		writes[c.kind] = append(writes[c.kind], record.Write{Op: record.Update, ID: it.ID, Revision: it.Revision, Seen: it.Record, Patch: record.Patch{c.field: c.value}})
	}
	gone := p[record.Task][deleted]
	writes[record.Task] = append(writes[record.Task], record.Write{Op: record.Delete, ID: gone.ID, Revision: gone.Revision, Seen: gone.Record})
	for k, list := range writes {
		if err := d.write(ctx, k, list); err != nil {
			return err
		}
	}
	w := d.t.words
	d.t.say("   " + w.N("{{.n}} edits in Zoho CRM", left))
	d.t.say("   " + w.N("{{.n}} edits and a deleted task on the server", right))
	d.t.say("   " + w.T("Of one contact, both sides changed different fields; of another one, the same field"))
	return nil
}

// write has a visitor carry out edits on the server.
func (d *demo) write(ctx context.Context, k record.Kind, list []record.Write) error {
	return d.visit(ctx, func(p provider.Provider) error {
		c, err := p.Open(ctx, d.refs[k], k, record.FieldsOf(k))
		if err != nil {
			return err
		}
		s := &strict{}
		if err := c.Apply(ctx, list, s); err != nil {
			return err
		}
		if s.done != len(list) {
			return fmt.Errorf("%w: %d of %d edits were carried out", errUntold, s.done, len(list))
		}
		return nil
	})
}

func moduleOf(k record.Kind) string {
	for _, m := range modules() {
		if m.kind == k {
			return m.name
		}
	}
	return ""
}

// strict is a sink that every write has to please.
type strict struct {
	mu   sync.Mutex
	done int
}

// Before implements provider.Sink.
func (s *strict) Before(int, []byte) error { return nil }

// Done implements provider.Sink.
func (s *strict) Done(_ int, r provider.Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Err == nil {
		s.done++
	}
	return r.Err
}

// check looks at both sides after the second sync.
func (d *demo) check(ctx context.Context, p partners) error {
	held := map[record.Mark]record.Record{}
	for _, m := range modules() {
		items, err := d.items(ctx, m.kind)
		if err != nil {
			return err
		}
		for _, it := range items {
			held[it.Mark] = it.Record
		}
	}
	toRight, toLeft, merged, conflict := true, true, true, true
	for _, c := range changes() {
		mark := p[c.kind][c.n].Mark
		right := held[mark][c.field] == c.value
		left := fmt.Sprint(d.crm.Record(moduleOf(c.kind), string(mark))[c.api]) == c.value
		arrived := left && right
		switch {
		case c.kind == record.Contact && c.n == 8:
			merged = merged && arrived
		case c.kind == record.Contact && c.n == 9:
			conflict = conflict && (arrived != c.loses) && (left == right)
		case c.inCRM:
			toRight = toRight && arrived
		default:
			toLeft = toLeft && arrived
		}
	}
	w := d.t.words
	d.expect(toRight, w.T("The edits of the CRM are on the server"))
	d.expect(toLeft, w.T("The edits of the server are in the CRM"))
	d.expect(merged, w.T("Edits of different fields were merged"))
	d.expect(conflict, w.T("Of the same field the CRM’s value won, as the rule of the pair says"))
	d.expect(d.crm.Record("Tasks", string(p[record.Task][deleted].Mark)) == nil, w.T("The task deleted on the server is deleted in the CRM"))
	return nil
}

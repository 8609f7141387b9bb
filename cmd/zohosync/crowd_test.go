package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
)

// crowd is the people who work on both sides with clients of their own. It remembers what they did, and knows what must
// have come of it once both sides are in step.
type crowd struct {
	t       testing.TB
	rnd     *rand.Rand
	crm     *sandbox.Server
	folders []davPerson // by sort
	things  []*thing
	made    int
	values  int
}

// thing is one contact, task or meeting. Its name never changes: by it the copies on both sides are known.
type thing struct {
	sort    int
	name    string
	want    [2]string       // by field: what both sides held when they last were in step
	edited  [2]map[int]bool // by side: fields that people changed since
	value   [2]map[int]string
	deleted [2]bool
	born    plan.Side // where a person made it
	met     bool      // both sides were in step since
}

// sort is how one kind of item looks on both sides.
type sort struct {
	module, kind, mime, pair string
	name                     string    // its field in the CRM
	fields                   [2]string // two more of them
	lines                    [2]string // and the content lines that hold them
	more                     map[string]any
	begin, title, end        string // of the object on the server; %[1]s is the name, %[2]d a number
}

func sorts() []sort {
	return []sort{
		{module: "Contacts", kind: "contact", mime: "text/vcard", pair: "contacts", name: "Last_Name",
			fields: [2]string{"Title", "Description"}, lines: [2]string{"TITLE", "NOTE"},
			begin: "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:p%[2]d\r\nFN:%[1]s\r\n", title: "N:%[1]s;;;;\r\n", end: "END:VCARD"},
		{module: "Tasks", kind: "task", mime: "text/calendar", pair: "tasks", name: "Subject",
			fields: [2]string{"Description", "Due_Date"}, lines: [2]string{"DESCRIPTION", "DUE"},
			begin: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//else//EN\r\nBEGIN:VTODO\r\nUID:t%[2]d\r\nDTSTAMP:20260101T000000Z\r\n", title: "SUMMARY:%[1]s\r\n", end: "END:VTODO"},
		{module: "Events", kind: "event", mime: "text/calendar", pair: "events", name: "Event_Title",
			fields: [2]string{"Venue", "Description"}, lines: [2]string{"LOCATION", "DESCRIPTION"},
			more:  map[string]any{"Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T11:30:00+02:00"},
			begin: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//else//EN\r\nBEGIN:VEVENT\r\nUID:e%[2]d\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260702T080000Z\r\nDTEND:20260702T090000Z\r\n", title: "SUMMARY:%[1]s\r\n", end: "END:VEVENT"},
	}
}

// copies are the items of one side by name.
type copies map[string]held

type held struct {
	id     string // of the record, or the href
	values [2]string
	text   string
}

// gather makes folders and pairs for all sorts, and people for both sides.
func gather(s *stage, crm *sandbox.Server, server davtest.Server, rnd *rand.Rand) *crowd {
	s.t.Helper()
	c := &crowd{t: s.t, rnd: rnd, crm: crm}
	for _, k := range sorts() {
		made := decode[[]listed](s.t, s.do("", "collections", "home", "--create", "CRM "+k.module, "--kind", k.kind, "--json"))
		args := []string{"pair", "add", "--left", "crm:" + k.module, "--right", "home:" + made[0].Ref, "--conflict", "left", "--delete-left", "propagate", "--delete-right", "propagate", "--guests", "propagate"}
		if k.kind == "event" {
			args = append(args, "--from", "20000", "--to", "20000")
		}
		s.do("", args...)
		c.folders = append(c.folders, elsewhere(s.t, server, made[0].Ref, k.mime))
	}
	// Both sides know each other already: what a first sync asks is another story.
	for k := range sorts() {
		c.create(plan.Left, k)
	}
	s.do("", "sync")
	c.inStep()
	return c
}

// look returns what one side holds. Nothing may be there twice.
func (c *crowd) look(side plan.Side, k int) copies {
	c.t.Helper()
	out := copies{}
	add := func(name string, h held) {
		if _, twice := out[name]; twice {
			c.t.Fatalf("%s is there twice on the %s", name, side)
		}
		out[name] = h
	}
	what := sorts()[k]
	if side == plan.Left {
		for _, r := range c.crm.Records(what.module) {
			add(fmt.Sprint(r[what.name]), held{id: r["id"].(string), values: [2]string{plain(r[what.fields[0]]), plain(r[what.fields[1]])}})
		}
		return out
	}
	for href, text := range c.folders[k].all() {
		h := held{id: href, text: text, values: [2]string{lineOf(text, what.lines[0]), lineOf(text, what.lines[1])}}
		name, _, _ := strings.Cut(lineOf(text, map[bool]string{true: "N", false: "SUMMARY"}[what.kind == "contact"]), ";")
		add(name, h)
	}
	return out
}

// plain writes a value of the CRM as the objects on the server write it.
func plain(v any) string {
	if v == nil {
		return ""
	}
	return strings.ReplaceAll(fmt.Sprint(v), "-", "")
}

// lineOf returns the value of the first line of a name.
func lineOf(text, name string) string {
	for _, l := range unfolded(text) {
		if strings.HasPrefix(l, name+":") || strings.HasPrefix(l, name+";") {
			_, value, _ := strings.Cut(l, ":")
			return value
		}
	}
	return ""
}

// fresh makes a value that was never used.
func (c *crowd) fresh(k, field int) string {
	c.values++
	if sorts()[k].fields[field] == "Due_Date" {
		return fmt.Sprintf("2026-%02d-%02d", 1+c.values/28%12, 1+c.values%28)
	}
	return fmt.Sprintf("v%d", c.values)
}

// work lets people do a few things on both sides.
func (c *crowd) work(n int) {
	c.t.Helper()
	for range n {
		k, side := c.rnd.IntN(len(c.folders)), plan.Side(c.rnd.IntN(2))
		living := c.living(k)
		switch op := c.rnd.IntN(10); {
		case len(living) < 4 || op < 3 && len(living) < 9:
			c.create(side, k)
		case op < 5 && len(living) > 6:
			c.remove(side, living[c.rnd.IntN(len(living))])
		default:
			c.edit(side, living[c.rnd.IntN(len(living))], c.rnd.IntN(2))
		}
	}
}

// busy sees to it that there are enough things of a sort.
func (c *crowd) busy(k int) {
	c.t.Helper()
	for n := len(c.living(k)); n < 6; n++ {
		c.create(plan.Side(n%2), k)
	}
}

// everything makes, changes and deletes one thing on each side.
func (c *crowd) everything(k int) {
	c.t.Helper()
	living := c.living(k)
	c.rnd.Shuffle(len(living), func(i, j int) { living[i], living[j] = living[j], living[i] })
	for _, side := range plan.Sides {
		c.create(side, k)
		c.edit(side, living[2*int(side)], c.rnd.IntN(2))
		c.remove(side, living[2*int(side)+1])
	}
}

// living lists the things of a sort that nobody deleted.
func (c *crowd) living(k int) []*thing {
	return slices.DeleteFunc(slices.Clone(c.things), func(t *thing) bool { return t.sort != k || t.deleted != [2]bool{} })
}

func (c *crowd) create(side plan.Side, k int) {
	c.t.Helper()
	c.made++
	what := sorts()[k]
	t := &thing{sort: k, name: fmt.Sprintf("N%d", c.made), born: side}
	values := [2]string{c.fresh(k, 0), c.fresh(k, 1)}
	for f, v := range values {
		t.want[f] = plain(v)
	}
	t.forget()
	c.things = append(c.things, t)
	if side == plan.Left {
		record := maps.Clone(what.more)
		if record == nil {
			record = map[string]any{}
		}
		record[what.name], record[what.fields[0]], record[what.fields[1]] = t.name, values[0], values[1]
		c.crm.Put(what.module, record)
		return
	}
	text := fmt.Sprintf(what.begin+what.title, t.name, c.made)
	for f, v := range values {
		text += what.line(f, v)
	}
	text += what.end + "\r\n"
	if what.kind != "contact" {
		text += "END:VCALENDAR\r\n"
	}
	name := fmt.Sprintf("else%d.ics", c.made)
	if what.kind == "contact" {
		name = fmt.Sprintf("else%d.vcf", c.made)
	}
	c.folders[k].put(name, text)
}

// line writes one of the two fields as a content line.
func (s sort) line(field int, value string) string {
	if s.lines[field] == "DUE" {
		return "DUE;VALUE=DATE:" + plain(value) + "\r\n"
	}
	return s.lines[field] + ":" + value + "\r\n"
}

// edit changes one field on one side, where that side has the thing. A thing is edited once per side until both sides
// were in step again: more would be another story than the one that its copy can be recognised by.
func (c *crowd) edit(side plan.Side, t *thing, field int) {
	c.t.Helper()
	there, ok := c.look(side, t.sort)[t.name]
	if !ok || len(t.edited[side]) > 0 {
		return
	}
	what, value := sorts()[t.sort], c.fresh(t.sort, field)
	t.edited[side][field], t.value[side][field] = true, plain(value)
	if side == plan.Left {
		c.crm.Edit(what.module, there.id, map[string]any{what.fields[field]: value})
		return
	}
	var kept []string
	for _, l := range unfolded(there.text) {
		if l == what.end {
			kept = append(kept, strings.TrimSuffix(what.line(field, value), "\r\n"))
		}
		if !strings.HasPrefix(l, what.lines[field]+":") && !strings.HasPrefix(l, what.lines[field]+";") {
			kept = append(kept, l)
		}
	}
	c.folders[t.sort].put(there.id, lines(kept...))
}

func (c *crowd) remove(side plan.Side, t *thing) {
	c.t.Helper()
	there, ok := c.look(side, t.sort)[t.name]
	if !ok {
		return
	}
	t.deleted[side] = true
	if side == plan.Left {
		c.crm.Delete(sorts()[t.sort].module, there.id)
		return
	}
	if answer, _ := c.folders[t.sort].ask(http.MethodDelete, there.id, "0", "", ""); answer.StatusCode/100 != 2 {
		c.t.Fatalf("DELETE: %s", answer.Status)
	}
}

// forget lets the changes of people be history: both sides are in step.
func (t *thing) forget() {
	for side := range t.edited {
		t.edited[side], t.value[side] = map[int]bool{}, map[int]string{}
	}
}

// inStep compares both sides item by item, and each with what people did: nothing lost, nothing doubled, nothing brought
// back, and every value one that somebody wrote last.
func (c *crowd) inStep() {
	c.t.Helper()
	for k, what := range sorts() {
		left, right := c.look(plan.Left, k), c.look(plan.Right, k)
		for name := range right {
			if _, ok := left[name]; !ok {
				c.t.Errorf("%s %s is only on the right", what.kind, name)
			}
		}
		for name, l := range left {
			if r, ok := right[name]; !ok || l.values != r.values {
				c.t.Errorf("%s %s: left %q, right %q, there %v: %+v", what.kind, name, l.values, r.values, ok, c.story(name))
			}
		}
		known := 0
		for _, t := range c.things {
			if t.sort == k && c.came(t, left) {
				known++
			}
		}
		if known != len(left) {
			c.t.Errorf("%d items of kind %s that nobody made", len(left)-known, what.kind)
		}
	}
	c.things = slices.DeleteFunc(c.things, func(t *thing) bool { return t.deleted != [2]bool{} && t.want == [2]string{} })
}

// story tells what people did with the thing of a name since both sides were in step.
func (c *crowd) story(name string) thing {
	for _, t := range c.things {
		if t.name == name {
			return *t
		}
	}
	return thing{}
}

// came checks one thing against what people did with it, and says whether it is there.
func (c *crowd) came(t *thing, now copies) bool {
	c.t.Helper()
	there, ok := now[t.name]
	gone := t.deleted != [2]bool{}
	if !ok {
		// An edit on one side may have crossed a deletion on the other, and then it may live on; without one it is over.
		if !gone {
			c.t.Errorf("%s is lost", t.name)
		}
		t.deleted[0], t.want = true, [2]string{}
		return false
	}
	// A copy that a person deletes before anybody told the program that it arrived is one that never did.
	unheard := !t.met && !t.deleted[t.born]
	if gone && !unheard && !(t.deleted[plan.Left] && len(t.edited[plan.Right]) > 0) && !(t.deleted[plan.Right] && len(t.edited[plan.Left]) > 0) {
		c.t.Errorf("%s was deleted and is back: %+v", t.name, *t)
	}
	for f, got := range there.values {
		// Of two values for one field either may win: it depends on how far a run came before it was killed.
		allowed := []string{}
		for side := range t.edited {
			if t.edited[side][f] {
				allowed = append(allowed, t.value[side][f])
			}
		}
		// Where the thing was deleted after an edit, the edit went with it; the other side may never have seen it.
		if len(allowed) == 0 || gone {
			allowed = append(allowed, t.want[f])
		}
		if !slices.Contains(allowed, got) {
			c.t.Errorf("%s %s holds %q, want one of %q", t.name, sorts()[t.sort].fields[f], got, allowed)
		}
		t.want[f] = got
	}
	t.deleted, t.met = [2]bool{}, true
	t.forget()
	return true
}

package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// organisation is everything that one organisation of the CRM holds.
type organisation struct {
	last      int64 // the id given out last
	users     []*user
	modules   []*module
	byName    map[string]*module
	variables []*variable
	made      time.Time
	changed   time.Time // when a module or field was last changed
}

// module holds the records of one module, living and deleted.
type module struct {
	moduleRow
	id      string
	layout  string
	byField map[string]*field
	entries map[string]*entry
	byID    []*entry                     // living, rising
	byTime  []*entry                     // living, by the time of the last change, then id
	dead    []*entry                     // deleted, by the time of deletion
	unique  map[string]map[string]*entry // field, folded value
	tags    []*tag
	views   []*view

	hiddenCount int
}

// entry is one record. Its values are kept as take made them.
type entry struct {
	id                     string
	number                 int64
	created, modified      time.Time
	owner, author, changer *user
	values                 object
	hidden                 bool // the API does not show it: access was lost
	photo                  []byte
	deleted                time.Time
	deletedBy              *user
	purged                 bool // not in the recycle bin any more
	links                  map[string][]string
}

// tag is one tag of a module.
type tag struct {
	id, name, color string
	made            time.Time
}

func newOrganisation(o Options) *organisation {
	org := &organisation{last: 554023000000100000, byName: map[string]*module{}, made: second(o.Now()), changed: second(o.Now())}
	org.users = newUsers(org, o.Zone)
	for i, r := range moduleRows() {
		m := &module{
			moduleRow: r, id: strconv.FormatInt(554023000000002100+int64(i), 10), layout: org.newID(),
			byField: map[string]*field{}, entries: map[string]*entry{}, unique: map[string]map[string]*entry{},
		}
		m.fields = append(m.fields, common(r.singular)...)
		if o.MarkField && synced(r.name) {
			m.fields = append(m.fields, markField())
		}
		for _, f := range m.fields {
			if o.UniqueEmail && r.name == "Contacts" && f.name == "Email" {
				f.flags += "u"
			}
			org.addField(m, f)
		}
		m.views = newViews(org, m)
		org.modules = append(org.modules, m)
		org.byName[r.name] = m
	}
	org.variables = newVariables(org)
	return org
}

// addField makes a field known; it is already in m.fields.
func (org *organisation) addField(m *module, f *field) {
	f.id = org.newID()
	m.byField[f.name] = f
	if f.unique() {
		m.unique[f.name] = map[string]*entry{}
	}
}

func (org *organisation) newID() string {
	org.last++
	return strconv.FormatInt(org.last, 10)
}

func compareID(a, b *entry) int { return cmp.Compare(a.number, b.number) }

func compareTime(a, b *entry) int {
	if c := a.modified.Compare(b.modified); c != 0 {
		return c
	}
	return compareID(a, b)
}

func insertSorted(list []*entry, e *entry, compare func(a, b *entry) int) []*entry {
	// Nearly everything is newest, so it goes at the end without a search.
	if n := len(list); n == 0 || compare(list[n-1], e) < 0 {
		return append(list, e)
	}
	at, _ := slices.BinarySearchFunc(list, e, compare)
	return slices.Insert(list, at, e)
}

func removeSorted(list []*entry, e *entry, compare func(a, b *entry) int) []*entry {
	if at, found := slices.BinarySearchFunc(list, e, compare); found {
		return slices.Delete(list, at, at+1)
	}
	return list
}

// add makes a record with values as take made them.
func (m *module) add(org *organisation, values object, by *user, at time.Time) *entry {
	id := org.newID()
	e := &entry{id: id, number: org.last, created: at, modified: at, owner: by, author: by, changer: by, values: object{}}
	m.entries[id] = e
	m.enlist(e)
	m.set(e, values)
	return e
}

// enlist puts a record among the living.
func (m *module) enlist(e *entry) {
	m.byID = insertSorted(m.byID, e, compareID)
	m.byTime = insertSorted(m.byTime, e, compareTime)
}

// set stores values, nil clearing them, and keeps what depends on them.
func (m *module) set(e *entry, values object) {
	for name, v := range values {
		if index := m.unique[name]; index != nil {
			delete(index, fold(e.values[name]))
			if key := fold(v); key != "" {
				index[key] = e
			}
		}
		if owner, is := v.(*user); is && name == "Owner" {
			e.owner = owner
			continue
		}
		if v == nil {
			delete(e.values, name)
		} else {
			e.values[name] = v
		}
	}
	m.derive(e)
}

// derive fills the fields that follow from others.
func (m *module) derive(e *entry) {
	if m.name == "Contacts" || m.name == "Leads" {
		e.values["Full_Name"] = strings.TrimSpace(text(e.values["First_Name"]) + " " + text(e.values["Last_Name"]))
	}
	if m.name == "Tasks" {
		if e.values["Status"] != "Completed" {
			delete(e.values, "Closed_Time")
		} else if e.values["Closed_Time"] == nil {
			e.values["Closed_Time"] = e.modified
		}
	}
}

// touch moves the time of the last change.
func (m *module) touch(e *entry, by *user, at time.Time) {
	m.byTime = removeSorted(m.byTime, e, compareTime)
	e.modified, e.changer = at, by
	m.byTime = insertSorted(m.byTime, e, compareTime)
}

// bury moves a record to the recycle bin.
func (m *module) bury(e *entry, by *user, at time.Time) {
	m.byID = removeSorted(m.byID, e, compareID)
	m.byTime = removeSorted(m.byTime, e, compareTime)
	for name, index := range m.unique {
		if key := fold(e.values[name]); index[key] == e {
			delete(index, key)
		}
	}
	e.deleted, e.deletedBy = at, by
	m.dead = append(m.dead, e)
}

// raise brings a record back from the recycle bin, with the same id.
func (m *module) raise(e *entry, by *user, at time.Time) {
	m.dead = slices.DeleteFunc(m.dead, func(x *entry) bool { return x == e })
	e.deleted, e.deletedBy = time.Time{}, nil
	e.modified, e.changer = at, by
	m.enlist(e)
	for name, index := range m.unique {
		if key := fold(e.values[name]); key != "" {
			index[key] = e
		}
	}
}

// living finds a record that the API shows.
func (m *module) living(id string) *entry {
	e := m.entries[id]
	if e == nil || e.hidden || !e.deleted.IsZero() {
		return nil
	}
	return e
}

// title is the name by which a person knows the record.
func (m *module) titleOf(e *entry) string { return text(e.values[m.title]) }

func text(v any) string {
	s, _ := v.(string)
	return s
}

// fold makes the key of a unique value: case does not count.
func fold(v any) string { return strings.ToLower(text(v)) }

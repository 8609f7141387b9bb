package zoho

import (
	"slices"
	"strings"

	"zohosync/sync/record"
)

const partsOfAddress = 5

// column ties one field of a record to its API names. A field is held when the organisation has all of them.
type column struct {
	kind  record.Kind
	field record.Field
	names []string
	also  []string // read along: what the value hangs on
	form  form
	must  bool // mandatory whatever the metadata say
}

// form is how the values of a column look in JSON. An error of write is always a *provider.ItemError without its Field.
type form struct {
	read  func(m *module, o object, names []string) (string, error)
	write func(d *draft, names []string, v string) error
	sized bool // length of the metadata counts
	picks bool // one word of a pick list
}

var (
	plain        = form{read: readText, write: writeText, sized: true}
	word         = form{read: readChoice, write: writeChoice, picks: true}
	address      = form{read: readAddress, write: writeAddress, sized: true}
	day          = form{read: readText, write: writeDay}
	tags         = form{read: readTags, write: writeTags}
	span         = form{read: readWhen, write: writeWhen}
	alarm        = form{read: readAlarm, write: writeAlarm}
	reminders    = form{read: readReminders, write: writeReminders}
	participants = form{read: readParticipants, write: writeParticipants}
	owner        = form{read: readID, write: writeNothing}
	account      = lookups[record.Account].form()
	manager      = lookups[record.ReportsTo].form()
)

// columns is the codec: one row per field of package record.
var columns = []column{
	{kind: record.Contact, field: record.Salutation, names: []string{"Salutation"}, form: word},
	{kind: record.Contact, field: record.FirstName, names: []string{"First_Name"}, form: plain},
	{kind: record.Contact, field: record.LastName, names: []string{"Last_Name"}, form: plain, must: true},
	{kind: record.Contact, field: record.Title, names: []string{"Title"}, form: plain},
	{kind: record.Contact, field: record.Account, names: []string{"Account_Name"}, form: account},
	{kind: record.Contact, field: record.Department, names: []string{"Department"}, form: plain},
	{kind: record.Contact, field: record.EmailMain, names: []string{"Email"}, form: plain},
	{kind: record.Contact, field: record.EmailOther, names: []string{"Secondary_Email"}, form: plain},
	{kind: record.Contact, field: record.Phone, names: []string{"Phone"}, form: plain},
	{kind: record.Contact, field: record.Mobile, names: []string{"Mobile"}, form: plain},
	{kind: record.Contact, field: record.HomePhone, names: []string{"Home_Phone"}, form: plain},
	{kind: record.Contact, field: record.OtherPhone, names: []string{"Other_Phone"}, form: plain},
	{kind: record.Contact, field: record.Fax, names: []string{"Fax"}, form: plain},
	{kind: record.Contact, field: record.Assistant, names: []string{"Assistant"}, form: plain},
	{kind: record.Contact, field: record.AssistantPhone, names: []string{"Asst_Phone"}, form: plain},
	{kind: record.Contact, field: record.ReportsTo, names: []string{"Reporting_To"}, form: manager},
	{kind: record.Contact, field: record.MailingAddress, names: addressNames("Mailing"), form: address},
	{kind: record.Contact, field: record.OtherAddress, names: addressNames("Other"), form: address},
	{kind: record.Contact, field: record.Birthday, names: []string{"Date_of_Birth"}, form: day},
	{kind: record.Contact, field: record.Details, names: []string{"Description"}, form: plain},
	{kind: record.Contact, field: record.Categories, names: []string{"Tag"}, form: tags},
	{kind: record.Contact, field: record.Owner, names: []string{"Owner"}, form: owner},

	{kind: record.Task, field: record.Subject, names: []string{"Subject"}, form: plain, must: true},
	{kind: record.Task, field: record.Due, names: []string{"Due_Date"}, form: day},
	{kind: record.Task, field: record.Priority, names: []string{"Priority"}, form: word},
	{kind: record.Task, field: record.Status, names: []string{"Status"}, form: word},
	{kind: record.Task, field: record.Details, names: []string{"Description"}, form: plain},
	{kind: record.Task, field: record.Reminder, names: []string{"Remind_At"}, also: []string{"Due_Date"}, form: alarm},
	{kind: record.Task, field: record.Categories, names: []string{"Tag"}, form: tags},
	{kind: record.Task, field: record.Owner, names: []string{"Owner"}, form: owner},

	{kind: record.Event, field: record.Title, names: []string{"Event_Title"}, form: plain, must: true},
	{kind: record.Event, field: record.When, names: []string{"Start_DateTime", "End_DateTime", "All_day"}, form: span, must: true},
	{kind: record.Event, field: record.Venue, names: []string{"Venue"}, form: plain},
	{kind: record.Event, field: record.Details, names: []string{"Description"}, form: plain},
	{kind: record.Event, field: record.Participants, names: []string{"Participants"}, form: participants},
	{kind: record.Event, field: record.Reminders, names: []string{"Remind_At"}, also: []string{"Start_DateTime", "End_DateTime", "All_day"}, form: reminders},
	{kind: record.Event, field: record.Categories, names: []string{"Tag"}, form: tags},
	{kind: record.Event, field: record.Owner, names: []string{"Owner"}, form: owner},
}

func addressNames(which string) []string {
	return []string{which + "_Street", which + "_City", which + "_State", which + "_Zip", which + "_Country"}
}

// titles are the API names of what a person knows a record by.
var titles = map[record.Kind][]string{
	record.Contact: {"First_Name", "Last_Name"}, record.Task: {"Subject"}, record.Event: {"Event_Title"},
}

// column returns how a field is held, ok false when it is not.
func (m *module) column(f record.Field) (column, bool) {
	i := slices.IndexFunc(columns, func(c column) bool { return c.kind == m.kind && c.field == f })
	if i < 0 {
		return m.custom(f)
	}
	c := columns[i]
	for _, n := range c.names {
		if _, ok := m.fields[n]; !ok {
			return column{}, false
		}
	}
	return c, true
}

// names lists every field that the module holds: ours, and whatever else the organisation has.
func (m *module) names() []record.Field {
	var out []record.Field
	for _, d := range record.Fields {
		if d.Kind == m.kind {
			out = append(out, d.Field)
		}
	}
	for n := range m.fields {
		out = append(out, record.Field(customPrefix+n))
	}
	return out
}

// custom returns the column of a field that is none of ours.
func (m *module) custom(f record.Field) (column, bool) {
	name, ok := strings.CutPrefix(string(f), customPrefix)
	meta, there := m.fields[name]
	if !ok || !there || name == "id" || name == markName || m.mapped(name) {
		return column{}, false
	}
	form, ok := customForms[meta.DataType]
	return column{kind: m.kind, field: f, names: []string{name}, form: form}, ok
}

func (m *module) mapped(name string) bool {
	return slices.ContainsFunc(columns, func(c column) bool { return c.kind == m.kind && slices.Contains(c.names, name) })
}

// customForms are the data types that can be kept as one line of text.
var customForms = map[string]form{
	"text": plain, "textarea": plain, "email": plain, "phone": plain, "website": plain, "picklist": word,
	"date": day, "datetime": {read: readInstant, write: writeInstant},
	"integer": number, "bigint": number, "double": number, "currency": number, "percent": number,
	"boolean":             {read: readText, write: writeBool},
	"multiselectpicklist": {read: readList, write: writeList},
}

var number = form{read: readText, write: writeNumber}

// owning returns the column that an API name belongs to.
func (m *module) owning(apiName string) (column, bool) {
	i := slices.IndexFunc(columns, func(c column) bool { return c.kind == m.kind && slices.Contains(c.names, apiName) })
	if i < 0 {
		return m.custom(record.Field(customPrefix + apiName))
	}
	return columns[i], true
}

package record

// Type says how the text of a field is written (see Canonical).
type Type string

// The types of a field.
const (
	Line     Type = "line"     // one line of text
	Text     Type = "text"     // several lines, divided by "\n"
	Email    Type = "email"    // one address, in lower case
	Date     Type = "date"     // 2006-01-02; a birthday without a year is --01-02
	Instant  Type = "instant"  // 2006-01-02T15:04:05Z
	Span     Type = "span"     // start/end: two instants, or two dates (all day) of which the end is not included
	Address  Type = "address"  // street;city;state;zip;country, see Join
	List     Type = "list"     // a set of lines, sorted, see Join
	Emails   Type = "emails"   // a set of addresses, sorted, see Join
	Minutes  Type = "minutes"  // minutes before the start, rising: 0;15;1440
	Choice   Type = "choice"   // one code of Def.Codes, or a service's own word where it is none of them
	Identity Type = "identity" // a service's own id
)

// The fields of the plug-in's own map (requirement Z-3) and those that filters need.
const (
	Categories Field = "categories" // every kind: iCalendar and vCard CATEGORIES, CRM tags
	Owner      Field = "owner"      // every kind: id of the CRM user who owns the record; read only
	Extra      Field = "extra"      // every kind: how many values the item holds that no field stands for; read only
	Details    Field = "description"

	Salutation     Field = "salutation"
	FirstName      Field = "first_name"
	LastName       Field = "last_name"
	Title          Field = "title" // of a contact: the job title; of an event: its name
	Account        Field = "account"
	Department     Field = "department"
	EmailMain      Field = "email"
	EmailOther     Field = "email_other"
	Phone          Field = "phone" // at work
	Mobile         Field = "mobile"
	HomePhone      Field = "home_phone"
	OtherPhone     Field = "other_phone"
	Fax            Field = "fax"
	Assistant      Field = "assistant"
	AssistantPhone Field = "assistant_phone"
	ReportsTo      Field = "reports_to"
	MailingAddress Field = "mailing_address"
	OtherAddress   Field = "other_address"
	Birthday       Field = "birthday"

	Subject  Field = "subject"
	Due      Field = "due"
	Priority Field = "priority"
	Status   Field = "status"
	Reminder Field = "reminder" // of a task: an instant

	When         Field = "when"
	Venue        Field = "venue"
	Participants Field = "participants"
	Reminders    Field = "reminders" // of an event: minutes before its start
)

// Codes of Priority and Status. A word of a service that is none of these stands for itself.
const (
	Highest    = "highest"
	High       = "high"
	Normal     = "normal"
	Low        = "low"
	Lowest     = "lowest"
	NotStarted = "not_started"
	InProgress = "in_progress"
	Completed  = "completed"
	Deferred   = "deferred"
	Waiting    = "waiting"
	Cancelled  = "cancelled"
)

// Def describes one field of one kind.
type Def struct {
	Kind   Kind
	Field  Field
	Type   Type
	Label  string   // English words, also the key of its translations
	Codes  []string // of a Choice
	Filter bool     // only filters and notes use it: it is never written and stands in no mapping
}

// Fields lists every field of every kind. A new field is one row here and one in each service that holds it.
var Fields = []Def{
	{Kind: Contact, Field: Salutation, Type: Line, Label: "Salutation"},
	{Kind: Contact, Field: FirstName, Type: Line, Label: "First name"},
	{Kind: Contact, Field: LastName, Type: Line, Label: "Last name"},
	{Kind: Contact, Field: Title, Type: Line, Label: "Job title"},
	{Kind: Contact, Field: Account, Type: Line, Label: "Account"},
	{Kind: Contact, Field: Department, Type: Line, Label: "Department"},
	{Kind: Contact, Field: EmailMain, Type: Email, Label: "E-mail"},
	{Kind: Contact, Field: EmailOther, Type: Email, Label: "Second e-mail"},
	{Kind: Contact, Field: Phone, Type: Line, Label: "Phone"},
	{Kind: Contact, Field: Mobile, Type: Line, Label: "Mobile"},
	{Kind: Contact, Field: HomePhone, Type: Line, Label: "Home phone"},
	{Kind: Contact, Field: OtherPhone, Type: Line, Label: "Other phone"},
	{Kind: Contact, Field: Fax, Type: Line, Label: "Fax"},
	{Kind: Contact, Field: Assistant, Type: Line, Label: "Assistant"},
	{Kind: Contact, Field: AssistantPhone, Type: Line, Label: "Assistant’s phone"},
	{Kind: Contact, Field: ReportsTo, Type: Line, Label: "Reports to"},
	{Kind: Contact, Field: MailingAddress, Type: Address, Label: "Mailing address"},
	{Kind: Contact, Field: OtherAddress, Type: Address, Label: "Other address"},
	{Kind: Contact, Field: Birthday, Type: Date, Label: "Birthday"},
	{Kind: Contact, Field: Details, Type: Text, Label: "Description"},
	{Kind: Contact, Field: Categories, Type: List, Label: "Categories"},
	{Kind: Contact, Field: Owner, Type: Identity, Label: "Owner", Filter: true},
	{Kind: Contact, Field: Extra, Type: Line, Label: "More values", Filter: true},

	{Kind: Task, Field: Subject, Type: Line, Label: "Subject"},
	{Kind: Task, Field: Due, Type: Date, Label: "Due date"},
	{Kind: Task, Field: Priority, Type: Choice, Label: "Priority", Codes: []string{Highest, High, Normal, Low, Lowest}},
	{Kind: Task, Field: Status, Type: Choice, Label: "Status", Codes: []string{NotStarted, InProgress, Completed, Deferred, Waiting, Cancelled}},
	{Kind: Task, Field: Details, Type: Text, Label: "Description"},
	{Kind: Task, Field: Reminder, Type: Instant, Label: "Reminder"},
	{Kind: Task, Field: Categories, Type: List, Label: "Categories"},
	{Kind: Task, Field: Owner, Type: Identity, Label: "Owner", Filter: true},
	{Kind: Task, Field: Extra, Type: Line, Label: "More values", Filter: true},

	{Kind: Event, Field: Title, Type: Line, Label: "Title"},
	{Kind: Event, Field: When, Type: Span, Label: "Date and time"},
	{Kind: Event, Field: Venue, Type: Line, Label: "Venue"},
	{Kind: Event, Field: Details, Type: Text, Label: "Description"},
	{Kind: Event, Field: Participants, Type: Emails, Label: "Participants"},
	{Kind: Event, Field: Reminders, Type: Minutes, Label: "Reminders"},
	{Kind: Event, Field: Categories, Type: List, Label: "Categories"},
	{Kind: Event, Field: Owner, Type: Identity, Label: "Owner", Filter: true},
	{Kind: Event, Field: Extra, Type: Line, Label: "More values", Filter: true},
}

// Lookup returns the definition of a field of a kind. A field that stands in no row is a line of text, as custom fields are.
func Lookup(k Kind, f Field) Def {
	for _, d := range Fields {
		if d.Kind == k && d.Field == f {
			return d
		}
	}
	return Def{Kind: k, Field: f, Type: Line, Label: string(f)}
}

// FieldsOf lists the fields of a kind that a mapping may hold, in the order of Fields.
func FieldsOf(k Kind) []Field {
	var out []Field
	for _, d := range Fields {
		if d.Kind == k && !d.Filter {
			out = append(out, d.Field)
		}
	}
	return out
}

// Name returns the words by which a person knows an item: an event's title, a task's subject, a contact's name or e-mail.
// It is for the screen and never for a log.
func (r Record) Name(k Kind) string {
	switch k {
	case Event:
		return r[Title]
	case Task:
		return r[Subject]
	}
	switch {
	case r[FirstName] != "" && r[LastName] != "":
		return r[FirstName] + " " + r[LastName]
	case r[LastName] != "":
		return r[LastName]
	case r[FirstName] != "":
		return r[FirstName]
	}
	return r[EmailMain]
}

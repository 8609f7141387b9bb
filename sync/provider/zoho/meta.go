package zoho

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// markName is the text field that names a record's partner, in organisations that have created it.
const markName = "ZohoSync_ID"

// customPrefix stands before the API name of a field that has no field of ours.
const customPrefix = "zoho:"

// user is the part of GET /users?type=CurrentUser that matters.
type user struct {
	ID      string              `json:"id"`
	Name    string              `json:"full_name"`
	Email   string              `json:"email"`
	Zone    string              `json:"time_zone"`
	Offset  int                 `json:"offset"` // milliseconds
	Profile struct{ ID string } `json:"profile"`
}

// location returns the zone in which the CRM shows times to this person, and in which an all-day meeting is a day. Of a
// zone with an unknown name at least today's offset is known.
func (u user) location(fallback *time.Location) *time.Location {
	if u.Zone != "" && u.Zone != "Local" {
		if l, err := time.LoadLocation(u.Zone); err == nil {
			return l
		}
	}
	if u.Offset != 0 || u.Zone != "" {
		return time.FixedZone("", u.Offset/1000)
	}
	return fallback
}

// named tells people who is signed in.
func (u user) named() string {
	if u.Name == "" || u.Email == "" {
		return u.Name + u.Email
	}
	return u.Name + " (" + u.Email + ")"
}

// moduleMeta is one row of GET /settings/modules. A right that is not told counts as given.
type moduleMeta struct {
	APIName   string `json:"api_name"`
	Plural    string `json:"plural_label"`
	Supported *bool  `json:"api_supported"`
	Viewable  *bool  `json:"viewable"`
	Creatable *bool  `json:"creatable"`
	Editable  *bool  `json:"editable"`
	Deletable *bool  `json:"deletable"`
}

func yes(b *bool) bool { return b == nil || *b }

// fieldMeta is one row of GET /settings/fields.
type fieldMeta struct {
	APIName   string `json:"api_name"`
	DataType  string `json:"data_type"`
	Length    int    `json:"length"`
	Mandatory bool   `json:"system_mandatory"`
	ReadOnly  bool   `json:"read_only"`
	Operation struct {
		Create *bool `json:"api_create"`
		Update *bool `json:"api_update"`
	} `json:"operation_type"`
	Textarea struct{ Type string } `json:"textarea"`
	Unique   json.RawMessage       `json:"unique"` // {}: two records may hold the same value
	Picks    []pick                `json:"pick_list_values"`
	Profiles []struct {
		ID         string `json:"id"`
		Permission string `json:"permission_type"`
	} `json:"profiles"`
	Private    struct{ Restricted bool } `json:"private"`
	Compliance struct{ Restricted bool } `json:"hipaa_compliance"`
}

// pick is one value of a pick list.
type pick struct {
	Actual string `json:"actual_value"`
	Type   string `json:"type"`
}

// hidden says that the API tells null whatever the field holds: it is kept from this profile, or from the API by the
// organisation's privacy settings. Such a null taken for a value would clear what the other side holds.
func (f fieldMeta) hidden(profile string) bool {
	return f.Private.Restricted || f.Compliance.Restricted || f.permission(profile) == "hidden"
}

func (f fieldMeta) fixed(profile string) bool {
	return f.ReadOnly || !yes(f.Operation.Create) || !yes(f.Operation.Update) || f.permission(profile) == "read_only"
}

func (f fieldMeta) permission(profile string) string {
	for _, p := range f.Profiles {
		if p.ID == profile {
			return p.Permission
		}
	}
	return ""
}

// unique says that no two records may hold the same value.
func (f fieldMeta) unique() bool {
	var how map[string]any
	return json.Unmarshal(f.Unique, &how) == nil && len(how) > 0
}

func (f fieldMeta) rich() bool { return f.Textarea.Type == "rich_text" || f.DataType == "rich_text" }

// choices lists the values of a pick list as our codes, in the organisation's order.
func (f fieldMeta) choices() []string {
	var out []string
	for _, p := range f.Picks {
		if v := f.code(p.Actual); v != "" && p.Type != "unused" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// actual returns the organisation's own spelling of a code, or the word itself.
func (f fieldMeta) actual(code string) string {
	for _, p := range f.Picks {
		if f.code(p.Actual) == code {
			return p.Actual
		}
	}
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

// words are Zoho's own words for our codes, in an organisation that changed nothing.
var words = map[string]string{
	record.Highest: "Highest", record.High: "High", record.Normal: "Normal", record.Low: "Low", record.Lowest: "Lowest",
	record.NotStarted: "Not Started", record.InProgress: "In Progress", record.Completed: "Completed",
	record.Deferred: "Deferred", record.Waiting: "Waiting for input", record.Cancelled: "Cancelled",
}

// code returns our code for a value of the pick lists that have codes; any other word stands for itself.
func (f fieldMeta) code(actual string) string {
	actual = record.Canonical(record.Line, actual)
	if actual == "-None-" {
		return ""
	}
	if f.APIName != "Priority" && f.APIName != "Status" {
		return actual
	}
	for code, word := range words {
		if strings.EqualFold(word, actual) {
			return code
		}
	}
	return actual
}

// module is what the organisation's metadata say of one module, for the person who signed in.
type module struct {
	name      string
	kind      record.Kind
	meta      moduleMeta
	fields    map[string]fieldMeta // without the hidden ones
	zone      *time.Location
	owner     string
	person    string
	profile   string
	hasMark   bool
	hasSeries bool
}

// info describes the module as a collection.
func (m *module) info() provider.Info {
	limits := map[record.Field]record.Limit{}
	for _, f := range m.names() {
		if c, ok := m.column(f); ok {
			limits[f] = m.limit(c)
		}
	}
	title := m.meta.Plural
	if title == "" {
		title = m.name
	}
	return provider.Info{
		Ref: m.name, Title: title, Kinds: []record.Kind{m.kind}, Owner: m.owner, OwnedBy: m.person, Lag: lag,
		ReadOnly: !yes(m.meta.Creatable) && !yes(m.meta.Editable),
		Limits:   map[record.Kind]map[record.Field]record.Limit{m.kind: limits},
	}
}

// limit says what the API names of a column can hold together.
func (m *module) limit(c column) record.Limit {
	l := record.Limit{Mandatory: c.must}
	for _, n := range c.names {
		f := m.fields[n]
		l.ReadOnly = l.ReadOnly || f.fixed(m.profile)
		l.Mandatory = l.Mandatory || f.Mandatory
		switch {
		case len(c.names) == partsOfAddress && c.form.sized:
			l.Parts = append(l.Parts, f.Length)
		case c.form.sized:
			l.Max = f.Length
		}
		if c.form.picks {
			l.Choices = f.choices()
		}
	}
	if record.Lookup(c.kind, c.field).Filter {
		l.ReadOnly = true
	}
	return l
}

// user asks once who is signed in.
func (p *service) user(ctx context.Context) (user, error) {
	if p.who.ID != "" {
		return p.who, nil
	}
	var out struct{ Users []user }
	q := url.Values{"type": {"CurrentUser"}}
	if _, err := p.read(ctx, request{method: http.MethodGet, path: "/users", query: q, credits: 1}, &out); err != nil {
		return user{}, err
	}
	if len(out.Users) == 0 {
		return user{}, provider.ErrAuth
	}
	p.who = out.Users[0]
	return p.who, nil
}

// list asks once which modules there are.
func (p *service) list(ctx context.Context) ([]moduleMeta, error) {
	if p.modules != nil {
		return p.modules, nil
	}
	var out struct{ Modules []moduleMeta }
	if _, err := p.read(ctx, request{method: http.MethodGet, path: "/settings/modules", credits: 1}, &out); err != nil {
		return nil, err
	}
	p.modules = out.Modules
	return p.modules, nil
}

// module asks once for everything that is to be known of a module. ErrGone when the organisation has no such module.
func (p *service) module(ctx context.Context, name string) (*module, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.known[name]; m != nil {
		return m, nil
	}
	kind, ok := kinds[name]
	if !ok {
		return nil, provider.ErrGone
	}
	all, err := p.list(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(m moduleMeta) bool { return m.APIName == name })
	if i < 0 || !yes(all[i].Supported) || !yes(all[i].Viewable) {
		return nil, provider.ErrGone
	}
	who, err := p.user(ctx)
	if err != nil {
		return nil, err
	}
	m := &module{name: name, kind: kind, meta: all[i], zone: who.location(p.zone), owner: who.ID, person: who.named(), profile: who.Profile.ID}
	if err := p.fill(ctx, m); err != nil {
		return nil, err
	}
	p.known[name] = m
	return m, nil
}

func (p *service) fill(ctx context.Context, m *module) error {
	var out struct{ Fields []fieldMeta }
	q := url.Values{"module": {m.name}}
	if _, err := p.read(ctx, request{method: http.MethodGet, path: "/settings/fields", query: q, credits: 1}, &out); err != nil {
		return err
	}
	m.fields = map[string]fieldMeta{}
	for _, f := range out.Fields {
		if !f.hidden(m.profile) {
			m.fields[f.APIName] = f
		}
	}
	_, m.hasMark = m.fields[markName]
	_, m.hasSeries = m.fields["Recurring_Activity"]
	return nil
}

package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// seeder makes invented records; the same seed and clock make the same ones.
type seeder struct {
	s     *Server
	r     *rand.Rand
	now   time.Time
	today time.Time
	by    *user
}

// seed fills the organisation.
func (s *Server) seed() {
	o := s.o
	if o.Contacts+o.Tasks+o.Events == 0 {
		return
	}
	g := &seeder{s: s, r: rand.New(rand.NewPCG(uint64(o.Seed), 0x5a6f686f)), now: second(s.now()), by: s.org.users[0]}
	g.today = midnight(g.now, s.zone)
	for _, name := range tagNames() {
		for _, module := range []string{"Contacts", "Tasks", "Events"} {
			s.newTag(s.org.byName[module], name, "#F17574")
		}
	}
	for i := range min(max(o.Contacts/10, 1), len(companies())*20) {
		g.add("Accounts", object{"Account_Name": companyName(i), "Website": "https://www.example.com"})
	}
	for i := range o.Contacts {
		g.contact(i)
	}
	g.add("Deals", object{"Deal_Name": "Spring order", "Stage": "Qualification"})
	for i := range o.Tasks {
		g.task(i)
	}
	for i := range o.Events {
		g.event(i)
	}
}

func companyName(i int) string {
	list := companies()
	if i < len(list) {
		return list[i]
	}
	return fmt.Sprintf("%s %d", list[i%len(list)], i/len(list)+1)
}

// chance is true in so many of a hundred cases.
func (g *seeder) chance(percent int) bool { return g.r.IntN(100) < percent }

func (g *seeder) of(list []string) string { return list[g.r.IntN(len(list))] }

// add stores one record of the signed-in user, changed at some moment of the last weeks.
func (g *seeder) add(module string, values object) *entry {
	m := g.s.org.byName[module]
	at := g.now.Add(-time.Duration(g.r.IntN(60*24*3600)) * time.Second)
	if list := m.tags; len(list) > 0 && g.chance(30) {
		values["Tag"] = []any{object{"name": list[g.r.IntN(len(list))].name}}
	}
	e := m.add(g.s.org, g.s.lenient(m, values), g.by, at)
	e.created = at.Add(-time.Hour)
	return e
}

// some picks a living record of a module, or nil.
func (g *seeder) some(module string) *entry {
	list := g.s.org.byName[module].byID
	if len(list) == 0 {
		return nil
	}
	return list[g.r.IntN(len(list))]
}

func (g *seeder) phone() string {
	return fmt.Sprintf("+%d %d %07d", 1+g.r.IntN(98), 100+g.r.IntN(900), g.r.IntN(10000000))
}

func (g *seeder) contact(i int) {
	first, last := g.of(firstNames()), g.of(lastNames())
	o := object{"Last_Name": last, "Email": fmt.Sprintf("person%d@company%d.example.com", i, g.r.IntN(40))}
	if g.chance(95) {
		o["First_Name"] = first
	}
	if g.chance(60) {
		if e := g.some("Accounts"); e != nil {
			o["Account_Name"] = object{"id": e.id}
		}
	}
	if e := g.some("Contacts"); e != nil && g.chance(10) {
		o["Reporting_To"] = object{"id": e.id}
	}
	for name, values := range map[string]string{
		"Salutation": g.of([]string{"Mr.", "Mrs.", "Ms.", "Dr.", "Prof."}), "Title": g.of(jobs()), "Department": g.of(departments()),
		"Assistant": g.of(firstNames()) + " " + g.of(lastNames()),
	} {
		o[name] = values
	}
	for _, name := range []string{"Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"} {
		o[name] = g.phone()
	}
	o["Secondary_Email"] = fmt.Sprintf("private%d@mail.test", i)
	o["Date_of_Birth"] = time.Date(1940+g.r.IntN(65), time.Month(1+g.r.IntN(12)), 1+g.r.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	o["Description"] = "Met at the trade fair.\nPrefers e-mail; speaks " + g.of([]string{"English", "français", "Deutsch", "português"}) + "."
	g.address(o, "Mailing")
	g.address(o, "Other")
	g.thin(o, "Last_Name", "First_Name", "Account_Name", "Reporting_To")
	g.add("Contacts", o)
}

func (g *seeder) address(o object, prefix string) {
	place := cities()[g.r.IntN(len(cities()))]
	o[prefix+"_Street"] = fmt.Sprintf("%s %d", g.of([]string{"Lindenstraße", "Rue de l’Été", "Main Street", "Calle Ñandú"}), 1+g.r.IntN(200))
	o[prefix+"_City"], o[prefix+"_State"], o[prefix+"_Country"] = place[0], place[1], place[2]
	o[prefix+"_Zip"] = fmt.Sprintf("%05d", g.r.IntN(100000))
}

// thin clears a good share of the fields, as real records do. Fields are asked in a fixed order, for the seed's sake.
func (g *seeder) thin(o object, keep ...string) {
	m := g.s.org.byName["Contacts"]
	for _, f := range m.fields {
		if _, given := o[f.name]; given && !contains(keep, f.name) && g.chance(35) {
			o[f.name] = nil
		}
	}
}

func (g *seeder) task(i int) {
	o := object{"Subject": fmt.Sprintf("%s #%d", g.of(subjects()), i+1)}
	due := g.today.AddDate(0, 0, g.r.IntN(90)-30)
	if g.chance(85) {
		o["Due_Date"] = due.Format(time.DateOnly)
	}
	if g.chance(90) {
		o["Status"] = g.of([]string{"Not Started", "Not Started", "In Progress", "Completed", "Deferred", "Waiting for input"})
	}
	if g.chance(80) {
		o["Priority"] = g.of([]string{"High", "Highest", "Normal", "Low", "Lowest"})
	}
	if g.chance(50) {
		o["Description"] = "Details are in the file.\nAsk before sending."
	}
	if g.chance(3) {
		o["Description"] = strings.Repeat("A long text that no list shows whole. ", 20)
	}
	if g.chance(30) && due.After(g.now) {
		o["Remind_At"] = object{"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:" + due.Add(8*time.Hour).Format(stamp)}
	}
	if e := g.some("Contacts"); e != nil && g.chance(70) {
		o["Who_Id"] = object{"id": e.id}
	}
	if e := g.some("Deals"); e != nil && g.chance(10) {
		o["What_Id"], o["$se_module"] = object{"id": e.id}, "Deals"
	}
	g.add("Tasks", o)
}

func (g *seeder) event(i int) {
	day := g.today.AddDate(0, 0, g.r.IntN(150)-25)
	start := time.Date(day.Year(), day.Month(), day.Day(), 7+g.r.IntN(11), 15*g.r.IntN(4), 0, 0, g.s.zone)
	o := object{
		"Event_Title":    fmt.Sprintf("%s #%d", g.of(meetings()), i+1),
		"Start_DateTime": start.Format(stamp), "End_DateTime": start.Add(time.Duration(1+g.r.IntN(8)) * 15 * time.Minute).Format(stamp),
	}
	if g.chance(8) {
		o["All_day"] = true
		o["Start_DateTime"] = day.Format(stamp)
		o["End_DateTime"] = day.AddDate(0, 0, 1+g.r.IntN(2)).Add(-time.Minute).Format(stamp)
	}
	if g.chance(60) {
		o["Venue"] = g.of(venues())
	}
	if g.chance(50) {
		o["Description"] = "Agenda:\n1. Welcome\n2. Questions"
	}
	if g.chance(50) {
		o["Remind_At"] = []any{object{"unit": float64(15), "period": "minutes"}}
		if g.chance(20) {
			o["Remind_At"] = append(o["Remind_At"].([]any), object{"unit": float64(1), "period": "days"})
		}
	}
	if e := g.some("Contacts"); e != nil {
		if g.chance(50) {
			o["Who_Id"] = object{"id": e.id}
		}
		if g.chance(40) {
			o["Participants"] = []any{
				object{"type": "contact", "participant": e.id},
				object{"type": "email", "participant": fmt.Sprintf("guest%d@example.test", i)},
			}
		}
	}
	e := g.add("Events", o)
	if g.chance(20) {
		for _, p := range listOf(e.values["Participants"]) {
			p["invited"] = true
		}
	}
}

// listOf sees a stored list as objects.
func listOf(v any) []object {
	list, _ := v.([]any)
	var out []object
	for _, x := range list {
		if o, is := x.(object); is {
			out = append(out, o)
		}
	}
	return out
}

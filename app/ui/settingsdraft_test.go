package ui

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"zohosync/assets"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func usualDraft() *draft {
	o := busyOffice()
	pairs, _ := o.Pairs(nil)
	return newDraft(pairs, o.settings)
}

func oneWay(p *state.Pair) { p.Direction = plan.ToLeft }

func TestOnlyWhatDiffersIsStored(t *testing.T) {
	for _, c := range []struct {
		name         string
		edit         func(d *draft)
		keep, remove []string
	}{
		{"nothing", func(*draft) {}, nil, nil},
		{"one pair", func(d *draft) { d.change("tasks", oneWay) }, []string{"tasks"}, nil},
		{"there and back", func(d *draft) {
			d.change("tasks", oneWay)
			d.change("tasks", func(p *state.Pair) { p.Direction = plan.Both })
		}, nil, nil},
		{"categories there and back", func(d *draft) {
			d.setCategories("contacts", []string{"Work"})
			d.setCategories("contacts", nil)
		}, nil, nil},
		{"a run between two looks", func(d *draft) {
			d.change("tasks", func(p *state.Pair) { p.Success = time.Unix(1, 0); p.Stop = &plan.Guard{} })
		}, nil, nil},
		{"edited, then removed", func(d *draft) { d.change("tasks", oneWay); d.remove("tasks") }, nil, []string{"tasks"}},
		{"a new pair", func(d *draft) { d.add(state.Pair{Kind: record.Task}) }, []string{""}, nil},
		{"a new pair, edited", func(d *draft) { d.change(d.add(state.Pair{Kind: record.Task}), oneWay) }, []string{""}, nil},
		{"a new pair, removed", func(d *draft) { d.remove(d.add(state.Pair{Kind: record.Task})) }, nil, nil},
		{"a pair that is not there", func(d *draft) { d.change("gone", oneWay) }, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := usualDraft()
			c.edit(d)
			keep, remove := d.toStore()
			var ids []string
			for _, p := range keep {
				ids = append(ids, p.ID)
			}
			if !slices.Equal(ids, c.keep) || !slices.Equal(remove, c.remove) {
				t.Errorf("stored %v, removed %v", ids, remove)
			}
			if d.dirty() != (len(c.keep)+len(c.remove) > 0) {
				t.Errorf("dirty: %v", d.dirty())
			}
		})
	}
}

func TestADraftDoesNotTouchWhatItWasMadeFrom(t *testing.T) {
	o := busyOffice()
	d := newDraft(o.pairs, o.settings)
	want, _ := busyOffice().Pairs(nil)
	d.setCategories("meetings", []string{"Other"})
	d.change("meetings", func(p *state.Pair) { p.Mapping[0].Left = "x"; p.Categories[0] = "x" })
	if !reflect.DeepEqual(o.pairs, want) {
		t.Error("what is stored was changed")
	}
}

func TestAFolderDecidesDirectionAndCategories(t *testing.T) {
	read := func(title string, readOnly bool) provider.Info {
		return provider.Info{Ref: "/x", Title: title, ReadOnly: readOnly}
	}
	for _, c := range []struct {
		name       string
		kind       record.Kind
		side       plan.Side
		info       provider.Info
		direction  plan.Direction
		categories []string
	}{
		{"a calendar that held other meetings", record.Event, plan.Right, read("Work", false), plan.Both, []string{ourCategory}},
		{"a calendar made for the CRM", record.Event, plan.Right, read("Zoho CRM", false), plan.Both, nil},
		{"contacts are not filtered", record.Contact, plan.Right, read("Customers", false), plan.Both, nil},
		{"nor tasks", record.Task, plan.Right, read("Mine", false), plan.Both, nil},
		{"the right can only be read", record.Contact, plan.Right, read("Team", true), plan.ToLeft, nil},
		{"the left can only be read", record.Contact, plan.Left, read("Contacts", true), plan.ToRight, nil},
		{"the left does not decide categories", record.Event, plan.Left, read("Meetings", false), plan.Both, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := usualDraft()
			id := d.add(fresh().Defaults(c.kind))
			d.setEnd(id, c.side, "Nextcloud", c.info)
			p, _ := d.pair(id)
			if p.Direction != c.direction || !slices.Equal(p.Categories, c.categories) {
				t.Errorf("got %s, %v", p.Direction, p.Categories)
			}
			if want := (state.End{Account: "Nextcloud", Ref: "/x", Title: c.info.Title}); p.Ends[c.side] != want {
				t.Errorf("got %v", p.Ends[c.side])
			}
		})
	}
}

func TestCategoriesThatAPersonChoseStay(t *testing.T) {
	d := usualDraft()
	id := d.add(fresh().Defaults(record.Event))
	d.setCategories(id, []string{"Travel"})
	d.setEnd(id, plan.Right, "Nextcloud", provider.Info{Ref: "/work", Title: "Work"})
	d.setEnd("meetings", plan.Right, "Nextcloud", provider.Info{Ref: "/else", Title: "Zoho CRM"})
	chosen, _ := d.pair(id)
	stored, _ := d.pair("meetings")
	if !slices.Equal(chosen.Categories, []string{"Travel"}) || !slices.Equal(stored.Categories, []string{ourCategory}) {
		t.Errorf("got %v and %v", chosen.Categories, stored.Categories)
	}
}

func TestAFilterTakesCategoriesOutOfTheMappingAlone(t *testing.T) {
	d := usualDraft()
	mine := plan.Row{Left: "zoho:Region", Right: record.Title}
	d.change("contacts", func(p *state.Pair) { p.Mapping = append(p.Mapping, mine) })
	d.setCategories("contacts", []string{"Customers"})
	p, _ := d.pair("contacts")
	if slices.ContainsFunc(p.Mapping, ofCategories) || !slices.ContainsFunc(p.Mapping, func(r plan.Row) bool { return r.Left == mine.Left }) {
		t.Errorf("filtered: %v", p.Mapping)
	}
	d.setCategories("contacts", nil)
	p, _ = d.pair("contacts")
	if !slices.ContainsFunc(p.Mapping, ofCategories) || !slices.ContainsFunc(p.Mapping, func(r plan.Row) bool { return r.Left == mine.Left }) {
		t.Errorf("not filtered: %v", p.Mapping)
	}
}

func TestHitches(t *testing.T) {
	readOnly := map[string]bool{"/team": true, "/shared": true}
	known := func(e state.End) (provider.Info, bool) {
		return provider.Info{ReadOnly: readOnly[e.Ref]}, e.Ref != "/unknown"
	}
	for _, c := range []struct {
		left, right string
		direction   plan.Direction
		want        hitch
	}{
		{"Contacts", "/new", plan.Both, ""},
		{"", "/new", plan.Both, hitchLeft},
		{"Contacts", "", plan.Both, hitchRight},
		{"Contacts", "/book", plan.Both, hitchTwice},
		{"Contacts", "/team", plan.Both, hitchToLeft},
		{"Contacts", "/team", plan.ToRight, hitchToLeft},
		{"Contacts", "/team", plan.ToLeft, ""},
		{"/team", "/new", plan.Both, hitchToRight},
		{"/team", "/new", plan.ToRight, ""},
		{"/team", "/shared", plan.ToLeft, hitchUnwritten},
		{"Contacts", "/unknown", plan.Both, ""},
	} {
		d := usualDraft()
		p := fresh().Defaults(record.Contact)
		p.Direction = c.direction
		p.Ends = [2]state.End{{Account: "crm", Ref: c.left}, {Account: "Nextcloud", Ref: c.right}}
		id := d.add(p)
		p, _ = d.pair(id)
		if got := d.hitch(p, known); got != c.want {
			t.Errorf("%s %s %s: got %q, want %q", c.left, c.right, c.direction, got, c.want)
		}
		if at, why := d.firstHitch(known); why != c.want || (at == id) != (why != "") {
			t.Errorf("%s %s: found %q at %q", c.left, c.right, why, at)
		}
	}
}

func TestAStoredPairIsNotCheckedUntilItIsChanged(t *testing.T) {
	d := usualDraft()
	d.stored[0].Ends[plan.Right].Ref = ""
	if _, why := d.firstHitch(func(state.End) (provider.Info, bool) { return provider.Info{}, false }); why != "" {
		t.Errorf("got %q", why)
	}
}

func TestNewsKeepWhatWasChanged(t *testing.T) {
	d := usualDraft()
	d.change("contacts", oneWay)
	d.change("tasks", oneWay)
	d.change("meetings", oneWay)
	d.remove("meetings")
	now, _ := busyOffice().Pairs(nil)
	now[1].Direction = plan.ToLeft // somebody else did the same
	d.reread(now[:2])
	keep, remove := d.toStore()
	if len(keep) != 1 || keep[0].ID != "contacts" || len(remove) != 0 {
		t.Errorf("stored %v, removed %v", keep, remove)
	}
}

func TestAnAccountThatIsGoneTakesItsChangesAlong(t *testing.T) {
	d := usualDraft()
	p := fresh().Defaults(record.Task)
	p.Ends[plan.Right].Account = "Nextcloud"
	d.add(p)
	d.change("tasks", oneWay)
	d.drop("Nextcloud")
	if d.dirty() {
		t.Error("something is left")
	}
}

func TestASecretIsNotKeptInTheWindow(t *testing.T) {
	d := usualDraft()
	d.settings.ClientSecret = "s"
	if !d.changed(pageGeneral) {
		t.Error("not changed")
	}
	d.savedSettings()
	if d.settings.ClientSecret != "" || !d.settings.HasSecret || d.dirty() {
		t.Errorf("got %+v", d.settings.HasSecret)
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct{ back, ahead, from, until int }{
		{-1, 180, 0, 0}, {30, 0, 30, usualAhead}, {30, 90, 30, 90},
	} {
		if from, until := span(c.back, c.ahead); from != c.from || until != c.until {
			t.Errorf("%+v: got %d, %d", c, from, until)
		}
	}
}

func TestDaysToChooseFrom(t *testing.T) {
	for _, c := range []struct {
		kind        record.Kind
		from, until int
		back, ahead []int
	}{
		{record.Event, 30, 180, []int{7, 30, 90, 180, 365}, []int{30, 90, 180, 365, 730}},
		{record.Event, 0, 0, []int{-1, 7, 30, 90, 180, 365}, nil},
		{record.Event, 0, 45, []int{0, 7, 30, 90, 180, 365}, []int{30, 45, 90, 180, 365, 730}},
		{record.Event, 14, 0, []int{7, 14, 30, 90, 180, 365}, []int{0, 30, 90, 180, 365, 730}},
		{record.Task, 30, 180, []int{-1, 7, 30, 90, 180, 365}, []int{30, 90, 180, 365, 730}},
	} {
		p := state.Pair{Kind: c.kind, FromDays: c.from, UntilDays: c.until}
		if got := backDays(p); !slices.Equal(got, c.back) {
			t.Errorf("%+v: back %v", c, got)
		}
		if got := aheadDays(p); c.ahead != nil && !slices.Equal(got, c.ahead) {
			t.Errorf("%+v: ahead %v", c, got)
		}
	}
}

func TestChosenCategories(t *testing.T) {
	for _, c := range []struct {
		way    int
		marked []string
		typed  string
		want   []string
		ok     bool
	}{
		{categoryOurs, []string{"x"}, "y", []string{"Zoho CRM"}, true},
		{categoryAll, []string{"x"}, "y", nil, true},
		{categoryThese, []string{"Travel"}, " Work,travel , ", []string{"Travel", "Work"}, true},
		{categoryThese, nil, " , ", nil, false},
	} {
		got, ok := chosenCategories(c.way, c.marked, c.typed)
		if !slices.Equal(got, c.want) || ok != c.ok {
			t.Errorf("%+v: got %v, %v", c, got, ok)
		}
	}
}

func TestHostOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://cloud.example.org:8443/dav/": "cloud.example.org:8443", "cloud.example.org": "cloud.example.org",
		"cloud.example.org/dav": "cloud.example.org", "ann@example.org": "example.org", "": "",
	} {
		if got := hostOf(address); got != want {
			t.Errorf("%q: got %q", address, got)
		}
	}
}

func TestFingerprint(t *testing.T) {
	if got := fingerprint("0a1b2c3d4e5f60718293"); got != "0A:1B:2C:3D:4E:5F:60:71 82:93" {
		t.Errorf("got %q", got)
	}
}

func TestNamesOfAccountsAndSides(t *testing.T) {
	second := crm()
	second.Name = "crm-2"
	p := busyOffice().pairs[0]
	for _, c := range []struct {
		accounts          []Account
		left, right, wins string
	}{
		{[]Account{crm(), cloud()}, "Zoho CRM", "Nextcloud", "Zoho wins"},
		{[]Account{crm(), second, cloud()}, "Zoho CRM (crm)", "Nextcloud", "Zoho wins"},
		{nil, "crm", "Nextcloud", "Zoho wins"},
	} {
		s := speech{assets.Speak("en"), c.accounts}
		if left, right, wins := s.side(p, plan.Left), s.side(p, plan.Right), s.policy(p, plan.LeftWins); left != c.left || right != c.right || wins != c.wins {
			t.Errorf("got %q, %q, %q", left, right, wins)
		}
	}
	s := speech{assets.Speak("en"), []Account{here()}}
	if got := s.account(here()); got != "This computer" {
		t.Errorf("got %q", got)
	}
}

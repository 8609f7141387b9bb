package providertest

import (
	"errors"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// A created item is listed, with an identity and canonical values.
func createIsListed(s *suite) {
	r := s.rich()
	it := s.create(r)[0]
	s.same("created", it.Record, r, s.writable())
	switch {
	case it.ID == "" || it.Group == "" || it.Revision == "" || it.Self == "":
		s.Errorf("the item lacks an identity: ID %q, group %q, revision %q, self %q", it.ID, it.Group, it.Revision, it.Self)
	case it.Slot == "" && it.Group != it.ID:
		s.Errorf("a single item is its own group: ID %q, group %q", it.ID, it.Group)
	}
	for f, v := range it.Record {
		if c := record.Canonical(record.Lookup(s.Kind, f).Type, v); v == "" || v != c {
			s.Errorf("field %s is listed as %q, which is not canonical", f, v)
		}
	}
}

// Items carry the fields given to Open and no others.
func onlyGivenFieldsAreListed(s *suite) {
	it := s.create(s.rich())[0]
	f, _ := s.two()
	for _, fields := range [][]record.Field{{s.name()}, {s.name(), f}} {
		now, ok := s.list(s.Open(s.TB, fields), "").items[it.ID]
		if !ok {
			s.Fatalf("opened with %v, the item is not listed", fields)
		}
		for g := range now.Record {
			if !slices.Contains(fields, g) {
				s.Errorf("opened with %v, field %s is listed", fields, g)
			}
		}
		s.same("given field", now.Record, it.Record, fields)
	}
}

// The same create, sent again by a program that was restarted, makes no second item.
func createTwiceSameKeyMakesOne(s *suite) {
	if !s.Can.Keys {
		s.Skip("the service cannot tell a repeated create")
	}
	r := s.sample()
	w := s.creates(r)[0]
	first := s.must(s.c, w)
	s.tick()
	second := s.must(s.open(), w)
	if a, b := first.Item.ID, second.Item.ID; a != "" && b != "" && a != b {
		s.Errorf("the second create names another item: %q, then %q", a, b)
	}
	s.tick()
	found := s.list(s.open(), "").named(s.name(), r[s.name()])
	for _, it := range found {
		s.made[it.ID] = true
	}
	if len(found) != 1 {
		s.Errorf("created twice with one key, the item is listed %d times", len(found))
	}
}

// What an item says of its partner is listed, and stays through an update; a long mark may come back in its short form.
func markIsKept(s *suite) {
	if !s.Can.Marks {
		s.Skip("the service holds no marks")
	}
	f, _ := s.two()
	records := []record.Record{s.sample(), s.sample()}
	writes := s.creates(records...)
	writes[1].Mark += record.Mark("@" + strings.Repeat("long", 75))
	s.apply(s.c, writes...)
	s.tick()
	l := s.list(s.open(), "")
	for i, w := range writes {
		found := l.named(s.name(), records[i][s.name()])
		if len(found) != 1 {
			s.Fatalf("the item is listed %d times", len(found))
		}
		s.made[found[0].ID] = true
		if found[0].Mark.Short() != w.Mark.Short() {
			s.Errorf("created with mark %q, listed with %q", w.Mark, found[0].Mark)
		}
		s.must(s.c, update(found[0], record.Patch{f: s.values(f)[1]}))
		if now := s.again(found[0].ID); now.Mark != found[0].Mark {
			s.Errorf("after an update the mark %q is listed as %q", found[0].Mark, now.Mark)
		}
	}
}

// A collection that was made is listed, can be opened, and is empty.
func makeCollection(s *suite) {
	if s.Provider == nil {
		s.Skip("the set-up gives no provider")
	}
	p := s.Provider(s.TB)
	info, err := p.Make(s.Context(), "Made "+s.token, s.Kind)
	if !s.Can.Make {
		if !errors.Is(err, provider.ErrReadOnly) {
			s.Errorf("make: got %v, want ErrReadOnly", err)
		}
		return
	}
	if err != nil {
		s.Fatalf("make: %v", err)
	}
	if info.Ref == "" || info.ReadOnly || !slices.Contains(info.Kinds, s.Kind) || len(info.Limits[s.Kind]) == 0 {
		s.Errorf("the made collection has ref %q, kinds %v, read-only %v, %d fields", info.Ref, info.Kinds, info.ReadOnly, len(info.Limits[s.Kind]))
	}
	all, err := s.Provider(s.TB).Collections(s.Context())
	if err != nil {
		s.Fatalf("list collections: %v", err)
	}
	i := slices.IndexFunc(all, func(in provider.Info) bool { return in.Ref == info.Ref })
	if i < 0 {
		s.Fatal("the made collection is not listed")
	}
	if all[i].Title != "Made "+s.token {
		s.Errorf("the made collection is listed as %q", all[i].Title)
	}
	c, err := p.Open(s.Context(), info.Ref, s.Kind, record.FieldsOf(s.Kind))
	if err != nil {
		s.Fatalf("open the made collection: %v", err)
	}
	if l := s.list(c, ""); len(l.items)+len(l.skipped) != 0 || l.full != l.pages {
		s.Errorf("the made collection lists %d items on %d pages, %d of them full", len(l.items)+len(l.skipped), l.pages, l.full)
	}
}

// A collection that is not there is ErrGone, at the latest when it is listed; it is never an empty one.
func missingCollectionIsGone(s *suite) {
	if s.Provider == nil {
		s.Skip("the set-up gives no provider")
	}
	// A ref of the service's own shape, next to one that is there.
	stem, slash := strings.CutSuffix(s.c.Info().Ref, "/")
	missing := stem + "-missing-" + s.token
	if slash {
		missing += "/"
	}
	c, err := s.Provider(s.TB).Open(s.Context(), missing, s.Kind, record.FieldsOf(s.Kind))
	if err == nil {
		_, err = c.Changes(s.Context(), "", record.Window{})
	}
	if !errors.Is(err, provider.ErrGone) {
		s.Errorf("open and list a missing collection: got %v, want ErrGone", err)
	}
}

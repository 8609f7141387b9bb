package main

import (
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/sandbox"
)

func TestFromNothingToInStep(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Contacts: 5, Tasks: 4, Events: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()

	for module, kind := range map[string]string{"Contacts": "contact", "Tasks": "task", "Events": "event"} {
		made := decode[[]listed](t, s.do("", "collections", "home", "--create", "CRM "+module, "--kind", kind, "--json"))
		if len(made) != 1 || made[0].Ref == "" {
			t.Fatalf("made %v", made)
		}
		s.do("", "pair", "add", "--left", "crm:"+module, "--right", "home:"+made[0].Ref)
	}
	if pairs := decode[[]shownPair](t, s.do("", "pair", "list", "--json")); len(pairs) != 3 {
		t.Fatalf("pairs %v", pairs)
	}

	dry := decode[struct{ Pairs []syncedPair }](t, s.do("", "sync", "contacts", "--dry-run", "--json"))
	if len(dry.Pairs) != 1 || dry.Pairs[0].Right.Created != 5 || len(dry.Pairs[0].Plan) != 5 {
		t.Errorf("dry run: %+v", dry)
	}
	code, out, errOut := s.try("", "sync", "--json")
	first := decode[struct{ Pairs []syncedPair }](t, out)
	created := 0
	for _, p := range first.Pairs {
		created += p.Right.Created
		if p.Left.Created+p.Left.Updated+p.Left.Deleted > 0 || p.Error != nil {
			t.Errorf("the first sync wrote to the CRM: %+v", p.Report)
		}
		if p.Credits == 0 || p.Left.Requests == 0 || p.Right.Requests == 0 {
			t.Errorf("%s: %d credits, %d and %d requests", p.ID, p.Credits, p.Left.Requests, p.Right.Requests)
		}
	}
	if created == 0 || code > attention {
		t.Errorf("exit %d, created %d\n%s%s", code, created, out, errOut)
	}
	again := decode[struct{ Pairs []syncedPair }](t, second(s))
	for _, p := range again.Pairs {
		if p.Wrote() > 0 {
			t.Errorf("the second sync wrote: %+v", p.Report)
		}
	}

	_, status, _ := s.try("", "status", "--json")
	if got := decode[shownStatus](t, status); len(got.Pairs) != 3 || got.State == engine.StateSignedOut {
		t.Errorf("status %+v", got)
	}
	s.fails(failed, "in-use", "", "account", "remove", "home")
	for _, p := range again.Pairs {
		s.do("", "pair", "remove", p.ID)
	}
	s.do("", "account", "remove", "home")
	s.do("", "account", "remove", "crm")
	if left := s.do("", "account", "list", "--json"); strings.TrimSpace(left) != "[]" {
		t.Errorf("left over: %s", left)
	}
}

func TestAFailedPairIsToldAndTheOthersGoOn(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 2})
	s.addCRM(info)
	s.addServer()
	for _, title := range []string{"One", "Two"} {
		ref := decode[[]listed](t, s.do("", "collections", "home", "--create", title, "--kind", "contact", "--json"))[0].Ref
		s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+ref)
	}
	server.Fault(sandbox.Fault{Match: "GET /crm/v8/Contacts", Kind: "400"})
	code, out, _ := s.try("", "sync", "--json")
	got := decode[struct{ Pairs []syncedPair }](t, out)
	if code != failed || len(got.Pairs) != 2 || got.Pairs[0].Error == nil || got.Pairs[1].Error != nil {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestWorse(t *testing.T) {
	for _, c := range []struct{ a, b, want exit }{
		{inStep, attention, attention}, {attention, inStep, attention}, {attention, failed, failed}, {failed, guarded, guarded}, {guarded, failed, guarded},
	} {
		if got := worse(c.a, c.b); got != c.want {
			t.Errorf("%d and %d: got %d", c.a, c.b, got)
		}
	}
}

package main

import (
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/sandbox"
)

// C-6: what lost is listed and can be had back; a value that was edited since is left alone, and said to be.
func TestWhatLostIsListedAndGivenBack(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 1, Seed: 7})
	s.addCRM(info)
	home := s.addServer()
	if out := s.do("", "conflicts"); !strings.Contains(out, "No conflicts") {
		t.Errorf("printed %s", out)
	}
	ref := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))[0].Ref
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+ref, "--any-owner", "--conflict", "right")
	s.do("", "sync")
	person := elsewhere(t, home, ref, "text/vcard")
	card := func() (href, text string) {
		for href, text = range person.all() {
		}
		return href, text
	}
	one := server.Records("Contacts")[0]["id"].(string)
	phone := func() string { v, _ := server.Records("Contacts")[0]["Phone"].(string); return v }
	server.Edit("Contacts", one, map[string]any{"Phone": "+55 11 5555 0101"})
	href, text := card()
	var kept []string
	for _, l := range unfolded(text) {
		if l == "END:VCARD" {
			kept = append(kept, "TEL;TYPE=WORK,VOICE:+55 11 5555 0202")
		}
		if !strings.HasPrefix(l, "TEL") {
			kept = append(kept, l)
		}
	}
	person.put(href, lines(kept...))
	s.do("", "sync")
	if phone() != "+55 11 5555 0202" {
		t.Fatalf("the CRM holds %q", phone())
	}
	all := decode[[]shownConflict](t, s.do("", "conflicts", "--pair", "contacts", "--json"))
	if len(all) != 1 || all[0].Winner != plan.Right.String() || all[0].Lost != "+55 11 5555 0101" || all[0].Won != "+55 11 5555 0202" ||
		all[0].Field != "phone" || all[0].Title == "" || all[0].Run == 0 || all[0].Restored != nil {
		t.Fatalf("conflicts %+v", all)
	}
	if out := s.do("", "conflicts"); !strings.Contains(out, "+55 11 5555 0101") || !strings.Contains(out, "Phone") || !strings.Contains(out, "home") {
		t.Errorf("printed\n%s", out)
	}
	number := strconv.FormatInt(all[0].ID, 10)
	if back := decode[shownConflict](t, s.do("", "conflicts", "restore", number, "--json")); back.Restored == nil {
		t.Errorf("result %+v", back)
	}
	if _, text := card(); phone() != "+55 11 5555 0101" || !strings.Contains(text, "+55 11 5555 0101") {
		t.Errorf("after it was given back the CRM holds %q, and the card\n%s", phone(), text)
	}
	if out := s.do("", "conflicts"); !strings.Contains(out, "restored") {
		t.Errorf("printed\n%s", out)
	}
	s.fails(failed, "value-edited", "", "conflicts", "restore", number)
	s.fails(failed, "no-conflict", "", "conflicts", "restore", "999")
	s.fails(failed, "no-such", "", "conflicts", "--pair", "nobody")
	if out := s.do("", "history", "--json"); strings.Contains(out, "5555") {
		t.Errorf("the history shows values:\n%s", out)
	}
}

package main

import (
	"strings"
	"testing"

	"zohosync/sync/sandbox"
)

// C-9: a pair in which changes wait is not removed without asking, and the question names pair, side and number.
func TestAPairWithUnsentChangesIsNotRemovedUnasked(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	add := []string{"pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner"}
	s.do("", add...)
	s.do("", "sync")
	s.do("", "pair", "remove", "contacts")
	s.do("", add...)
	s.do("", "sync")
	for _, r := range server.Records("Contacts")[:2] {
		server.Edit("Contacts", r["id"].(string), map[string]any{"Title": "Chief"})
	}
	s.do("", "sync", "--dry-run")
	s.fails(failed, "unsent", "", "pair", "remove", "contacts")
	if _, _, errOut := s.try("", "pair", "remove", "contacts"); !strings.Contains(errOut, "contacts: 2 left, 0 right, 0 questions") {
		t.Errorf("printed\n%s", errOut)
	}
	s.asks = true
	s.fails(failed, "unsent", "y\n", "pair", "remove", "contacts", "--json")
	_, out, asks := s.try("n\n", "pair", "remove", "contacts")
	if !strings.Contains(asks, "contacts: 2 changes on the side of crm:Contacts were not carried out yet.") || !strings.Contains(out, "Nothing was changed.") {
		t.Errorf("printed\n%s%s", asks, out)
	}
	if len(pairsOf(t, s)) != 1 {
		t.Fatal("the pair is gone")
	}
	s.asks = false
	s.do("", "pair", "remove", "contacts", "--yes")
	if len(pairsOf(t, s)) != 0 {
		t.Error("the pair is still there")
	}
}

// C-9: a waiting question is told too.
func TestAWaitingQuestionIsToldBeforeAPairIsRemoved(t *testing.T) {
	s, _ := guardedStage(t)
	if code, out, errOut := s.try("", "sync"); code != guarded {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	s.asks = true
	_, _, asks := s.try("n\n", "pair", "remove", "contacts")
	for _, want := range []string{"contacts: 8 changes on the side of crm:Contacts", "contacts: 1 question waits for you"} {
		if !strings.Contains(asks, want) {
			t.Errorf("%q is not said:\n%s", want, asks)
		}
	}
}

// Who removes a pair is told that its runs go too; an unknown run is looked for in the history.
func TestTheRunsOfAPairGoWithIt(t *testing.T) {
	s, _ := smallStage(t)
	const told = "The runs of contacts go with it: what they wrote can no longer be taken back."
	s.asks = true
	if _, out, errOut := s.try("n\n", "pair", "remove", "contacts"); !strings.Contains(errOut, told) || !strings.Contains(out, "Nothing was changed.") {
		t.Errorf("printed\n%s%s", out, errOut)
	}
	s.asks = false
	if code, out, errOut := s.try("", "pair", "remove", "contacts"); code != inStep || !strings.Contains(errOut, told) {
		t.Errorf("exit %d\n%s%s", code, out, errOut)
	}
	for _, command := range []string{"history", "undo"} {
		if _, _, errOut := s.try("", command, "1"); !strings.Contains(errOut, "(no-run: ") || !strings.Contains(errOut, "zohosync history") {
			t.Errorf("%s: %s", command, errOut)
		}
	}
}

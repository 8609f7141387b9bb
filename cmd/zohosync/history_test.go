package main

import (
	"strconv"
	"strings"
	"testing"

	"zohosync/assets"
	"zohosync/sync/engine"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

func TestHistoryTellsWhatWasDoneAndNoValues(t *testing.T) {
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addServer()
	if out := s.do("", "history"); !strings.Contains(out, "No runs yet") {
		t.Errorf("printed %s", out)
	}
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	s.do("", "sync")
	one := server.Records("Contacts")[0]["id"].(string)
	server.Edit("Contacts", one, map[string]any{"Phone": "+55 11 5555 0199"})
	s.do("", "sync")
	runs := decode[[]ranRun](t, s.do("", "history", "--json"))
	if len(runs) != 2 || runs[0].Right.Updated != 1 || runs[1].Right.Created != 3 || runs[0].Outcome != engine.InStep || runs[0].Ended == nil {
		t.Fatalf("runs %+v", runs)
	}
	number := strconv.FormatInt(runs[0].ID, 10)
	changes := decode[[]changed](t, s.do("", "history", number, "--json"))
	if len(changes) != 1 || changes[0].Op != "update" || changes[0].Side != "right" || !changes[0].Done || len(changes[0].Fields) != 1 || changes[0].Fields[0] != "phone" {
		t.Errorf("changes %+v", changes)
	}
	for _, args := range [][]string{{"history"}, {"history", number}, {"history", number, "--json"}} {
		if out := s.do("", args...); strings.Contains(out, "5555") || strings.Contains(out, "@") {
			t.Errorf("%v shows values:\n%s", args, out)
		}
	}
	if out := s.do("", "history", number); !strings.Contains(out, "Phone") || !strings.Contains(out, "change") {
		t.Errorf("printed\n%s", out)
	}
	if got := decode[[]ranRun](t, s.do("", "history", "--last", "1", "--json")); len(got) != 1 || got[0].ID != runs[0].ID {
		t.Errorf("the last one is %+v", got)
	}
	s.fails(failed, "no-run", "", "history", "999")
	s.fails(failed, "bad-input", "", "history", "--last", "0")
}

func TestEveryOutcomeHasAWord(t *testing.T) {
	w, seen := assets.Speak("en"), map[string]bool{}
	for _, outcome := range []string{engine.InStep, engine.Waiting, engine.Stopped, engine.Failed, engine.Undid, ""} {
		seen[outcomeWord(state.Run{Outcome: outcome}, w)] = true
	}
	if len(seen) != 6 {
		t.Errorf("words %v", seen)
	}
}

package main

import (
	"strings"
	"testing"

	"zohosync/sync/engine"
	"zohosync/sync/sandbox"
)

// C-24: a sync that failed is told by every later status, in a process of its own too, until one went through.
func TestStatusTellsThatTheLastSyncFailed(t *testing.T) {
	s, server := smallStage(t)
	if out := s.do("", "status"); !strings.Contains(out, "in step") {
		t.Fatalf("printed\n%s", out)
	}
	server.Fault(sandbox.Fault{Match: "GET /crm/v8/Contacts", Kind: "400"})
	if code, out, errOut := s.try("", "sync"); code != failed {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	code, out, _ := s.try("", "status")
	if code != attention || strings.Contains(out, "in step") || !strings.Contains(out, "contacts: ") {
		t.Errorf("exit %d\n%s", code, out)
	}
	code, out, _ = s.try("", "status", "--json")
	got := decode[shownStatus](t, out)
	if p := got.Pairs[0]; code != attention || got.State != engine.StateAttention || p.State != engine.StateAttention || p.Error == nil || p.Error.Code == "" || p.Error.Sentence == "" {
		t.Errorf("exit %d\n%s", code, out)
	}
	s.do("", "sync")
	if out := s.do("", "status"); !strings.Contains(out, "in step") {
		t.Errorf("after a success:\n%s", out)
	}
}

// smallStage is three contacts of the CRM in step with this computer's server.
func smallStage(t *testing.T, rules ...string) (*stage, *sandbox.Server) {
	t.Helper()
	s := newStage(t)
	server, info := crm(t, sandbox.Options{Contacts: 3, Seed: 7})
	s.addCRM(info)
	s.addLocal()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", append([]string{"pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner"}, rules...)...)
	s.do("", "sync")
	return s, server
}

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"zohosync/sync/plan"
	"zohosync/sync/sandbox"
	"zohosync/sync/state"
)

// examine runs doctor and returns its findings.
func (s *stage) examine(want exit) []finding {
	s.t.Helper()
	code, out, errOut := s.try("", "doctor", "--json")
	if code != want {
		s.t.Errorf("exit %d, want %d\n%s%s", code, want, out, errOut)
	}
	return decode[struct{ Findings []finding }](s.t, out).Findings
}

// level returns how the checks of a name came out, the worst one.
func level(found []finding, check string) string {
	worst := ""
	for _, f := range found {
		if f.Check == check && slices.Index([]string{"", levelOK, levelWarn, levelFail}, f.Level) > slices.Index([]string{"", levelOK, levelWarn, levelFail}, worst) {
			worst = f.Level
		}
	}
	return worst
}

func (s *stage) expect(found []finding, check, want string) {
	s.t.Helper()
	if got := level(found, check); got != want {
		s.t.Errorf("%s: %q, want %q in %+v", check, got, want, found)
	}
}

func TestDoctorFindsNothingWrong(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Contacts: 2})
	s.addCRM(info)
	s.addServer()
	s.do("", "collections", "home", "--create", "People", "--kind", "contact")
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People", "--any-owner")
	s.do("", "sync")
	found := s.examine(inStep)
	for _, check := range []string{"home", "disk", "state", "secrets", "account", "clock", "pair", "zone"} {
		s.expect(found, check, levelOK)
	}
	for _, f := range found {
		if f.Sentence == "" || f.Level != levelOK && f.Next == "" {
			t.Errorf("no words or no next step: %+v", f)
		}
	}
	out := s.do("", "doctor")
	if !strings.Contains(out, "The keychain can be used.") || strings.Contains(out, "FAILED") || strings.Contains(out, info.RefreshToken) {
		t.Errorf("printed\n%s", out)
	}
	if left, _ := filepath.Glob(filepath.Join(s.home, ".doctor-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDoctorSeesWhatIsWrongWithAccountsAndPairs(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{Contacts: 2})
	s.addCRM(info)
	server := s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))[0]
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:People")
	drop, err := http.NewRequest(http.MethodDelete, strings.TrimSuffix(server.URL, "/")+made.Ref, nil)
	if err != nil {
		t.Fatal(err)
	}
	drop.SetBasicAuth(server.User, server.Password)
	if answer, err := http.DefaultClient.Do(drop); err != nil || answer.StatusCode >= 300 {
		t.Fatalf("%v, %v", answer, err)
	}
	found := s.examine(attention)
	s.expect(found, "pair", levelFail)
	s.expect(found, "account", levelWarn)
	// The keychain lost everything, as after a reinstallation.
	keyring.MockInit()
	found = s.examine(attention)
	s.expect(found, "account", levelFail)
	if i := slices.IndexFunc(found, func(f finding) bool { return f.Check == "account" }); found[i].Code != "signed-out" || found[i].Next == "" {
		t.Errorf("%+v", found[i])
	}
	s.expect(found, "secrets", levelOK)
}

func TestDoctorSeesABrokenKeychain(t *testing.T) {
	s := newStage(t)
	keyring.MockInitWithError(os.ErrPermission)
	found := s.examine(attention)
	s.expect(found, "secrets", levelFail)
	s.expect(found, "accounts", levelWarn)
	s.expect(found, "pairs", levelWarn)
	keyring.MockInit()
	s.vault = "memory"
	s.expect(s.examine(inStep), "secrets", levelWarn)
}

func TestDoctorGoesOnWithoutTheState(t *testing.T) {
	s := newStage(t)
	s.do("", "account", "list")
	release, err := lockHome(s.home)
	if err != nil {
		t.Fatal(err)
	}
	found := s.examine(attention)
	s.expect(found, "state", levelFail)
	s.expect(found, "disk", levelOK)
	release()
	if err := os.WriteFile(filepath.Join(s.home, stateFile), []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	found = s.examine(attention)
	s.expect(found, "state", levelFail)
	if i := slices.IndexFunc(found, func(f finding) bool { return f.Check == "state" }); found[i].Code != "damaged-state" {
		t.Errorf("%+v", found[i])
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(s.home, 0o755); err != nil {
		t.Fatal(err)
	}
	s.expect(s.examine(attention), "home", levelWarn)
}

func TestDoctorKnowsTheTimeZone(t *testing.T) {
	s := newStage(t)
	s.env["TZ"] = "Mars/Olympus"
	s.expect(s.examine(inStep), "zone", levelWarn)
	s.env["TZ"] = ":America/Sao_Paulo"
	s.expect(s.examine(inStep), "zone", levelOK)
}

// examiner is a doctor at a fixed time.
func examiner(now time.Time) *doctor {
	term, _, _ := testTerminal("")
	return &doctor{t: term, now: func() time.Time { return now }}
}

func TestDoctorComparesClocks(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		date, want string
	}{
		{now.Format(http.TimeFormat), levelOK},
		{now.Add(-90 * time.Second).Format(http.TimeFormat), levelOK},
		{now.Add(-10 * time.Minute).Format(http.TimeFormat), levelFail},
		{now.Add(3 * time.Minute).Format(http.TimeFormat), levelFail},
		{"", ""}, {"yesterday", ""},
	} {
		d := examiner(now)
		if d.clock("home", c.date); level(d.found, "clock") != c.want {
			t.Errorf("%s: %+v", c.date, d.found)
		}
	}
}

func TestDoctorForeseesTheEndOfACertificate(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration]string{100 * 24 * time.Hour: levelOK, 13 * 24 * time.Hour: levelWarn, -time.Hour: levelWarn} {
		d := examiner(now)
		if d.certificate("home", now.Add(left)); level(d.found, "certificate") != want {
			t.Errorf("%v: %+v", left, d.found)
		}
	}
}

func TestDoctorTellsWhatWaitsInAPair(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		pair state.Pair
		want string
	}{
		"a question":    {state.Pair{ID: "p", Stop: &plan.Guard{Code: plan.CodeMany, Number: 9}, Success: now}, levelWarn},
		"long ago":      {state.Pair{ID: "p", Success: now.Add(-25 * time.Hour)}, levelWarn},
		"an hour ago":   {state.Pair{ID: "p", Success: now.Add(-time.Hour)}, levelOK},
		"not yet tried": {state.Pair{ID: "p"}, levelOK},
	} {
		d := examiner(now)
		if d.pair(c.pair); level(d.found, "pair") != c.want {
			t.Errorf("%s: %+v", name, d.found)
		}
	}
}

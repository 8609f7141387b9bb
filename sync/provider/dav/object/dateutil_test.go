package object

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zohosync/sync/contentline"
	"zohosync/sync/record"
)

// expander is python3-dateutil: an independent reader of rules. A rule comes with its start and the end of the slice; back
// come the digits of every occurrence, or null for a rule that dateutil refuses.
const expander = `
import sys, json, datetime
from dateutil.rrule import rrulestr
def digits(s): return datetime.datetime.strptime(s, "%Y%m%dT%H%M%S")
out = []
for q in json.load(sys.stdin):
    start, until = digits(q["start"]), digits(q["until"])
    if "Z" in q["rule"]:
        start, until = start.replace(tzinfo=datetime.timezone.utc), until.replace(tzinfo=datetime.timezone.utc)
    found = []
    datetime.MAXYEAR = until.year + 20 # or a rule without any occurrence is looked for up to 9999
    try:
        for at in rrulestr(q["rule"], dtstart=start):
            if at >= until: break
            found.append(at.strftime("%Y%m%dT%H%M%S"))
    except Exception:
        found = None
    out.append(found)
json.dump(out, sys.stdout)
`

// question is one rule to expand.
type question struct {
	Rule  string `json:"rule"`
	Start string `json:"start"`
	Until string `json:"until"`

	day  bool
	from string // where it was found
}

// ask expands all questions in one process.
func ask(t *testing.T, all []question) [][]string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here to compare with")
	}
	if exec.Command(python, "-c", "import dateutil").Run() != nil {
		python = "/usr/bin/python3" // a Python of one's own may stand before that of the system
	}
	if exec.Command(python, "-c", "import dateutil").Run() != nil {
		t.Skip("no python3-dateutil here to compare with")
	}
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", expander)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	if err := json.Unmarshal(text, &out); err != nil || len(out) != len(all) {
		t.Fatalf("%d answers to %d questions, %v", len(out), len(all), err)
	}
	return out
}

// agreed words a rule so that dateutil means by it what we do. Each line is a difference on purpose.
func (q question) agreed() string {
	var parts []string
	weekly, placed := false, false
	for _, p := range strings.Split(strings.ToUpper(q.Rule), ";") {
		p = strings.ReplaceAll(p, " ", "")
		name, v, _ := strings.Cut(p, "=")
		switch {
		case name == "UNTIL" && len(v) == 8:
			p = "UNTIL=" + v + "T235959" // A date ends the series with that day, not as it begins.
			if strings.Contains(q.Start, "Z") {
				p += "Z"
			}
		case name == "UNTIL" && q.day && strings.HasSuffix(v, "Z"):
			p = "UNTIL=" + strings.TrimSuffix(v, "Z") // An instant that ends a series of days stands for its day.
		case p == "", p == "RSCALE=GREGORIAN", p == "SKIP=OMIT":
			continue
		}
		weekly = weekly || name == "BYWEEKNO"
		placed = placed || name == "BYDAY" || name == "BYMONTHDAY" || name == "BYYEARDAY"
		parts = append(parts, p)
	}
	if weekly && !placed {
		// A week without a day means the day of the week of DTSTART (RFC 5545 section 3.3.10, last paragraph but one), not all seven.
		start, _ := time.Parse(wallLayout, q.Start)
		parts = append(parts, "BYDAY="+[]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[start.Weekday()])
	}
	return strings.Join(parts, ";")
}

// first makes DTSTART the first occurrence, which counts, even where the rule does not say so (RFC 5545 section 3.8.5.3):
// dateutil leaves it out.
func (q question) first(found []string) []string {
	if len(found) > 0 && found[0] == q.Start {
		return found
	}
	for _, p := range strings.Split(strings.ToUpper(q.Rule), ";") {
		var n int
		if _, err := fmt.Sscanf(p, "COUNT=%d", &n); err == nil && len(found) == n {
			found = found[:n-1]
		}
	}
	return append([]string{q.Start}, found...)
}

// ours expands a rule with our own code.
func (q question) ours(t *testing.T) (found []string, code string) {
	t.Helper()
	start, err1 := time.Parse(wallLayout, q.Start)
	until, err2 := time.Parse(wallLayout, q.Until)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	line := "DTSTART:" + q.Start + "Z"
	if q.day {
		line = "DTSTART;VALUE=DATE:" + q.Start[:8]
	}
	c := Codec{Kind: record.Event, Fields: []record.Field{record.When}, Zone: time.UTC, Now: noon}
	l := c.List(group, []byte(event(line, "RRULE:"+q.Rule)), record.Window{From: start.Truncate(24 * time.Hour), Until: until})
	if len(l.Skipped) > 0 {
		return nil, l.Skipped[0].Err.Code + ": " + l.Skipped[0].Err.Err.Error()
	}
	for _, it := range l.Items {
		at, _ := parseSlot(it.Slot)
		if at.Before(until) {
			found = append(found, at.Format(wallLayout))
		}
	}
	return found, ""
}

// compare asks dateutil about every rule and reports where the answers differ. It returns how many rules we refuse, by reason.
func compare(t *testing.T, all []question) {
	t.Helper()
	wordings := slices.Clone(all)
	for i, q := range all {
		wordings[i].Rule = q.agreed()
		if strings.Contains(q.Rule, "INTERVAL=0") {
			wordings[i].Rule = "" // dateutil would never come back from it
		}
	}
	answers := ask(t, wordings)
	same, occurrences, refused := 0, 0, map[string]int{}
	for i, q := range all {
		got, why := q.ours(t)
		if why != "" {
			refused[why]++
			// What dateutil finds nothing in, or refuses itself, is rightly refused.
			if len(answers[i]) > 0 && !strings.HasPrefix(why, "too-often") {
				t.Errorf("%s: %s from %s is refused as %s, and has %d occurrences", q.from, q.Rule, q.Start, why, len(answers[i]))
			}
			continue
		}
		if answers[i] == nil {
			refused["only by dateutil"]++
			continue
		}
		want := q.first(answers[i])
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s from %s\n gives %s\n want  %s", q.from, q.Rule, q.Start, differ(got, want), differ(want, got))
			continue
		}
		same, occurrences = same+1, occurrences+len(got)
	}
	t.Logf("%d rules, %d agree on %d occurrences; refused: %v", len(all), same, occurrences, refused)
	if same*10 < len(all)*9 {
		t.Errorf("fewer than nine rules of ten were compared")
	}
}

// differ shows the first members of a that are not in b.
func differ(a, b []string) string {
	var only []string
	for _, v := range a {
		if !slices.Contains(b, v) && len(only) < 5 {
			only = append(only, v)
		}
	}
	return fmt.Sprintf("%d, of them alone %v", len(a), only)
}

// horizon is the end of the slice for a rule: so near that its occurrences can all be listed.
func horizon(start time.Time, rule string, years int) string {
	fine := func(word string) bool { return strings.Contains(strings.ToUpper(rule), word) }
	end := start.AddDate(years, 0, 0)
	if slices.ContainsFunc([]string{"HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE"}, fine) {
		end = start.AddDate(0, 0, 10*years)
	}
	return end.Truncate(24 * time.Hour).Format(wallLayout)
}

// Every rule of the corpus, zones included, gives what dateutil gives.
func TestCorpusRulesAgainstDateutil(t *testing.T) {
	seen := map[string]bool{}
	var all []question
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".ics") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := contentline.Parse(b)
		if err != nil {
			return nil // told by the test of the layer itself
		}
		for _, c := range f.Roots() {
			all = append(all, questions(c, filepath.Base(path), seen)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, all)
}

// questions takes the rules out of a component and those inside it.
func questions(c *contentline.Component, from string, seen map[string]bool) (out []question) {
	for _, k := range c.Children("") {
		out = append(out, questions(k, from, seen)...)
	}
	first := c.First("DTSTART")
	if first == nil {
		return out
	}
	v := strings.TrimSuffix(strings.TrimSpace(first.Value), "Z")
	q := question{Start: v, from: from}
	if len(v) == 8 {
		q.day, q.Start = true, v+"T000000"
	}
	start, err := time.Parse(wallLayout, q.Start)
	for _, l := range c.All("RRULE") {
		q.Rule, q.Until = l.Value, horizon(start, l.Value, 12)
		if key := q.Start + l.Value; err == nil && !seen[key] {
			seen[key] = true
			out = append(out, q)
		}
	}
	return out
}

// Two thousand rules at random give what dateutil gives.
func TestGeneratedRulesAgainstDateutil(t *testing.T) {
	r := rand.New(rand.NewPCG(5545, 2445))
	var all []question
	for n := range 2_000 {
		all = append(all, generate(r, n))
	}
	compare(t, all)
}

// generate makes a rule that the standard allows.
func generate(r *rand.Rand, n int) question {
	start := time.Date(2015+r.IntN(15), 1, 1+r.IntN(365), r.IntN(24), 15*r.IntN(4), 0, 0, time.UTC)
	q := question{day: r.IntN(4) == 0, from: fmt.Sprint("rule ", n)}
	if q.day {
		start = start.Truncate(24 * time.Hour)
	}
	q.Start = start.Format(wallLayout)
	freq := []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"}[r.IntN(5)]
	if q.day && freq == "HOURLY" {
		freq = "DAILY"
	}
	parts := []string{"FREQ=" + freq}
	maybe := func(chance int, make func() string) bool {
		if r.IntN(chance) == 0 {
			parts = append(parts, make())
			return true
		}
		return false
	}
	maybe(2, func() string { return fmt.Sprint("INTERVAL=", 1+r.IntN(6)) })
	if !maybe(3, func() string { return fmt.Sprint("COUNT=", 1+r.IntN(40)) }) {
		maybe(2, func() string { return "UNTIL=" + until(r, start, q.day) })
	}
	maybe(4, func() string { return "WKST=" + weekdays[r.IntN(7)] })
	// One way to name days, now and then with a month: rules that name several seldom have an occurrence at all.
	limited := true
	switch way := r.IntN(7); {
	case way == 0 && freq != "WEEKLY":
		maybe(2, func() string { return "BYMONTH=" + numerals(r, 1, 12) })
		maybe(1, func() string { return "BYMONTHDAY=" + signed(r, 31) })
	case way == 1 && freq == "YEARLY":
		maybe(1, func() string { return "BYYEARDAY=" + signed(r, 366) })
	case way == 2 && freq == "YEARLY":
		maybe(1, func() string { return "BYWEEKNO=" + signed(r, 53) })
		maybe(2, func() string { return "BYDAY=" + daysOf(r, freq, parts) })
	case way == 3 && freq == "MONTHLY":
		maybe(1, func() string { return "BYDAY=" + daysOf(r, "", parts) })
		maybe(2, func() string { return "BYMONTHDAY=" + numerals(r, 1, 28) + ",13,14,15,16,17,18,19" })
	case way < 6:
		maybe(3, func() string { return "BYMONTH=" + numerals(r, 1, 12) })
		maybe(1, func() string { return "BYDAY=" + daysOf(r, freq, parts) })
	default:
		limited = false
	}
	if !q.day {
		limited = maybe(6, func() string { return "BYHOUR=" + numerals(r, 0, 23) }) || limited
		limited = maybe(8, func() string { return "BYMINUTE=" + numerals(r, 0, 59) }) || limited
	}
	if limited {
		maybe(5, func() string { return "BYSETPOS=" + []string{"1", "-1", "1,-1"}[r.IntN(3)] })
	}
	q.Rule = strings.Join(parts, ";")
	q.Until = horizon(start, q.Rule, 4)
	return q
}

func until(r *rand.Rand, start time.Time, day bool) string {
	at := start.AddDate(0, 0, r.IntN(1500)).Add(time.Duration(r.IntN(48)-24) * time.Hour)
	if day || r.IntN(5) == 0 {
		return at.Format(dayLayout)
	}
	return at.Format(utcLayout)
}

func numerals(r *rand.Rand, from, to int) string {
	var out []string
	for range 1 + r.IntN(3) {
		out = append(out, fmt.Sprint(from+r.IntN(to-from+1)))
	}
	return strings.Join(slices.Compact(out), ",")
}

func signed(r *rand.Rand, to int) string {
	var out []string
	for range 1 + r.IntN(2) {
		v := 1 + r.IntN(to)
		if r.IntN(3) == 0 {
			v = -v
		}
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(slices.Compact(out), ",")
}

// daysOf makes a list of weekdays, with numbers where the standard allows them.
func daysOf(r *rand.Rand, freq string, parts []string) string {
	numbered := freq == "MONTHLY" || freq == "YEARLY" && !strings.Contains(strings.Join(parts, ";"), "BYWEEKNO")
	var out []string
	for range 1 + r.IntN(3) {
		d := weekdays[r.IntN(7)]
		if numbered && r.IntN(2) == 0 {
			d = fmt.Sprint([]int{1, 2, 3, 4, -1, -2}[r.IntN(6)]) + d
		}
		out = append(out, d)
	}
	return strings.Join(out, ",")
}

var weekdays = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxOccurrences bounds how many records one rule makes. Zoho's own bound is not published.
const maxOccurrences = 250

// rule is a repeat rule in Zoho's spelling: like RFC 5545, but with DTSTART inside and plain dates.
type rule struct {
	freq     string
	interval int
	from     time.Time
	until    time.Time
	count    int
	days     []time.Weekday
}

func readRule(line string) (rule, bool) {
	r := rule{interval: 1}
	good := true
	for _, part := range strings.Split(line, ";") {
		key, value, _ := strings.Cut(part, "=")
		var fine bool
		switch key {
		case "FREQ":
			r.freq, fine = value, slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value)
		case "INTERVAL":
			n, err := strconv.Atoi(value)
			r.interval, fine = n, err == nil && n > 0
		case "COUNT":
			n, err := strconv.Atoi(value)
			r.count, fine = n, err == nil && n > 0
		case "DTSTART":
			r.from, fine = parseDate(value)
		case "UNTIL":
			r.until, fine = parseDate(value)
		case "BYDAY":
			r.days, fine = readDays(value)
		}
		good = good && fine
	}
	return r, good && r.freq != "" && (!r.until.IsZero() || r.count > 0)
}

func readDays(list string) ([]time.Weekday, bool) {
	names := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	var out []time.Weekday
	for _, name := range strings.Split(list, ",") {
		at := slices.Index(names, name)
		if at < 0 {
			return nil, false
		}
		out = append(out, time.Weekday(at))
	}
	return out, true
}

// dates lists the days of a rule, from its own start or the day given.
func (r rule) dates(start time.Time) []time.Time {
	if !r.from.IsZero() {
		start = r.from
	}
	var out []time.Time
	full := func(d time.Time) bool {
		return len(out) >= maxOccurrences || r.count > 0 && len(out) >= r.count || !r.until.IsZero() && d.After(r.until)
	}
	for step := 0; step < 20*maxOccurrences; step++ {
		day := start
		switch r.freq {
		case "DAILY", "WEEKLY":
			day = start.AddDate(0, 0, step)
		case "MONTHLY":
			day = start.AddDate(0, step*r.interval, 0)
		case "YEARLY":
			day = start.AddDate(step*r.interval, 0, 0)
		}
		if full(day) {
			break
		}
		if r.falls(start, day, step) {
			out = append(out, day)
		}
	}
	return out
}

// falls tells whether a day belongs to the rule; step is its distance from the start.
func (r rule) falls(start, day time.Time, step int) bool {
	switch r.freq {
	case "DAILY":
		return step%r.interval == 0
	case "WEEKLY":
		week := (step + int(start.Weekday())) / 7
		if len(r.days) == 0 {
			return step%7 == 0 && week%r.interval == 0
		}
		return week%r.interval == 0 && slices.Contains(r.days, day.Weekday())
	}
	// A month without that day has no occurrence.
	return day.Day() == start.Day()
}

// occurrences turns a record with a rule into one record for each day, as Zoho does; there is no master that joins them.
func (s *Server) occurrences(m *module, values object) ([]object, *problem) {
	repeat, is := values["Recurring_Activity"].(object)
	if !is {
		return []object{values}, nil
	}
	r, good := readRule(text(repeat["RRULE"]))
	if !good {
		return nil, trouble("INVALID_DATA", "invalid data", object{"api_name": "Recurring_Activity", "expected_data_type": "RRULE"})
	}
	if m.name == "Events" && values["Remind_At"] == nil {
		return nil, trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "Remind_At"})
	}
	first, has := s.firstDay(m, values)
	if !has {
		return nil, trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "Due_Date"})
	}
	var out []object
	for _, day := range r.dates(first) {
		one := object{}
		for name, v := range values {
			one[name] = clone(v)
			if f := m.byField[name]; f.unique() && len(out) > 0 {
				delete(one, name)
			}
		}
		s.moveTo(m, one, day)
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, trouble("INVALID_DATA", "invalid data", object{"api_name": "Recurring_Activity"})
	}
	return out, nil
}

// firstDay is the day that a record itself names.
func (s *Server) firstDay(m *module, values object) (time.Time, bool) {
	if m.name == "Tasks" {
		return parseDate(text(values["Due_Date"]))
	}
	start, is := values["Start_DateTime"].(time.Time)
	day := start.In(s.zone)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC), is
}

// moveTo puts a copy of a record on a day. The wall clock in the user's zone stays.
func (s *Server) moveTo(m *module, values object, day time.Time) {
	if m.name == "Tasks" {
		values["Due_Date"] = day.Format(time.DateOnly)
		return
	}
	start := values["Start_DateTime"].(time.Time).In(s.zone)
	end := values["End_DateTime"].(time.Time)
	moved := time.Date(day.Year(), day.Month(), day.Day(), start.Hour(), start.Minute(), start.Second(), 0, s.zone)
	values["Start_DateTime"], values["End_DateTime"] = moved, moved.Add(end.Sub(start))
}

package zoho

import "time"

const wholeDay = 24 * time.Hour

// daysOf returns the first day of an all-day meeting and the one after its last.
//
// The dates count as they stand in the offset that Zoho gives, which is that of the person's own zone; any other zone
// would move the meeting to the day before or after. Where the meeting begins in the middle of a day, but lasts for whole
// ones, its host has another zone: the midnight that is nearest to the start is the host's.
func daysOf(start, end time.Time) (first, until time.Time) {
	from, to := wallOf(start), wallOf(end)
	if first = nearestMidnight(from); wholeDays(to.Sub(from)) && !first.Equal(from) {
		return first, untilOf(to.Add(first.Sub(from)))
	}
	until = dayOf(end)
	// An end late in the day (23:59) belongs to that day in either encoding.
	if allDayEndIncluded || end.Hour() != 0 || end.Minute() != 0 {
		until = until.AddDate(0, 0, 1)
	}
	return dayOf(start), until
}

// untilOf returns the day after the last one, for an end that changes of the clock may have moved off midnight by
// an hour and a half. It is midnight or, a minute earlier, the end of the day before.
func untilOf(end time.Time) time.Time {
	if end.Minute()%30 == 29 {
		return nearestMidnight(end.Add(time.Minute))
	}
	until := nearestMidnight(end)
	if allDayEndIncluded {
		until = until.AddDate(0, 0, 1)
	}
	return until
}

// wholeDays says whether a meeting lasts as long as whole days do: from midnight to midnight or to 23:59, with an hour
// and a half more or less where clocks change in between, of the host or of the person.
func wholeDays(length time.Duration) bool {
	rest := length % wholeDay
	return rest == 0 || rest >= wholeDay-91*time.Minute || length > wholeDay && rest <= 90*time.Minute
}

func nearestMidnight(wall time.Time) time.Time { return wall.Add(wholeDay / 2).Truncate(wholeDay) }

// wallOf returns what a clock in the offset of t shows, as if it were UTC.
func wallOf(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// stamp writes an instant as the clocks of a zone show it. Offsets of the years before standard time have seconds, which
// Zoho's form has no place for; those instants are written in UTC.
func stamp(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(timeLayout)
}

// midnight returns the first moment of a date in a zone. Where clocks skip midnight, time.Date may answer with the
// evening before. Of a date that the zone never had it is the first moment after it.
func midnight(date time.Time, zone *time.Location) time.Time {
	y, m, d := date.Date()
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t.Day() != d {
		if _, change := t.ZoneBounds(); !change.IsZero() {
			t = change
		}
	}
	return firstReading(t)
}

// at returns the moment at a time of day ("22:52") on a date; of a time that comes twice it is the first.
func at(date time.Time, clock string, zone *time.Location) (time.Time, bool) {
	c, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, false
	}
	return firstReading(time.Date(date.Year(), date.Month(), date.Day(), c.Hour(), c.Minute(), 0, 0, zone)), true
}

// firstReading returns when clocks first show what they show at t; time.Date takes either.
func firstReading(t time.Time) time.Time {
	change, _ := t.ZoneBounds()
	if change.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, was := change.Add(-time.Second).Zone()
	if first := t.Add(time.Duration(now-was) * time.Second); first.Before(change) {
		return first
	}
	return t
}

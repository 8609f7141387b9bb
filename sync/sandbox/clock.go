package sandbox

import (
	"regexp"
	"time"
)

// stamp is how the CRM writes an instant: whole seconds, and the offset of a zone with a colon.
const stamp = "2006-01-02T15:04:05-07:00"

// instantShape is the only shape of an instant that the CRM reads: no fractions, a zone in any case.
var instantShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$`)

// parseInstant reads an instant as the CRM does.
func parseInstant(text string) (time.Time, bool) {
	if !instantShape.MatchString(text) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// parseDate reads a date as the CRM does.
func parseDate(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

// second cuts a time to the resolution that the CRM stores.
func second(t time.Time) time.Time { return t.Truncate(time.Second) }

// midnight is the beginning of the day that an instant lies in, in a zone.
func midnight(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// Advance moves the sandbox's clock, so that tokens expire, deleted records age and limits open again.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += d
}

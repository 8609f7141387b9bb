package assets

import (
	"fmt"
	"time"

	"golang.org/x/text/number"
)

// Clock returns the time of day of t in its own zone, as the language writes it: 10:42, 10 h 42.
func (w *Words) Clock(t time.Time) string {
	return w.T("{{.hour}}:{{.minute}}", "hour", fmt.Sprint(t.Hour()), "minute", fmt.Sprintf("%02d", t.Minute()))
}

// Day returns the day and month of t in its own zone: 20 November.
func (w *Words) Day(t time.Time) string {
	months := [...]string{
		"{{.n}} January", "{{.n}} February", "{{.n}} March", "{{.n}} April", "{{.n}} May", "{{.n}} June",
		"{{.n}} July", "{{.n}} August", "{{.n}} September", "{{.n}} October", "{{.n}} November", "{{.n}} December",
	}
	// The plural forms tell the first of a month, which French and Portuguese write as an ordinal.
	return w.N(months[t.Month()-time.January], t.Day())
}

// Took returns how long something took: 0.8 s, 42 s, 3 min.
func (w *Words) Took(seconds float64) string {
	switch {
	case seconds >= 100:
		return w.T("{{.n}} min", "n", int(seconds/60+0.5))
	case seconds >= 10:
		return w.T("{{.n}} s", "n", int(seconds+0.5))
	}
	return w.T("{{.n}} s", "n", w.numbers.Sprint(number.Decimal(seconds, number.Scale(1))))
}

// Number writes a whole number with the language's separators.
func (w *Words) Number(n int) string { return w.numbers.Sprint(number.Decimal(n)) }

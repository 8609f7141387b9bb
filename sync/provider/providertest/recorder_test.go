package providertest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// recorder is a test that may fail without harm: it only remembers that it did.
type recorder struct {
	testing.TB
	mu              sync.Mutex
	failed, skipped bool
	said            []string
}

func (r *recorder) say(failed bool, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = r.failed || failed
	r.said = append(r.said, text)
}

func (r *recorder) Helper()                           {}
func (r *recorder) Log(args ...any)                   { r.say(false, fmt.Sprint(args...)) }
func (r *recorder) Logf(format string, args ...any)   { r.say(false, fmt.Sprintf(format, args...)) }
func (r *recorder) Error(args ...any)                 { r.say(true, fmt.Sprint(args...)) }
func (r *recorder) Errorf(format string, args ...any) { r.say(true, fmt.Sprintf(format, args...)) }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); panic(r) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }
func (r *recorder) Skip(args ...any)                  { r.Log(args...); r.skipped = true; panic(r) }

// record runs one check and returns what became of it.
func (c check) record(t *testing.T, setup Setup) (r *recorder) {
	t.Helper()
	r = &recorder{TB: t}
	defer func() {
		// The recorder stops a check by a panic with itself; any other panic is a real one.
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
	}()
	c.try(r, setup)
	return r
}

func (r *recorder) String() string { return strings.Join(r.said, "\n") }

package memory

import "errors"

// Fault is one way in which a service misbehaves. It happens by chance (Options.Chances, Service.Chance) or when a test
// says so (Service.Fail).
type Fault string

// Faults of one write.
const (
	LostAnswer     Fault = "lost answer"     // carried out, but Done is not called
	LostConnection Fault = "lost connection" // carried out, Done is not called, and Apply ends with RetryError{Sent: true}
	LostRequest    Fault = "lost request"    // the same, but it was not carried out
	Unsent         Fault = "unsent"          // not carried out, Done hears RetryError{Sent: false}
	Refused        Fault = "refused"         // an ItemError for no reason
	FalseConflict  Fault = "false conflict"  // ErrConflict although nobody changed the item
	NoResult       Fault = "no result"       // carried out, but Result.Item is empty
	Cuts           Fault = "cuts"            // values that are too long are cut instead of left
	SameRevision   Fault = "same revision"   // the item keeps its revision although its content changes
	OldRevision    Fault = "old revision"    // the item gets the revision that it began with
	SameSecond     Fault = "same second"     // the change is told with the time of the one before
	Unconditional  Fault = "unconditional"   // written although somebody changed the item since it was read
)

// Faults of any call, also in the middle of Apply.
const (
	RateLimited Fault = "rate limited" // RetryError with After
	SignedOut   Fault = "signed out"   // ErrAuth
	Gone        Fault = "gone"         // ErrGone
)

// Faults of one page.
const (
	BrokenListing  Fault = "broken listing"  // a RetryError after the first page
	EmptyListing   Fault = "empty listing"   // a complete listing of nothing, without an error
	ExpiredCursor  Fault = "expired cursor"  // ErrCursor
	OtherOrder     Fault = "other order"     // the listing comes in an order of its own
	Repeats        Fault = "repeats"         // items are listed twice, and again by the next call
	FlakyRevisions Fault = "flaky revisions" // revisions that nobody gave before
	NoRevisions    Fault = "no revisions"    // items without any
)

var (
	errRate    = errors.New("too many requests")
	errBroken  = errors.New("connection reset")
	errUnsent  = errors.New("no connection")
	errRefused = errors.New("refused for no reason")
)

// Fail lets a fault happen at its next n occasions.
func (s *Service) Fail(f Fault, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[f] = n
}

// Chance sets how often a fault happens from now on: 0 never, 1 always.
func (s *Service) Chance(f Fault, p float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chances[f] = p
}

// Calm ends all faults.
func (s *Service) Calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.script)
	clear(s.chances)
}

// happens says whether the fault happens now. The lock is held.
func (s *Service) happens(f Fault) bool {
	if s.script[f] > 0 {
		s.script[f]--
		s.note("fault: %s", f)
		return true
	}
	// Without a chance no random number is drawn, so that a new fault does not change the histories of other seeds.
	if p := s.chances[f]; p > 0 && s.rng.Float64() < p {
		s.note("fault: %s", f)
		return true
	}
	return false
}

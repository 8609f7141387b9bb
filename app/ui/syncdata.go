package ui

import (
	"context"
	"maps"
	"time"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// overview is all that the Sync window shows, at one moment.
type overview struct {
	status   engine.Status
	paused   time.Time     // end of the pause; zero when there is none
	interval time.Duration // between two runs
	pairs    []state.Pair
	accounts []Account
	counts   map[string]Counts        // by pair
	items    map[string][]engine.Item // by pair: what is not in step
	runs     []state.Run              // the newest first
	errs     map[string]Explained     // by pair: why its last run failed
	reasons  map[string]reason        // by code
	at       time.Time                // when all of it was read
}

// reason is why an item is not in step, and what to do.
type reason struct{ sentence, next string }

const (
	mostRuns = 200             // of the history
	fullPace = 2 * time.Second // between two looks at everything while a run is under way
)

// read asks the program for what is to be shown. While a run is under way the parts that change slowly are taken from
// what was read before, until they are too old.
func (o overview) read(ctx context.Context, p Program, now time.Time) (overview, error) {
	status, err := p.Status(ctx)
	if err != nil {
		return o, err
	}
	before := o
	o.status, o.paused = status, p.PausedUntil()
	o.errs = map[string]Explained{}
	for _, ps := range status.Pairs {
		if ps.Err != nil {
			o.errs[ps.ID] = p.Explain(ps.Err)
		}
	}
	if before.still(status) && now.Sub(before.at) < fullPace {
		return o, nil
	}
	return o.readAll(ctx, p, now)
}

// still tells whether the same run goes on, so that only its progress can have changed.
func (o overview) still(status engine.Status) bool {
	return !o.at.IsZero() && status.State == engine.StateSyncing && running(o.status) == running(status) &&
		len(o.status.Pairs) == len(status.Pairs)
}

// running returns the pair of the run under way, or "".
func running(s engine.Status) string {
	for _, p := range s.Pairs {
		if p.State == engine.StateSyncing {
			return p.ID
		}
	}
	return ""
}

func (o overview) readAll(ctx context.Context, p Program, now time.Time) (overview, error) {
	settings, err := p.Settings(ctx)
	if err != nil {
		return o, err
	}
	o.interval = settings.Interval
	if o.pairs, err = p.Pairs(ctx); err != nil {
		return o, err
	}
	if o.accounts, err = p.Accounts(ctx); err != nil {
		return o, err
	}
	o.counts, o.items, o.reasons = map[string]Counts{}, map[string][]engine.Item{}, map[string]reason{}
	for _, pair := range o.pairs {
		if o.counts[pair.ID], err = p.Counts(ctx, pair.ID); err != nil {
			return o, err
		}
		items, err := p.Problems(ctx, pair.ID)
		if err != nil {
			return o, err
		}
		o.items[pair.ID] = items
		for _, it := range items {
			if _, known := o.reasons[it.Code]; !known {
				sentence, next := p.Reason(it.Code)
				o.reasons[it.Code] = reason{sentence, next}
			}
		}
	}
	o.runs, err = p.Runs(ctx, mostRuns)
	o.at = now
	return o, err
}

// find returns a pair and its state. ok is false when it is gone.
func (o overview) find(id string) (p state.Pair, ps engine.PairStatus, ok bool) {
	for _, p := range o.pairs {
		if p.ID != id {
			continue
		}
		for _, ps := range o.status.Pairs {
			if ps.ID == id {
				return p, ps, true
			}
		}
	}
	return p, ps, false
}

// lastRun returns the newest run of a pair that came to its end.
func (o overview) lastRun(pair string) (state.Run, bool) {
	for _, r := range o.runs {
		if r.Pair == pair && !r.Ended.IsZero() {
			return r, true
		}
	}
	return state.Run{}, false
}

// names are what people call pairs and their sides.
type names struct {
	kinds    map[record.Kind]string
	accounts []Account
	twice    map[string]bool // pairs whose names are not theirs alone
}

// names prepares the names for the pairs and accounts there are.
func (k *kit) names(pairs []state.Pair, accounts []Account) names {
	n := names{kinds: map[record.Kind]string{
		record.Contact: k.words.T("Contacts"), record.Task: k.words.T("Tasks"), record.Event: k.words.T("Meetings"),
	}, accounts: accounts, twice: map[string]bool{}}
	first := map[string]string{}
	twice := maps.Clone(n.twice)
	for _, p := range pairs {
		name := n.pairName(p)
		if other, taken := first[name]; taken {
			twice[p.ID], twice[other] = true, true
		}
		first[name] = p.ID
	}
	n.twice = twice
	return n
}

// side is the service of one side of a pair: what its account is called, or the title of its service where that says
// more and is unmistakable.
func (n names) side(p state.Pair, s plan.Side) string {
	name, title, same := p.Ends[s].Account, "", 0
	service := ""
	for _, a := range n.accounts {
		if a.Name == name {
			title, service = a.Title, a.Service
		}
	}
	for _, a := range n.accounts {
		if a.Service == service {
			same++
		}
	}
	// "CalDAV and CardDAV" says less than the name that the person gave the server.
	if title == "" || same > 1 || service == serviceDAV {
		return name
	}
	return title
}

// serviceDAV is a service whose accounts have better names than it has.
const serviceDAV = "dav"

func (n names) service(p state.Pair, s plan.Side) string {
	for _, a := range n.accounts {
		if a.Name == p.Ends[s].Account {
			return a.Service
		}
	}
	return ""
}

// right is what stands after the icon of the direction.
func (n names) right(p state.Pair) string {
	if n.twice[p.ID] {
		return n.side(p, plan.Right) + " (" + p.Ends[plan.Right].Title + ")"
	}
	return n.side(p, plan.Right)
}

// pairName is the name of a pair in plain text.
func (n names) pairName(p state.Pair) string { return n.kinds[p.Kind] + " – " + n.right(p) }

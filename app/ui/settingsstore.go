package ui

import (
	"context"
	"reflect"
	"time"

	"zohosync/assets"
	"zohosync/sync/plan"
	"zohosync/sync/state"
)

// store stores what differs, and then goes on.
func (s *settings) store(then func()) {
	if s.busy || s.draft == nil {
		return
	}
	if id, why := s.draft.firstHitch(s.known); why != "" {
		s.open(id)
		s.hitched = true
		s.redraw()
		return
	}
	if !s.draft.dirty() {
		then()
		return
	}
	keep, remove := s.draft.toStore()
	set, changed := s.draft.settings, s.draft.settings != s.draft.saved
	s.begin(s.words.T("Storing…"))
	s.run(func(ctx context.Context, tell func(func())) {
		var err error
		if changed {
			if err = s.program.StoreSettings(ctx, set); err == nil {
				tell(func() { s.speak(set) })
			}
		}
		if err == nil && len(keep)+len(remove) > 0 {
			err = s.program.StorePairs(ctx, keep, remove)
		}
		var pairs []state.Pair
		stored := err == nil
		if stored {
			pairs, err = s.program.Pairs(ctx)
		}
		tell(func() { s.stored(stored, pairs, err, then) })
	})
}

// speak has the windows that open from now on speak the language that was chosen.
func (s *settings) speak(stored Settings) {
	if s.draft.saved.Language != stored.Language {
		s.windows.Speak(assets.Speak(stored.Language))
	}
	s.draft.savedSettings()
}

// stored shows what became of storing.
func (s *settings) stored(stored bool, pairs []state.Pair, err error, then func()) {
	s.idle()
	switch {
	case !stored:
		s.redraw()
		s.failed(s.words.T("Not everything could be stored"), err)
	case err != nil:
		s.load()
	default:
		s.at = samePlace(s.draft, s.at, pairs)
		s.draft.savedPairs(pairs)
		s.side.chosen = s.at
		s.redraw()
		then()
	}
}

// samePlace finds the page of a pair that has just got its ID.
func samePlace(d *draft, page string, pairs []state.Pair) string {
	was, ok := d.pair(page)
	if !ok || !isNew(page) {
		return page
	}
	for _, p := range pairs {
		if p.Kind == was.Kind && sameFolder(p.Ends[plan.Left], was.Ends[plan.Left]) && sameFolder(p.Ends[plan.Right], was.Ends[plan.Right]) {
			return p.ID
		}
	}
	return page
}

// begin says what is under way; nothing else can be begun meanwhile.
func (s *settings) begin(doing string) {
	s.busy = true
	show(s.status, busy(doing))
	s.marked()
}

// idle is the end of begin.
func (s *settings) idle() {
	s.busy = false
	show(s.status, s.link(s.words.T("Help"), s.help))
	s.marked()
}

// act makes a request at once, and shows what it changed.
func (s *settings) act(doing, failed string, do func(context.Context) error, then func()) {
	if s.busy {
		return
	}
	s.begin(doing)
	s.run(func(ctx context.Context, tell func(func())) {
		err := do(ctx)
		tell(func() {
			s.idle()
			if err != nil {
				s.failed(failed, err)
			} else if then != nil {
				then()
			}
			s.reread()
		})
	})
}

// failed puts an error in front of the page.
func (s *settings) failed(title string, err error) {
	ask := s.sheet()
	ask.open(520, nil, title, ask.problem(s.program.Explain(err)), nil, ask.primary(s.words.T("Close"), ask.hide))
}

// glance reads the accounts again soon after there was news; news come in crowds.
func (s *settings) glance() {
	if s.looking || s.draft == nil {
		return
	}
	s.looking = true
	s.after(time.Second, func() {
		s.looking = false
		s.reread()
	})
}

// reread shows accounts and pairs as they are now, with the changes that are not stored yet.
func (s *settings) reread() {
	if s.draft == nil || s.busy {
		return
	}
	s.run(func(ctx context.Context, tell func(func())) {
		accounts, err := s.program.Accounts(ctx)
		var pairs []state.Pair
		if err == nil {
			pairs, err = s.program.Pairs(ctx)
		}
		tell(func() {
			// The next news bring what could not be read now.
			if err != nil || s.draft == nil || s.busy {
				return
			}
			if reflect.DeepEqual(accounts, s.accounts) && samePairs(pairs, s.draft.stored) {
				return
			}
			s.accounts = accounts
			s.draft.reread(pairs)
			s.redraw()
		})
	})
}

func samePairs(a, b []state.Pair) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !samePair(a[i], b[i]) {
			return false
		}
	}
	return true
}

package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// looked opens the Sync window and waits until it shows something.
func (s *stage) looked(pair string) *opened {
	s.t.Helper()
	s.windows.Sync(pair)
	o := s.open(nameSync)
	s.until("the window has looked", func() bool { return !says(o, s.say("One moment…")) })
	return o
}

// page turns the Sync window to a page.
func page(name string) func(*stage) *opened {
	return func(s *stage) *opened {
		o := s.looked("")
		sideOf(o).choose(name)
		return o
	}
}

// sideOf returns the side list of a window.
func sideOf(o *opened) (found *side) {
	each(o.kit.window.Canvas().Content(), func(n node) {
		if l, ok := n.object.(*side); ok {
			found = l
		}
	})
	return found
}

// narrow makes the window as small as it gets.
func narrow(take func(*stage) *opened) func(*stage) *opened {
	return func(s *stage) *opened {
		o := take(s)
		o.kit.window.Resize(fyne.NewSize(760, 480))
		o.kit.settle()
		return o
	}
}

// syncShots are the states of the Sync window.
func syncShots() []shot {
	program := func(f func() *syncFake) func() Program { return func() Program { return f() } }
	pairs, problems, history := page(pagePairs), page(pageProblems), page(pageHistory)
	return []shot{
		{"sync-pairs", program(syncOffice), pairs},
		{"sync-pairs-running", program(func() *syncFake { return syncOffice().failing().running() }), pairs},
		{"sync-pairs-narrow", program(func() *syncFake { return syncOffice().failing().running() }), narrow(pairs)},
		{"sync-pairs-reading", program(func() *syncFake {
			f := syncOffice().running()
			f.status.Total, f.status.Pairs[0].Stage, f.status.Pairs[0].Total = 0, engine.Discovering, 0
			return f
		}), pairs},
		{"sync-pairs-stopping", program(func() *syncFake { return syncOffice().running() }), func(s *stage) *opened {
			o := pairs(s)
			s.press(o, s.say("Stop"))
			return o
		}},
		{"sync-pairs-paused", program(func() *syncFake {
			f := syncOffice()
			f.paused, f.status.State = today(14, 0), engine.StatePaused
			return f
		}), pairs},
		{"sync-pairs-offline", program(func() *syncFake {
			f := syncOffice()
			f.status.State = engine.StateOffline
			for i := range f.status.Pairs {
				f.status.Pairs[i].State, f.status.Pairs[i].Err = engine.StateOffline, &provider.RetryError{}
			}
			return f
		}), pairs},
		{"sync-pairs-trouble", program(func() *syncFake {
			return syncOffice().failing().broken(1, plan.Left, provider.ErrAuth).stopped(2, plan.Guard{Code: plan.CodeMany, Side: plan.Left, Number: 212})
		}), pairs},
		{"sync-pairs-stale", program(stale), pairs},
		{"sync-pairs-nothing-found", program(func() *syncFake {
			f := syncOffice()
			f.counts["meetings-1"], f.counts["contacts-1"] = Counts{}, Counts{}
			return f
		}), pairs},
		{"sync-pairs-new", program(func() *syncFake {
			f := syncOffice()
			f.status.State, f.status.LastSuccess, f.counts, f.runs = engine.StateStarting, time.Time{}, nil, nil
			for i := range f.status.Pairs {
				f.status.Pairs[i] = engine.PairStatus{ID: f.pairs[i].ID, State: engine.StateStarting}
			}
			return f
		}), pairs},
		{"sync-pairs-signed-out", program(func() *syncFake {
			f := syncOffice()
			f.status.State = engine.StateSignedOut
			return f
		}), pairs},
		{"sync-pairs-twins", program(twins), pairs},
		{"sync-pairs-none", program(func() *syncFake {
			f := syncOffice()
			f.pairs, f.status.Pairs = nil, nil
			return f
		}), pairs},
		{"sync-problems", program(func() *syncFake { return syncOffice().failing() }), problems},
		{"sync-problems-narrow", program(func() *syncFake { return syncOffice().failing() }), narrow(problems)},
		{"sync-problems-running", program(func() *syncFake { return syncOffice().failing().running() }), problems},
		{"sync-problems-details", program(func() *syncFake { return syncOffice().failing() }), func(s *stage) *opened {
			o := problems(s)
			s.press(o, s.windows.words.T("Details (code {{.code}})", "code", provider.CodeTooLong))
			return o
		}},
		{"sync-problems-excluded", program(func() *syncFake { return syncOffice().excluded() }), func(s *stage) *opened {
			o := pairs(s)
			s.press(o, s.windows.words.N("{{.n}} excluded", 27))
			return o
		}},
		{"sync-problems-none", program(syncOffice), problems},
		{"sync-history", program(syncOffice), history},
		{"sync-history-narrow", program(syncOffice), narrow(history)},
		{"sync-history-none", program(func() *syncFake {
			f := syncOffice()
			f.runs = nil
			return f
		}), history},
		{"sync-failed", program(func() *syncFake {
			f := syncOffice()
			f.err = coded("failed")
			return f
		}), func(s *stage) *opened { return s.looked("") }},
	}
}

// stale has had no success for days.
func stale() *syncFake {
	f := syncOffice().broken(0, plan.Right, coded("unreachable"))
	f.status.LastSuccess = today(18, 4).AddDate(0, 0, -2)
	for i := range f.status.Pairs {
		f.status.Pairs[i].LastSuccess = f.status.LastSuccess
	}
	f.runs = nil
	return f
}

// twins has two pairs of the same kind with the same server, which has a long name.
func twins() *syncFake {
	f := syncOffice()
	for i := range f.pairs {
		f.pairs[i].Kind = record.Event
		f.pairs[i].Ends[plan.Right] = state.End{Account: "calendars.the-long-name-of-a-server.example.org", Title: []string{"Work", "Home", "Holidays of the whole team in every country"}[i]}
	}
	f.accounts = append(f.accounts, Account{Name: "calendars.the-long-name-of-a-server.example.org", Service: "dav", Title: "CalDAV and CardDAV"})
	return f
}

// questioned opens the question about the first pair.
func questioned(s *stage) *opened {
	s.t.Helper()
	s.windows.Answer("contacts-1")
	o := s.open(nameGuard + "contacts-1")
	s.until("the question is asked", func() bool { return !says(o, s.say("One moment…")) })
	return o
}

// guardShots are the questions.
func guardShots() []shot {
	asked := func(code string, side plan.Side) func() Program {
		return func() Program { return syncOffice().stopped(0, plan.Guard{Code: code, Side: side, Number: 212}) }
	}
	return []shot{
		{"guard-many", asked(plan.CodeMany, plan.Left), questioned},
		{"guard-many-right", asked(plan.CodeMany, plan.Right), questioned},
		{"guard-all", asked(plan.CodeAll, plan.Right), questioned},
		{"guard-empty", asked(plan.CodeEmptied, plan.Right), questioned},
		{"guard-empty-keeps", func() Program {
			f := syncOffice().stopped(0, plan.Guard{Code: plan.CodeEmptied, Side: plan.Right, Number: 212})
			f.pairs[0].Delete[plan.Left] = plan.Never
			return f
		}, questioned},
		{"guard-first", asked(plan.CodeFirst, plan.Right), questioned},
		{"guard-failing", asked(plan.CodeFailing, plan.Right), questioned},
		{"guard-unknown", asked("guard-of-tomorrow", plan.Right), questioned},
		{"guard-settled", func() Program { return syncOffice() }, questioned},
	}
}

package main

import (
	"sync"

	"github.com/schollz/progressbar/v3"

	"zohosync/sync/engine"
	"zohosync/sync/state"
)

// watcher draws how far a sync is, where a person watches.
type watcher struct {
	t     *terminal
	pairs map[string]state.Pair

	mu   sync.Mutex
	of   engine.Progress // what the bar is for: pair, stage and side
	bar  *progressbar.ProgressBar
	idle bool
}

func newWatcher(t *terminal, pairs []state.Pair) *watcher {
	w := &watcher{t: t, pairs: map[string]state.Pair{}, idle: !t.live || t.json}
	for _, p := range pairs {
		w.pairs[p.ID] = p
	}
	return w
}

// show moves the bar; another stage, side or pair begins a new one. It is called from several goroutines.
func (w *watcher) show(p engine.Progress) {
	if w.idle {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	what := engine.Progress{Pair: p.Pair, Stage: p.Stage, Side: p.Side, Total: p.Total}
	if w.bar == nil || w.of != what {
		w.drop()
		w.of, w.bar = what, w.newBar(p)
	}
	_ = w.bar.Set(p.Done)
}

func (w *watcher) newBar(p engine.Progress) *progressbar.ProgressBar {
	most := int64(p.Total)
	if most == 0 {
		most = -1
	}
	return progressbar.NewOptions64(most,
		progressbar.OptionSetWriter(w.t.err),
		progressbar.OptionSetDescription(p.Pair+": "+w.stage(p)),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSpinnerType(14),
	)
}

func (w *watcher) stage(p engine.Progress) string {
	side := w.pairs[p.Pair].Ends[p.Side].Account
	switch p.Stage {
	case engine.Discovering:
		return w.t.words.T("listing {{.name}}", "name", side)
	case engine.Applying:
		return w.t.words.T("writing to {{.name}}", "name", side)
	}
	return w.t.words.T("planning")
}

// clear takes the bar away, so that the result stands where it was.
func (w *watcher) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop()
}

func (w *watcher) drop() {
	if w.bar != nil {
		_ = w.bar.Clear()
		w.bar = nil
	}
}

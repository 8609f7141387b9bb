package engine

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

func (w *world) unsent() Unsent {
	w.t.Helper()
	u, err := w.engine().Unsent(context.Background(), w.pair.ID)
	w.must(err)
	return u
}

// C-9: what waits in a pair is counted by side, without a network and without a sign-in.
func TestWhatIsNotSentYetIsCounted(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
	if u := w.unsent(); u.Any() {
		t.Fatalf("nobody looked yet: %+v", u)
	}
	for n := range 3 {
		w.left.Put(w.ref(), person(fmt.Sprint(n)))
	}
	w.left.Put(w.ref(), person("9").With(record.Patch{record.Owner: "somebody else"}))
	w.sync()
	w.sync()
	if u := w.unsent(); u.Any() {
		t.Fatalf("in step: %+v", u)
	}
	items := w.left.Items(w.ref())
	w.left.Edit(w.ref(), items[0].ID, record.Patch{record.Phone: "1"})
	w.left.Put(w.ref(), person("new"))
	w.right.Remove(w.ref(), w.right.Items(w.ref())[2].ID)
	if _, err := w.try(RunOptions{DryRun: true}); err != nil {
		t.Fatal(err)
	}
	w.wrap = func(provider.Provider) provider.Provider { t.Error("a service was dialled"); return nil }
	if u := w.unsent(); u.Changes != [2]int{2, 1} || u.Questions != 0 {
		t.Fatalf("an edit and a new contact wait on the left, a deletion on the right: %+v", u)
	}
	w.wrap = nil
	w.sync()
	w.sync()
	if u := w.unsent(); u.Any() {
		t.Fatalf("carried out: %+v", u)
	}
}

// C-9: a question, and a change that cannot be sent, wait too.
func TestQuestionsAndProblemsAreNotSentYet(t *testing.T) {
	w := newWorld(t, record.Contact, func(p *state.Pair) { p.Conflict = plan.AskMe })
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Phone: "2"})
	w.right.Put(w.ref(), record.Record{record.EmailMain: "nameless@example.com"})
	w.sync()
	if u := w.unsent(); u.Questions != 1 || u.Changes[plan.Right] < 1 {
		t.Fatalf("%+v", u)
	}
	if _, err := w.engine().Unsent(context.Background(), "none"); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("a pair that is not there: %v", err)
	}
}

// C-9: what a run could not send any more because the service went away is known after it.
func TestWhatARunCouldNotSendWaits(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.left.Put(w.ref(), person("1"))
	w.sync()
	w.left.Edit(w.ref(), w.one(w.left).ID, record.Patch{record.Phone: "1"})
	w.wrap = func(p provider.Provider) provider.Provider { return unsending{p} }
	if _, err := w.try(RunOptions{}); err == nil {
		t.Fatal("the run went through")
	}
	if u := w.unsent(); u.Changes != [2]int{1, 0} {
		t.Fatalf("%+v", u)
	}
}

// unsending is a service that lists and takes no write.
type unsending struct{ provider.Provider }

func (u unsending) Open(ctx context.Context, ref string, k record.Kind, f []record.Field) (provider.Collection, error) {
	c, err := u.Provider.Open(ctx, ref, k, f)
	return mute{c}, err
}

type mute struct{ provider.Collection }

func (mute) Apply(_ context.Context, writes []record.Write, sink provider.Sink) error {
	later := &provider.RetryError{Err: errors.New("no network")}
	for i := range writes {
		if err := sink.Done(i, provider.Result{Err: later}); err != nil {
			return err
		}
	}
	return later
}

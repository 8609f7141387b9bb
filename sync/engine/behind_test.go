package engine

import (
	"context"
	"testing"
	"time"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

// secretive is a service that does not tell its limits, as the CRM does not tell which accounts it knows: values that it
// cannot hold stay behind when they are written. With silent it does not even say so.
type secretive struct {
	provider.Provider
	silent bool
}

func (s secretive) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := s.Provider.Open(ctx, ref, kind, fields)
	return secret{c, s.silent}, err
}

type secret struct {
	provider.Collection
	silent bool
}

func (s secret) Info() provider.Info {
	info := s.Collection.Info()
	open := map[record.Kind]map[record.Field]record.Limit{}
	for kind, fields := range info.Limits {
		open[kind] = map[record.Field]record.Limit{}
		for f, l := range fields {
			open[kind][f] = record.Limit{ReadOnly: l.ReadOnly, Mandatory: l.Mandatory}
		}
	}
	info.Limits = open
	return info
}

func (s secret) Apply(ctx context.Context, writes []record.Write, sink provider.Sink) error {
	return s.Collection.Apply(ctx, writes, keeping{sink, s.silent})
}

type keeping struct {
	provider.Sink
	silent bool
}

func (k keeping) Done(i int, r provider.Result) error {
	if k.silent {
		r.Left = nil
	}
	return k.Sink.Done(i, r)
}

// newSecretWorld: the CRM knows one account only, and its services do not tell.
func newSecretWorld(t *testing.T, silent bool) *world {
	w := newWorld(t, record.Contact, nil)
	limits := crmLimits()
	limits[record.Contact][record.Account] = record.Limit{Choices: []string{"Acme"}}
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: limits})
	w.wrap = func(p provider.Provider) provider.Provider { return secretive{p, silent} }
	return w
}

var unknownAccount = person("1").With(record.Patch{record.Account: "Nobody", record.Phone: "1"})

// What a service leaves behind stays where it came from, whatever the answer looks like, and is not written again.
func TestWhatStaysBehindIsNeitherLostNorSentAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		silent bool
		fault  memory.Fault
		update bool
	}{
		{"create", false, "", false},
		{"create, silently", true, "", false},
		{"create, answer lost", false, memory.LostAnswer, false},
		{"create, without a result", false, memory.NoResult, false},
		{"update", false, "", true},
		{"update, silently", true, "", true},
		{"update, answer lost", false, memory.LostAnswer, true},
		{"update, without a result", false, memory.NoResult, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newSecretWorld(t, c.silent)
			if c.update {
				w.right.Put(w.ref(), person("1"))
				w.sync()
				w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Account: "Nobody", record.Phone: "1"})
			} else {
				w.right.Put(w.ref(), unknownAccount)
			}
			w.left.Fail(c.fault, 1)
			w.sync()
			w.now = w.now.Add(time.Hour)
			w.sync()
			r := w.sync()
			w.count(1, 1)
			if got := w.one(w.right).Record; got[record.Account] != "Nobody" || got[record.Phone] != "1" {
				t.Fatalf("right holds %v", got)
			}
			if got := w.one(w.left).Record; got[record.Account] != "" || got[record.Phone] != "1" {
				t.Fatalf("left holds %v", got)
			}
			if !r.Waits() || r.Items[0].Field != record.Account || r.Items[0].Side != plan.Right.String() {
				t.Fatalf("items %+v", r.Items)
			}
			w.quiet()
		})
	}
}

// A value that stayed behind is no edit: who deletes the record in the CRM means the item, and it does not come back.
func TestWhatStayedBehindDoesNotUndoADeletion(t *testing.T) {
	w := newSecretWorld(t, false)
	w.right.Put(w.ref(), unknownAccount)
	w.sync()
	w.left.Remove(w.ref(), w.one(w.left).ID)
	w.sync()
	w.count(0, 0)
}

func TestAnEditOfWhatStayedBehindBeatsADeletion(t *testing.T) {
	w := newSecretWorld(t, false)
	w.right.Put(w.ref(), unknownAccount)
	w.sync()
	w.left.Remove(w.ref(), w.one(w.left).ID)
	w.right.Edit(w.ref(), w.one(w.right).ID, record.Patch{record.Account: "Somebody"})
	w.sync()
	w.count(1, 1)
	if got := w.one(w.right).Record[record.Account]; got != "Somebody" {
		t.Fatalf("account %q", got)
	}
}

func TestAnOverlongValueDoesNotUndoADeletion(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	w.right.Put(w.ref(), person("1").With(record.Patch{record.FirstName: "a name of more than forty letters, if they are counted"}))
	w.sync()
	w.left.Remove(w.ref(), w.one(w.left).ID)
	w.sync()
	w.count(0, 0)
}

// A value that the service did not take from one item says nothing of another item that is written later in the same run.
func TestWhatOneItemLeavesBehindIsNoMatterForAnother(t *testing.T) {
	w := newWorld(t, record.Contact, nil)
	limits := crmLimits()
	limits[record.Contact][record.Account] = record.Limit{Choices: []string{"Acme"}}
	w.left = memory.New(memory.Options{Name: "crm", Owner: owner, Limits: limits, OnApply: func(wr record.Write) {
		if wr.Patch[record.Account] == "Nobody" {
			w.left.Fail(memory.FalseConflict, 1) // of the other one, which is planned once more
		}
	}})
	w.wrap = func(p provider.Provider) provider.Provider { return secretive{p, false} }
	w.right.Put(w.ref(), person("1"))
	w.right.Put(w.ref(), person("2"))
	w.sync()
	for i, account := range []string{"Nobody", "Acme"} {
		w.right.Edit(w.ref(), w.right.Items(w.ref())[i].ID, record.Patch{record.Account: account, record.Phone: "1"})
	}
	wantCode(t, w.sync(), provider.CodeUnknownAccount, 1)
	accounts := map[string]string{}
	for _, it := range w.left.Items(w.ref()) {
		accounts[it.Record[record.LastName]] = it.Record[record.Account] + " " + it.Record[record.Phone]
	}
	if accounts["L1"] != " 1" || accounts["L2"] != "Acme 1" {
		t.Fatalf("accounts %v", accounts)
	}
	w.quiet()
}

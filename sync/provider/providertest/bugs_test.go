package providertest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/memory"
	"zohosync/sync/record"
)

func bugs() []bug {
	none := bug{name: "none", spoil: func(*memory.Service, *Setup) {}}
	return append([]bug{none}, slices.Concat(bugsOfValues(), bugsOfWrites(), bugsOfListings(), bugsOfApply(), bugsOfSinks(), bugsOfProviders(), bugsOfGroups())...)
}

func bugsOfValues() []bug {
	return []bug{
		{name: "group of a single", found: []string{"CreateIsListed"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) {
				for i := range p.Changed {
					p.Changed[i].Group = "group"
				}
			})},
		{name: "fields that nobody asked for", found: []string{"OnlyGivenFieldsAreListed"}, spoil: func(_ *memory.Service, s *Setup) {
			open := s.Open
			s.Open = func(t testing.TB, _ []record.Field) provider.Collection { return open(t, record.FieldsOf(s.Kind)) }
		}},
		{name: "marks are dropped", found: []string{"MarkIsKept"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) { w.Mark = "" })},
		{name: "letters are lost", found: []string{"EveryFieldRoundTrips"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				for f, v := range w.Patch {
					w.Patch[f] = strings.ReplaceAll(v, "日本語", "???")
				}
			})},
		{name: "tabs are lost", found: []string{"RareValuesRoundTripOrAreRefused"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				for f, v := range w.Patch {
					w.Patch[f] = strings.ReplaceAll(v, "\t", " ")
				}
			})},
		{name: "long values are cut", found: []string{"TooLongIsToldNotCut"}, spoil: always(memory.Cuts)},
		{name: "a missing name is made up", found: []string{"MandatoryIsRefused"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Op == record.Create && w.Patch[record.LastName] == "" {
					w.Patch[record.LastName] = "Unknown"
				}
			})},
		{name: "an update replaces", found: []string{"PatchKeepsTheRest", "RestorePutsBackWhatLives"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if _, there := w.Patch[record.FirstName]; w.Op == record.Update && len(w.Patch) == 1 && there {
					w.Patch[record.Categories] = ""
				}
			})},
		{name: "an empty value is ignored", found: []string{"ClearField"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Patch[record.Categories] == "" {
					delete(w.Patch, record.Categories)
				}
			})},
		{name: "an object is written anew", found: []string{"UnmappedContentSurvives"}, spoil: onResult(
			func(s *memory.Service, w record.Write, _ *provider.Result) {
				if s.Extra("contact", w.ID) != "" {
					s.Adorn("contact", w.ID, "")
				}
			})},
	}
}

func bugsOfWrites() []bug {
	return []bug{
		{name: "keys are ignored", found: []string{"CreateTwiceSameKeyMakesOne"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) { w.Key = "" })},
		{name: "the last one wins", found: []string{"StaleRevisionConflicts"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Op == record.Update {
					w.Revision = ""
				}
			})},
		{name: "a conflict without the item", found: []string{"StaleRevisionConflicts", "DeleteStaleConflicts", "RestoreOfChangedConflicts"}, spoil: onResult(
			func(_ *memory.Service, _ record.Write, r *provider.Result) {
				if errors.Is(r.Err, provider.ErrConflict) {
					r.Item = record.Item{}
				}
			})},
		{name: "any edit conflicts", found: []string{"StaleButOtherFieldGoesOn"}, spoil: onWrite(
			func(s *memory.Service, w *record.Write) {
				if it, there := s.Item("contact", w.ID); there && w.Op == record.Update && w.Revision != "" && it.Revision != w.Revision {
					w.Op = record.Delete
				}
			})},
		{name: "no revision is another one", found: []string{"AnyRevisionWillDo"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Revision == "" {
					w.Revision = "none"
				}
			})},
		{name: "missing is refused", found: []string{"UpdateMissingIsNotFound"}, spoil: onResult(
			func(_ *memory.Service, _ record.Write, r *provider.Result) {
				if errors.Is(r.Err, provider.ErrNotFound) {
					r.Err = &provider.ItemError{Code: provider.CodeRefused}
				}
			})},
		{name: "delete of what is gone fails", found: []string{"DeleteTwice"}, spoil: func(s *memory.Service, setup *Setup) {
			gone := map[record.ID]bool{}
			onResult(func(s *memory.Service, w record.Write, r *provider.Result) {
				if w.Op == record.Delete && r.Err == nil && gone[w.ID] {
					r.Err = provider.ErrNotFound
				}
				gone[w.ID] = gone[w.ID] || w.Op == record.Delete && r.Err == nil
			})(s, setup)
		}},
		{name: "a delete asks nothing", found: []string{"DeleteStaleConflicts"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Op == record.Delete {
					w.Revision = ""
				}
			})},
		{name: "a restore has no before-image", found: []string{"RestoreBringsBack", "RestoreTwiceMakesOne"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Op == record.Restore {
					w.Raw = nil
				}
			})},
		{name: "a restore asks nothing", found: []string{"RestoreOfChangedConflicts"}, spoil: onWrite(
			func(s *memory.Service, w *record.Write) {
				if it, there := s.Item("contact", w.ID); there && w.Op == record.Restore && w.Revision != "" {
					w.Revision = it.Revision
				}
			})},
		{name: "a restore forgets", found: []string{"RestoreBringsBack", "RestorePutsBackWhatLives", "RestoreOfChangedConflicts", "RestoreTwiceMakesOne"}, spoil: onWrite(
			func(_ *memory.Service, w *record.Write) {
				if w.Op == record.Restore {
					w.Op = record.Create
					delete(w.Patch, record.Details)
				}
			})},
	}
}

func bugsOfListings() []bug {
	return []bug{
		{name: "full is not said", found: []string{"FullListingIsMarkedFull"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { p.Full = false })},
		{name: "a delta is called full", found: []string{"FullListingIsMarkedFull"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, err *error) { p.Full = *err == nil })},
		{name: "an item falls between two pages", kind: record.Task, found: []string{"PagesAreComplete"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) {
				if p.More {
					p.Changed = p.Changed[1:]
				}
			})},
		{name: "one page is the last", kind: record.Task, found: []string{"PagesAreComplete"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { p.More = false })},
		{name: "news bring old items", found: []string{"DeltaListsOnlyChanges"}, spoil: onPage(
			func(s *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) {
				if !p.Full && len(p.Changed) > 0 {
					p.Changed = s.Items("contact")
				}
			})},
		{name: "no news bring an old item", found: []string{"DeltaEmptyIsCheap"}, spoil: onPage(
			func(s *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) {
				if !p.Full && len(p.Changed) == 0 {
					p.Changed = s.Items("contact")
				}
			})},
		{name: "no news are dear", found: []string{"DeltaEmptyIsCheap"}, spoil: func(_ *memory.Service, s *Setup) {
			s.wrap(wrapped{changes: func(c provider.Collection, ctx context.Context, since provider.Cursor, w record.Window) (provider.Page, error) {
				provider.MeterOf(ctx).Request(1)
				return c.Changes(ctx, since, w)
			}})
		}},
		{name: "deletions are not told", found: []string{"DeletionIsListed", "MadeAndDeletedIsListed"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, p *provider.Page, _ *error) { p.Deleted = nil })},
		{name: "an unknown cursor means no news", found: []string{"CursorExpires"}, spoil: onPage(
			func(_ *memory.Service, _ provider.Cursor, _ *provider.Page, err *error) {
				if errors.Is(*err, provider.ErrCursor) {
					*err = nil
				}
			})},
		{name: "results have revisions of their own", found: []string{"RevisionStable"}, spoil: onResult(
			func(_ *memory.Service, _ record.Write, r *provider.Result) {
				if r.Err == nil {
					r.Item.Revision += "+"
				}
			})},
		{name: "revisions are those of before", found: []string{"RevisionMoves", "StaleRevisionConflicts", "DeleteStaleConflicts", "RestoreOfChangedConflicts"}, spoil: always(memory.SameRevision)},
	}
}

func apply(f func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error) func(*memory.Service, *Setup) {
	return func(_ *memory.Service, s *Setup) { s.wrap(wrapped{apply: f}) }
}

func bugsOfApply() []bug {
	return []bug{
		// No bug: a service may refuse what it cannot hold.
		{name: "mark-up is refused", spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				for i, w := range writes {
					var err error
					if strings.Contains(w.Patch[record.Details], "<script>") {
						err = k.Done(i, provider.Result{Err: &provider.ItemError{Code: provider.CodeInvalid, Field: record.Details}})
					} else {
						err = c.Apply(ctx, []record.Write{w}, between{k, func(_ int, raw []byte) error { return k.Before(i, raw) },
							func(_ int, r provider.Result) error { return k.Done(i, r) }})
					}
					if err != nil && ctx.Err() == nil {
						return err
					}
				}
				return ctx.Err()
			})},
		{name: "one failure ends all", found: []string{"OneBadWriteDoesNotStopTheRest"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				failed := ctx.Err() != nil
				for i, w := range writes {
					if failed {
						if err := k.Done(i, provider.Result{Err: &provider.RetryError{Err: errors.New("after a failure")}}); err != nil {
							return err
						}
						continue
					}
					err := c.Apply(ctx, []record.Write{w}, between{k, func(_ int, raw []byte) error { return k.Before(i, raw) },
						func(_ int, r provider.Result) error {
							failed = errors.Is(r.Err, provider.ErrNotFound)
							return k.Done(i, r)
						}})
					if err != nil {
						return err
					}
				}
				return ctx.Err()
			})},
	}
}

func bugsOfSinks() []bug {
	return []bug{
		{name: "a delete has no before-image", found: []string{"BeforeComesBeforeTheWrite"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				return c.Apply(ctx, writes, between{k, func(i int, raw []byte) error {
					if writes[i].Op == record.Delete && len(writes) > 1 {
						return nil
					}
					return k.Before(i, raw)
				}, k.Done})
			})},
		{name: "what is gone has a before-image", found: []string{"DeleteTwice"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				told := map[int]bool{}
				return c.Apply(ctx, writes, between{k, func(i int, raw []byte) error { told[i] = true; return k.Before(i, raw) },
					func(i int, r provider.Result) error {
						if writes[i].Op == record.Delete && !told[i] && r.Err == nil {
							if err := k.Before(i, nil); err != nil {
								return err
							}
						}
						return k.Done(i, r)
					}})
			})},
		{name: "Before comes after", found: []string{"BeforeComesBeforeTheWrite", "SinkErrorStops"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				raws := map[int][]byte{}
				return c.Apply(ctx, writes, between{k, func(i int, raw []byte) error { raws[i] = raw; return nil },
					func(i int, r provider.Result) error {
						if raws[i] != nil {
							if err := k.Before(i, raws[i]); err != nil {
								return err
							}
						}
						return k.Done(i, r)
					}})
			})},
		{name: "the sink’s errors do not count", found: []string{"SinkErrorStops"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				var failed error
				err := c.Apply(ctx, writes, between{k, func(i int, raw []byte) error { failed = k.Before(i, raw); return nil },
					func(i int, r provider.Result) error { return errors.Join(k.Done(i, r), failed) }})
				return err
			})},
		{name: "cancelling is ignored", found: []string{"CancelledContextSendsNothing"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				return c.Apply(context.WithoutCancel(ctx), writes, k)
			})},
		{name: "cancelling is told of what was written", found: []string{"CancelMidwayIsTruthful"}, spoil: apply(
			func(c provider.Collection, ctx context.Context, writes []record.Write, k provider.Sink) error {
				if ctx.Err() != nil {
					return c.Apply(ctx, writes, k)
				}
				return c.Apply(context.WithoutCancel(ctx), writes, between{k, k.Before, func(i int, r provider.Result) error {
					if err := ctx.Err(); err != nil {
						r = provider.Result{Err: &provider.RetryError{Err: err}}
					}
					return k.Done(i, r)
				}})
			})},
	}
}

// account is a provider that forgets what it made.
type account struct{ provider.Provider }

// Collections lists only what was there from the beginning.
func (a account) Collections(ctx context.Context) ([]provider.Info, error) {
	all, err := a.Provider.Collections(ctx)
	return all[:min(3, len(all))], err
}

func bugsOfProviders() []bug {
	return []bug{
		{name: "what was made is not listed", found: []string{"MakeCollection"}, spoil: func(s *memory.Service, setup *Setup) {
			setup.Provider = func(testing.TB) provider.Provider { return account{s.Provider()} }
		}},
		{name: "what is missing is empty", found: []string{"MissingCollectionIsGone"}, spoil: func(s *memory.Service, setup *Setup) {
			setup.Provider = func(testing.TB) provider.Provider { return forgiving{s.Provider()} }
		}},
	}
}

// forgiving opens an empty collection where there is none.
type forgiving struct{ provider.Provider }

func (p forgiving) Open(ctx context.Context, ref string, k record.Kind, fields []record.Field) (provider.Collection, error) {
	c, err := p.Provider.Open(ctx, ref, k, fields)
	if errors.Is(err, provider.ErrGone) {
		return p.Provider.Open(ctx, "event", k, fields)
	}
	return c, err
}

package main

import (
	"context"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

type collectionsCmd struct {
	Account string `arg:"" help:"The account."`
	Create  string `help:"Create a collection with this title first." placeholder:"TITLE"`
	Kind    string `help:"What the new collection is for: event, task or contact." enum:"event,task,contact," default:""`
}

// listed is a collection as JSON prints it.
type listed struct {
	Ref      string        `json:"ref"`
	Title    string        `json:"title"`
	Kinds    []record.Kind `json:"kinds"`
	ReadOnly bool          `json:"read_only"`
}

// Run lists the collections of an account, with the new one first where one was made.
func (l collectionsCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	if (l.Create == "") != (l.Kind == "") {
		return badInput("--create and --kind belong together")
	}
	h, err := openHome(c, t)
	if err != nil {
		return err
	}
	defer closing(h, &err)
	a, err := h.account(ctx, l.Account)
	if err != nil {
		return err
	}
	p, err := h.dialer.dial(ctx, a)
	if err != nil {
		return err
	}
	if l.Create != "" {
		made, err := p.Make(ctx, l.Create, record.Kind(l.Kind))
		if err != nil {
			return err
		}
		return t.collections([]provider.Info{made})
	}
	found, err := p.Collections(ctx)
	if err != nil {
		return err
	}
	return t.collections(found)
}

func (t *terminal) collections(found []provider.Info) error {
	w := t.words
	all, rows := []listed{}, [][]string{}
	for _, f := range found {
		var kinds []string
		for _, k := range f.Kinds {
			kinds = append(kinds, string(k))
		}
		access := w.T("read and write")
		if f.ReadOnly {
			access = w.T("read only")
		}
		all = append(all, listed{f.Ref, f.Title, nonNil(f.Kinds), f.ReadOnly})
		rows = append(rows, []string{f.Ref, f.Title, strings.Join(kinds, ", "), access})
	}
	return t.list(all, []string{w.T("REF"), w.T("TITLE"), w.T("KINDS"), w.T("ACCESS")}, rows, w.T("No folders were found"))
}

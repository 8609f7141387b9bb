package zoho

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// lookup is a field that points to a record of another module, which other services know by its name.
type lookup struct {
	module, name string
	code         string // when no record has exactly this name
}

// links remembers during one Apply which record bears which name.
type links map[link]target

type link struct{ module, name string }

type target struct {
	id  string
	err *provider.ItemError
}

func (l lookup) form() form {
	return form{
		read: func(_ *module, o object, names []string) (string, error) {
			var ref struct{ Name string }
			if err := o.into(names[0], &ref); err != nil {
				return "", errUnreadable
			}
			return ref.Name, nil
		},
		write: func(d *draft, names []string, v string) error {
			if v == "" {
				return writeText(d, names, "")
			}
			t := d.links[link{l.module, v}]
			if t.err != nil {
				return &provider.ItemError{Code: t.err.Code, Err: t.err.Err}
			}
			if t.id == "" {
				return &provider.ItemError{Code: l.code}
			}
			d.out[names[0]] = map[string]string{"id": t.id}
			return nil
		},
	}
}

// lookups are the fields that need a search before they can be written.
var lookups = map[record.Field]lookup{
	record.Account:   {module: "Accounts", name: "Account_Name", code: provider.CodeUnknownAccount},
	record.ReportsTo: {module: "Contacts", name: "Full_Name", code: provider.CodeUnknownContact},
}

// namesPerQuery keeps a query within what COQL takes in one list.
const namesPerQuery = 50

// resolve finds the records that the patches name, each name once per Apply. It asks COQL, which reads the records
// themselves: the search API answers from an index that lags, and takes "equals" for "contains".
func (a *applying) resolve(ctx context.Context, idx []int) error {
	if a.m.kind != record.Contact {
		return nil
	}
	for _, f := range []record.Field{record.Account, record.ReportsTo} {
		l := lookups[f]
		var names []string
		for _, i := range idx {
			name := record.Canonical(record.Line, a.writes[i].Patch[f])
			if _, known := a.links[link{l.module, name}]; name != "" && !known && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		for _, part := range queries(names) {
			if err := a.find(ctx, l, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// queries divides names among queries. One that has to be escaped goes alone, for a query that Zoho cannot parse finds
// nobody.
func queries(names []string) [][]string {
	var out [][]string
	var plain []string
	for _, n := range names {
		if strings.ContainsAny(n, `'\`) {
			out = append(out, []string{n})
		} else {
			plain = append(plain, n)
		}
	}
	return slices.AppendSeq(out, slices.Chunk(plain, namesPerQuery))
}

// find asks for the records with these names. A refusal is no reason to stop: the fields stay behind.
func (a *applying) find(ctx context.Context, l lookup, names []string) error {
	quoted := make([]string, len(names))
	// COQL doubles a quote to escape it (https://help.zoho.com/portal/en/community/topic/kaizen-171-faqs-on-coql-api).
	for i, n := range names {
		quoted[i] = "'" + strings.ReplaceAll(n, "'", "''") + "'"
	}
	q := "select id, " + l.name + " from " + l.module + " where " + l.name + " in (" + strings.Join(quoted, ", ") + ") limit 0, 200"
	var out struct{ Data []object }
	_, err := a.p.read(ctx, request{method: http.MethodPost, path: "/coql", body: map[string]string{"select_query": q}, credits: 1}, &out)
	var refused *refusal
	if errors.As(err, &refused) && lookupOnly(err) {
		for _, n := range names {
			a.links[link{l.module, n}] = target{err: refused.itemError()}
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, n := range names {
		a.links[link{l.module, n}] = choose(l, n, out.Data)
	}
	if l.module == "Accounts" && a.p.createAccounts {
		return a.createAccounts(ctx, names)
	}
	return nil
}

// lookupOnly says that an error concerns the lookup and not the whole account: the consent may cover contacts alone.
func lookupOnly(err error) bool {
	return !errors.Is(err, provider.ErrAuth) || errors.Is(err, ErrScope)
}

// choose takes the one record that bears exactly this name. Of two that do, neither is surely the one that is meant.
func choose(l lookup, name string, found []object) target {
	var t target
	for _, o := range found {
		if record.Canonical(record.Line, o.text(l.name)) != name {
			continue
		}
		if id := o.text("id"); t.id == "" {
			t.id = id
		} else if id != t.id {
			return target{err: &provider.ItemError{Code: l.code, Err: errors.New("zoho: several records have this name")}}
		}
	}
	return t
}

// createAccounts makes the accounts that are missing, where the person has asked for it.
func (a *applying) createAccounts(ctx context.Context, names []string) error {
	var missing []string
	var data []any
	for _, n := range names {
		if t := a.links[link{"Accounts", n}]; t.id == "" && t.err == nil {
			missing = append(missing, n)
			data = append(data, map[string]string{"Account_Name": n})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	results, err := a.p.write(ctx, writing(http.MethodPost, "/Accounts", data), len(missing))
	var refused *refusal
	if errors.As(err, &refused) && lookupOnly(err) {
		results = slices.Repeat([]result{refused.result}, len(missing))
	} else if err != nil {
		return err
	}
	for i, n := range missing {
		t := target{id: results[i].details().ID}
		if !results[i].done() {
			t = target{err: results[i].itemError()}
		}
		a.links[link{"Accounts", n}] = t
	}
	return nil
}

package zoho

import (
	"reflect"
	"strings"
	"testing"

	"zohosync/sync/record"
)

func TestAccountsByName(t *testing.T) {
	for _, r := range []struct {
		settings []string
		found    []map[string]any
		left     string
		account  any
		keys     string
	}{
		{nil, []map[string]any{{"id": "1", "Account_Name": "O'Neil"}, {"id": "2", "Account_Name": "O'Neil & Sons"}}, "", map[string]any{"id": "1"}, "POST /coql; POST /Contacts"},
		{nil, []map[string]any{{"id": "2", "Account_Name": "o'neil"}}, "unknown-account account", nil, "POST /coql; POST /Contacts"},
		{nil, []map[string]any{{"id": "1", "Account_Name": "O'Neil"}, {"id": "2", "Account_Name": "O'Neil"}}, "unknown-account account", nil, "POST /coql; POST /Contacts"},
		{[]string{SettingCreateAccounts, "yes"}, nil, "", map[string]any{"id": "5000"}, "POST /coql; POST /Accounts; POST /Contacts"},
	} {
		o := newOrg(t)
		o.on("POST /Contacts", succeed(t))
		o.on("POST /Accounts", succeed(t))
		o.on("POST /coql", func(a asked) reply {
			if !strings.Contains(string(a.body), `where Account_Name in ('O''Neil') limit`) {
				t.Errorf("query %s", a.body)
			}
			return records(r.found...)
		})
		c := o.open(record.Contact, r.settings...)
		h, err := apply(t, c, creating("A", "account", "O'Neil"), creating("B", "account", "O'Neil"))
		if err != nil || h.done[0].Err != nil || o.keys() != r.keys {
			t.Fatalf("%v, %v; asked %s", err, h.done[0].Err, o.keys())
		}
		sent := o.requests()
		if got := sent[len(sent)-1].data(t)[1]["Account_Name"]; !reflect.DeepEqual(got, r.account) {
			t.Errorf("found %v: sent %v", r.found, got)
		}
		left := ""
		for _, e := range h.done[1].Left {
			left = code(e)
		}
		if left != r.left {
			t.Errorf("found %v: left %q, want %q", r.found, left, r.left)
		}
	}
}

// Where names cannot be looked up, the field stays behind and the contact is written.
func TestLookupRefused(t *testing.T) {
	for _, refusal := range []reply{wholeError(401, "OAUTH_SCOPE_MISMATCH"), wholeError(400, "INVALID_QUERY"), wholeError(400, "INVALID_MODULE")} {
		o := newOrg(t)
		o.on("POST /Contacts", succeed(t))
		o.on("POST /coql", func(asked) reply { return refusal })
		h, err := apply(t, o.open(record.Contact), creating("A", "account", "X", "reports_to", "Y"))
		if err != nil || h.done[0].Err != nil || len(h.done[0].Left) != 2 {
			t.Errorf("%v, %+v", err, h.done[0])
		}
	}
}

// A name that has to be escaped spoils no other query.
func TestQueries(t *testing.T) {
	names := []string{"A", "O'Neil", `B\C`, "D"}
	if got := queries(names); !reflect.DeepEqual(got, [][]string{{"O'Neil"}, {`B\C`}, {"A", "D"}}) {
		t.Errorf("queries %q", got)
	}
}

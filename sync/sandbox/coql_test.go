package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func (r *rig) query(q string) reply {
	text, _ := json.Marshal(map[string]string{"select_query": q})
	return r.do("POST", "/crm/v8/coql", string(text))
}

func TestCOQLFinds(t *testing.T) {
	r := checked(t, Options{})
	account := r.Put("Accounts", map[string]any{"Account_Name": "Engines"})
	a := r.Put("Contacts", map[string]any{"Last_Name": "Lovelace", "Email": "ada@one.example", "Account_Name": map[string]any{"id": account}})
	r.Advance(time.Minute)
	b := r.Put("Contacts", map[string]any{"Last_Name": "O'Neill", "Email_Opt_Out": true})
	c := r.Put("Contacts", map[string]any{"Last_Name": "Zuse", "Email": "z@two.example"})
	for where, want := range map[string][]string{
		"id > '" + a + "'": {b, c},
		"id in ('" + a + "','" + c + "') order by id desc": {c, a},
		"Last_Name = 'lovelace'":                           {a},
		"Last_Name = 'O\\'Neill'":                          {b},
		"Last_Name like 'z%'":                              {c},
		"Last_Name like '%l%'":                             {a, b},
		"Last_Name between 'm' and 'p'":                    {b},
		"Last_Name not in ('Zuse')":                        {a, b},
		"Email is null":                                    {b},
		"Email is not null":                                {a, c},
		"Email != 'z@two.example'":                         {a, b},
		"Email_Opt_Out = true":                             {b},
		"Account_Name.id = '" + account + "'":              {a},
		"Modified_Time > '2026-11-22T10:00:00Z'":           {b, c},
		"(Modified_Time > '2026-11-22T10:00:00Z') and (Email is not null)":                             {c},
		"((Last_Name = 'Zuse') or (Last_Name = 'Lovelace')) and (Email is not null) order by id asc":   {a, c},
		"id is not null order by Last_Name desc limit 1":                                               {c},
		"id is not null order by Last_Name asc limit 1, 2":                                             {b, c},
		"id is not null limit 1 offset 2":                                                              {c},
		"Owner = '" + r.Users()[0] + "' order by Modified_Time desc, id asc":                           {b, c, a},
		"Created_Time <= '2026-11-22T11:00:00+01:00' and Modified_Time >= '2026-11-22T11:00:00+01:00'": {a},
	} {
		got := r.query("select id from Contacts where " + where)
		var ids []string
		for _, o := range got.list("data") {
			ids = append(ids, o["id"].(string))
		}
		if fmt.Sprint(ids) != fmt.Sprint(want) {
			t.Errorf("%s: %d %s %v", where, got.status, got.code(), ids)
		}
	}
	row := r.query("select Last_Name, Account_Name, Modified_Time from Contacts where id = '" + a + "'").list("data")[0]
	if lookup := row["Account_Name"].(map[string]any); lookup["id"] != account || lookup["name"] != nil {
		t.Error("a lookup is more than its id")
	}
	r.want(r.query("select id from Contacts where Last_Name = 'nobody'"), 204, "")
}

func TestCOQLIsRefused(t *testing.T) {
	r := checked(t, Options{Contacts: 3})
	fields := strings.TrimSuffix(strings.Repeat("Email, ", 51), ", ")
	for query, code := range map[string]string{
		"select from": "SYNTAX_ERROR", "select id from Contacts": "SYNTAX_ERROR", "update Contacts": "SYNTAX_ERROR",
		"select id from Contacts where id = '1' and id = '2' and id = '3'": "SYNTAX_ERROR",
		"select id from Contacts where id ~ '1'":                           "SYNTAX_ERROR",
		"select id from Contacts where (id = '1'":                          "SYNTAX_ERROR",
		"select id from Contacts where id = '1' limit many":                "SYNTAX_ERROR",
		"select id from Contacts where id = '1' group by id":               "SYNTAX_ERROR",
		"select id from Nothing where id = '1'":                            "INVALID_QUERY",
		"select Nothing from Contacts where id = '1'":                      "INVALID_QUERY",
		"select id from Contacts where Nothing = '1'":                      "INVALID_QUERY",
		"select id from Contacts where id = 'one'":                         "INVALID_QUERY",
		"select id from Contacts where Modified_Time > '2026-11-22'":       "INVALID_QUERY",
		"select id from Contacts where Description = 'x'":                  "INVALID_QUERY",
		"select id from Contacts where id is not null order by Nothing":    "INVALID_QUERY",
		"select id from Contacts where id is not null limit 2001":          "LIMIT_EXCEEDED",
		"select id from Contacts where id is not null limit 99999, 2":      "LIMIT_EXCEEDED",
		"select " + fields + " from Contacts where id is not null":         "LIMIT_EXCEEDED",
	} {
		r.want(r.query(query), 400, code)
	}
	r.want(r.do("POST", "/crm/v8/coql", `{"query":"x"}`), 400, "MANDATORY_NOT_FOUND")
}

func TestCOQLSweepsAndCosts(t *testing.T) {
	r := checked(t, Options{Contacts: 2300, Seed: 1})
	last, seen := "0", 0
	for {
		before := r.Credits()
		got := r.query("select id from Contacts where id > '" + last + "' order by id asc limit 0, 2000")
		if cost := r.Credits() - before; cost != 3 {
			t.Errorf("2,000 rows cost %d credits", cost)
		}
		list := got.list("data")
		seen += len(list)
		if got.info("more_records") != true {
			break
		}
		last = list[len(list)-1]["id"].(string)
	}
	if seen != 2300 {
		t.Errorf("%d ids", seen)
	}
	before := r.Credits()
	r.query("select id from Contacts where id is not null")
	if r.Credits()-before != 1 {
		t.Errorf("200 rows cost %d credits", r.Credits()-before)
	}
}

func FuzzCOQL(f *testing.F) {
	f.Add("select id from Contacts where (id > '1' and Email is not null) or Last_Name like '%a' order by id desc limit 1, 2")
	f.Add("select a.b, $c from D where x not in ('1', 2) and y between 1 and '\\''")
	f.Fuzz(func(t *testing.T, query string) {
		st, wrong := parseCOQL(query)
		if wrong == "" && (len(st.fields) == 0 || st.module == "" || st.where.size() == 0) {
			t.Errorf("%q parses to nothing", query)
		}
	})
}

func TestComposite(t *testing.T) {
	r := checked(t, Options{Contacts: 3, Seed: 1})
	body := `{"__composite_requests":[
		{"sub_request_id":"a","method":"GET","uri":"/crm/v8/Contacts","params":{"fields":"id","per_page":2}},
		{"sub_request_id":"b","method":"GET","uri":"/crm/v8/Contacts","params":{"fields":"id"},"headers":{"If-Modified-Since":"2026-11-22T12:00:00+01:00"}},
		{"sub_request_id":"c","method":"GET","uri":"/crm/v8/Tasks?fields=id"},
		{"sub_request_id":"d","method":"GET","uri":"/crm/v8/Contacts"},
		{"sub_request_id":"e","method":"POST","uri":"/crm/v8/Contacts","body":{"data":[{"Last_Name":"New"}]}}]}`
	before := r.Credits()
	got := r.want(r.do("POST", "/crm/v8/__composite_requests", body), 200, "")
	if r.Credits()-before != 1 {
		t.Errorf("five calls cost %d credits", r.Credits()-before)
	}
	var codes []any
	for _, part := range got.list("__composite_requests") {
		codes = append(codes, part["details"].(map[string]any)["response"].(map[string]any)["status_code"])
	}
	if fmt.Sprint(codes) != "[200 304 204 400 201]" || len(r.Records("Contacts")) != 4 {
		t.Error(codes)
	}
	r.want(r.do("POST", "/crm/v8/__composite_requests", `{"__composite_requests":[{"method":"GET","uri":"/crm/v8/org"},{"method":"GET","uri":"/crm/v2/org"}]}`), 207, "")
	six := strings.TrimSuffix(strings.Repeat(`{"method":"GET","uri":"/crm/v8/org"},`, 6), ",")
	r.want(r.do("POST", "/crm/v8/__composite_requests", `{"__composite_requests":[`+six+`]}`), 400, "LIMIT_EXCEEDED")
	two := `{"__composite_requests":[{"method":"POST","uri":"/crm/v8/Contacts","body":{"data":[{"Last_Name":"A"},{"Last_Name":"B"}]}}]}`
	if got := r.do("POST", "/crm/v8/__composite_requests", two); got.status != 400 || len(r.Records("Contacts")) != 4 {
		t.Errorf("two records in one part: %d", got.status)
	}
}

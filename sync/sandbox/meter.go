package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Request is one line of the sandbox's log.
type Request struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Query   string    `json:"query,omitempty"` // of the CRM only
	Status  int       `json:"status"`          // 0: the connection was cut
	Credits int       `json:"credits,omitempty"`
	Fault   string    `json:"fault,omitempty"`
	At      time.Time `json:"at"`
}

// edition is one row of Zoho's table of API limits (https://www.zoho.com/crm/help/api/api-limits.html).
type edition struct {
	base, perUser, most int // credits per 24 hours
	atOnce              int // active calls
}

// seats is how many licences the organisation has bought.
const seats = 5

// complexAtOnce is the sub-concurrency limit, the same in every edition.
const complexAtOnce = 10

func editionNamed(name string) edition {
	switch name {
	case "free":
		return edition{base: 5000, most: 5000, atOnce: 5}
	case "standard":
		return edition{base: 50000, perUser: 250, most: 100000, atOnce: 10}
	case "professional":
		return edition{base: 50000, perUser: 500, most: 3000000, atOnce: 15}
	case "ultimate":
		return edition{base: 50000, perUser: 2000, most: 1 << 30, atOnce: 25}
	}
	return edition{base: 50000, perUser: 1000, most: 5000000, atOnce: 20}
}

// meter counts credits in a rolling day, calls at once, mails and requests.
type meter struct {
	limit, atOnce int
	unlimited     bool
	spent         []spending // of the last 24 hours, oldest first
	used, total   int
	active, hard  int // units of calls in progress; hard: the complex ones
	mails         int
	automations   int
	log           []Request
}

type spending struct {
	at      time.Time
	credits int
}

func newMeter(o Options) *meter {
	e := editionNamed(o.Edition)
	m := &meter{limit: min(e.base+e.perUser*seats, e.most), atOnce: e.atOnce, unlimited: o.Unlimited}
	if o.Credits > 0 {
		m.limit = o.Credits
	}
	return m
}

// settle forgets what was spent more than a day ago.
func (m *meter) settle(now time.Time) {
	for len(m.spent) > 0 && now.Sub(m.spent[0].at) >= 24*time.Hour {
		m.used -= m.spent[0].credits
		m.spent = m.spent[1:]
	}
}

func (m *meter) exhausted(now time.Time) bool {
	m.settle(now)
	return !m.unlimited && m.used >= m.limit
}

func (m *meter) charge(now time.Time, credits int) {
	m.used += credits
	m.total += credits
	// One entry a minute keeps the list short.
	minute := now.Truncate(time.Minute)
	if n := len(m.spent); n > 0 && m.spent[n-1].at.Equal(minute) {
		m.spent[n-1].credits += credits
		return
	}
	m.spent = append(m.spent, spending{at: minute, credits: credits})
}

// remaining is the value of X-API-CREDITS-REMAINING, which Zoho sends once half of the credits are used.
func (m *meter) remaining() (string, bool) {
	if m.unlimited || m.used*2 < m.limit {
		return "", false
	}
	return strconv.Itoa(max(m.limit-m.used, 0)), true
}

// weigh says how many units of concurrency a request takes, and whether it is one of the complex calls.
func weigh(r *http.Request, body []byte) (units int, hard bool) {
	path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/crm/v8"), "/")
	query := r.URL.Query()
	switch {
	case path == "__composite_requests":
		return 5, true
	case path == "coql", strings.HasSuffix(path, "/search"), query.Has("sort_by"), query.Has("cvid"):
		return 1, true
	case r.Method == http.MethodPost || r.Method == http.MethodPut:
		return 1, countRecords(body) > 10
	}
	return 1, false
}

func countRecords(body []byte) int {
	if !bytes.Contains(body, []byte(`"data"`)) {
		return 0
	}
	var outer struct{ Data []json.RawMessage }
	if json.Unmarshal(body, &outer) != nil {
		return 0
	}
	return len(outer.Data)
}

// enter counts a call that begins; the message says which limit refuses it.
func (m *meter) enter(units int, hard bool) (message string) {
	switch {
	case m.unlimited:
	case m.active+units > m.atOnce:
		return "You have reached the limit of concurrent requests"
	case hard && m.hard >= complexAtOnce:
		return "You have reached the limit of sub-concurrent requests"
	}
	m.active += units
	if hard {
		m.hard++
	}
	return ""
}

func (m *meter) leave(units int, hard bool) {
	m.active -= units
	if hard {
		m.hard--
	}
}

package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Limits of COQL (https://www.zoho.com/crm/developer/docs/api/v8/COQL-Limitations.html).
const (
	coqlRows     = 200
	coqlMaxRows  = 2000
	coqlMaxReach = 100000
	coqlMaxTests = 25
)

var coqlToken = regexp.MustCompile(`\s*('(?:[^'\\]|\\.)*'|[A-Za-z_$][\w.$]*|-?\d+(?:\.\d+)?|<=|>=|!=|<>|[=<>(),])`)

// statement is a parsed query: select fields from module where test order by … limit offset, count.
type statement struct {
	fields        []string
	module        string
	where         test
	order         []ordering
	limit, offset int
}

type ordering struct {
	field string
	desc  bool
}

// test is a node of the where clause: either a comparison, or two tests joined.
type test struct {
	join        string // and, or; "" for a comparison
	left, right *test
	field, op   string
	values      []string
}

// coqlParser walks the tokens of one query.
type coqlParser struct {
	tokens []string
	at     int
	tests  int
	wrong  string // the clause in which the query is wrong
}

func parseCOQL(query string) (statement, string) {
	p := &coqlParser{}
	rest := strings.TrimSpace(query)
	for rest != "" {
		found := coqlToken.FindStringSubmatchIndex(rest)
		if found == nil || found[0] != 0 {
			return statement{}, "select"
		}
		p.tokens = append(p.tokens, rest[found[2]:found[3]])
		rest = strings.TrimSpace(rest[found[1]:])
	}
	st := p.statement()
	if p.wrong == "" && p.at < len(p.tokens) {
		p.fail("limit")
	}
	return st, p.wrong
}

func (p *coqlParser) fail(clause string) {
	if p.wrong == "" {
		p.wrong = clause
	}
}

func (p *coqlParser) peek() string {
	if p.at >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *coqlParser) next() string {
	token := p.peek()
	p.at++
	return token
}

// word eats a keyword.
func (p *coqlParser) word(want string) bool {
	if strings.EqualFold(p.peek(), want) {
		p.at++
		return true
	}
	return false
}

func (p *coqlParser) name(clause string) string {
	token := p.next()
	keyword := slices.Contains([]string{"select", "from", "where", "order", "by", "limit", "and", "or", "offset"}, strings.ToLower(token))
	if token == "" || keyword || !regexp.MustCompile(`^[A-Za-z_$]`).MatchString(token) {
		p.fail(clause)
	}
	return strings.TrimSuffix(token, ".id")
}

func (p *coqlParser) statement() (st statement) {
	st.limit = coqlRows
	if !p.word("select") {
		p.fail("select")
	}
	for {
		st.fields = append(st.fields, p.name("select"))
		if p.wrong != "" || !p.word(",") {
			break
		}
	}
	if !p.word("from") {
		p.fail("from")
	}
	st.module = p.name("from")
	if !p.word("where") {
		p.fail("where")
		return st
	}
	st.where = p.pair()
	if p.word("order") {
		st.order = p.ordering()
	}
	if p.word("limit") {
		st.limit = p.integer("limit")
		if p.word(",") {
			st.offset, st.limit = st.limit, p.integer("limit")
		}
	}
	if p.word("offset") {
		st.offset = p.integer("offset")
	}
	return st
}

func (p *coqlParser) integer(clause string) int {
	n, err := strconv.Atoi(p.next())
	if err != nil || n < 0 {
		p.fail(clause)
	}
	return n
}

func (p *coqlParser) ordering() (list []ordering) {
	if !p.word("by") {
		p.fail("order by")
	}
	for {
		o := ordering{field: p.name("order by")}
		if p.word("desc") {
			o.desc = true
		} else {
			p.word("asc")
		}
		list = append(list, o)
		if p.wrong != "" || !p.word(",") {
			return list
		}
	}
}

// pair reads one test, or two joined. A third needs brackets of its own: COQL has no precedence.
func (p *coqlParser) pair() test {
	left := p.unit()
	for _, join := range []string{"and", "or"} {
		if p.wrong == "" && p.word(join) {
			right := p.unit()
			return test{join: join, left: &left, right: &right}
		}
	}
	return left
}

func (p *coqlParser) unit() test {
	if p.word("(") {
		t := p.pair()
		if !p.word(")") {
			p.fail("where")
		}
		return t
	}
	return p.comparison()
}

func (p *coqlParser) comparison() test {
	p.tests++
	t := test{field: p.name("where"), op: strings.ToLower(p.next())}
	switch t.op {
	case "is":
		if p.word("not") {
			t.op = "is not"
		}
		if !p.word("null") {
			p.fail("where")
		}
		return t
	case "not":
		if !p.word("in") {
			p.fail("where")
		}
		t.op = "not in"
		t.values = p.values()
	case "in":
		t.values = p.values()
	case "between":
		t.values = []string{p.literal()}
		if !p.word("and") {
			p.fail("where")
		}
		t.values = append(t.values, p.literal())
	case "=", "!=", "<>", "<", "<=", ">", ">=", "like":
		t.values = []string{p.literal()}
	default:
		p.fail("where")
	}
	return t
}

func (p *coqlParser) values() (list []string) {
	if !p.word("(") {
		p.fail("where")
	}
	for p.wrong == "" {
		list = append(list, p.literal())
		if !p.word(",") {
			break
		}
	}
	if !p.word(")") {
		p.fail("where")
	}
	return list
}

func (p *coqlParser) literal() string {
	token := p.next()
	switch {
	case token == "" || strings.ContainsAny(token, "(),<>=") && token[0] != '\'':
		p.fail("where")
	case token[0] == '\'':
		return strings.NewReplacer(`\'`, "'", `\\`, `\`).Replace(token[1 : len(token)-1])
	}
	return token
}

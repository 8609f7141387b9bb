package local

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"zohosync/sync/contentline"
)

// filter is what a query asks for: components within each other in a calendar, properties in an address book. Where it
// cannot be told whether an object fits, it does: a query may return too much, but never hides anything.
type filter struct {
	Test  string       `xml:"test,attr"`
	Comps []compFilter `xml:"comp-filter"`
	Props []propFilter `xml:"prop-filter"`
}

// compFilter is that of RFC 4791 section 9.7.1.
type compFilter struct {
	Name       string       `xml:"name,attr"`
	NotDefined *struct{}    `xml:"is-not-defined"`
	Range      *timeRange   `xml:"time-range"`
	Props      []propFilter `xml:"prop-filter"`
	Comps      []compFilter `xml:"comp-filter"`
}

// propFilter is that of RFC 4791 section 9.7.2 and RFC 6352 section 10.5.1.
type propFilter struct {
	Name       string        `xml:"name,attr"`
	Test       string        `xml:"test,attr"`
	NotDefined *struct{}     `xml:"is-not-defined"`
	Range      *timeRange    `xml:"time-range"`
	Texts      []textMatch   `xml:"text-match"`
	Params     []paramFilter `xml:"param-filter"`
}

type paramFilter struct {
	Name       string      `xml:"name,attr"`
	NotDefined *struct{}   `xml:"is-not-defined"`
	Texts      []textMatch `xml:"text-match"`
}

type textMatch struct {
	Text      string `xml:",chardata"`
	Collation string `xml:"collation,attr"`
	Type      string `xml:"match-type,attr"`
	Negate    string `xml:"negate-condition,attr"`
}

// known says whether we know every collation that is asked for.
func (f *filter) known() bool {
	return !slices.ContainsFunc(f.Comps, compFilter.unknown) && !slices.ContainsFunc(f.Props, propFilter.unknown)
}

func (f compFilter) unknown() bool {
	return slices.ContainsFunc(f.Comps, compFilter.unknown) || slices.ContainsFunc(f.Props, propFilter.unknown)
}

func (f propFilter) unknown() bool {
	return slices.ContainsFunc(f.Texts, textMatch.unknown) ||
		slices.ContainsFunc(f.Params, func(p paramFilter) bool { return slices.ContainsFunc(p.Texts, textMatch.unknown) })
}

func (t textMatch) unknown() bool {
	return !slices.Contains([]string{"", "default", "i;octet", "i;ascii-casemap", "i;unicode-casemap"}, t.Collation)
}

// fits says whether an object is what the filter asks for.
func (f *filter) fits(o object, zone *time.Location) bool {
	if f.trivial() {
		return true
	}
	file, err := contentline.Parse(o.body)
	if err != nil || len(file.Roots()) == 0 {
		return true
	}
	root := file.Roots()[0]
	if o.component == card {
		return some(f.Test != "allof", f.Props, func(p propFilter) bool { return p.fits(root, moments{zone: zone}) })
	}
	for _, c := range f.Comps {
		if !c.fits([]*contentline.Component{root}, moments{zone: zone}) {
			return false
		}
	}
	return true
}

// trivial says that everything fits, which is how clients ask for all.
func (f *filter) trivial() bool {
	return len(f.Props) == 0 && !slices.ContainsFunc(f.Comps, func(c compFilter) bool {
		return c.Name != "VCALENDAR" || c.NotDefined != nil || c.Range != nil || len(c.Props)+len(c.Comps) > 0
	})
}

// fits says whether one of the components, all of which stand side by side, is what the filter asks for.
func (f compFilter) fits(siblings []*contentline.Component, m moments) bool {
	for _, c := range siblings {
		if !strings.EqualFold(c.Name, f.Name) {
			continue
		}
		if f.NotDefined != nil {
			return false
		}
		if f.within(c, m) {
			return true
		}
	}
	return f.NotDefined != nil
}

func (f compFilter) within(c *contentline.Component, m moments) bool {
	if f.Range != nil && !f.Range.component(c, m) {
		return false
	}
	for _, p := range f.Props {
		if !p.fits(c, m) {
			return false
		}
	}
	for _, inner := range f.Comps {
		if !inner.fits(c.Children(""), m) {
			return false
		}
	}
	return true
}

// fits says whether one of the lines of that name is what the filter asks for.
func (f propFilter) fits(c *contentline.Component, m moments) bool {
	lines := c.All(f.Name)
	if f.NotDefined != nil {
		return len(lines) == 0
	}
	return slices.ContainsFunc(lines, func(l *contentline.Line) bool {
		if f.Range != nil && !f.Range.line(l, m) {
			return false
		}
		var tests []func() bool
		for _, t := range f.Texts {
			tests = append(tests, func() bool { return t.fits(contentline.Unescape(l.Value)) })
		}
		for _, p := range f.Params {
			tests = append(tests, func() bool { return p.fits(l) })
		}
		// CalDAV wants all of them; CardDAV any, unless it says otherwise.
		anyOf := c.Name == card && f.Test != "allof"
		return some(anyOf, tests, func(test func() bool) bool { return test() })
	})
}

func (f paramFilter) fits(l *contentline.Line) bool {
	values := l.Param(f.Name)
	if f.NotDefined != nil {
		return len(values) == 0
	}
	return slices.ContainsFunc(values, func(v string) bool {
		return !slices.ContainsFunc(f.Texts, func(t textMatch) bool { return !t.fits(v) })
	})
}

// some says whether any test holds, or all of them. Without tests everything fits.
func some[T any](anyOf bool, list []T, holds func(T) bool) bool {
	if anyOf && len(list) > 0 {
		return slices.ContainsFunc(list, holds)
	}
	return !slices.ContainsFunc(list, func(one T) bool { return !holds(one) })
}

// fits compares by the collation of RFC 4790 and RFC 5051 that is asked for.
func (t textMatch) fits(v string) bool {
	fold := cases.Fold().String
	if t.Collation == "i;octet" {
		fold = func(s string) string { return s }
	}
	v, text := fold(v), fold(t.Text)
	holds := false
	switch t.Type {
	case "equals":
		holds = v == text
	case "starts-with":
		holds = strings.HasPrefix(v, text)
	case "ends-with":
		holds = strings.HasSuffix(v, text)
	default:
		holds = strings.Contains(v, text)
	}
	return holds != (t.Negate == "yes")
}

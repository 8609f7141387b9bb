package plan

import "slices"

// group holds the items of both sides that share keys, directly or through others.
type group [2][]*Seen

// groups divides items into those that share no key with each other, in the order of the items.
func groups(items [2][]*Seen, keys func(Side, *Seen) []string) []group {
	parent := map[string]string{}
	var root func(string) string
	root = func(key string) string {
		for parent[key] != key {
			parent[key] = parent[parent[key]]
			key = parent[key]
		}
		return key
	}
	for _, s := range Sides {
		for _, it := range items[s] {
			own := keys(s, it)
			for i, key := range own {
				if _, known := parent[key]; !known {
					parent[key] = key
				}
				if i > 0 {
					parent[root(key)] = root(own[0])
				}
			}
		}
	}
	var out []group
	at := map[string]int{}
	for _, s := range Sides {
		for _, it := range items[s] {
			own := keys(s, it)
			if len(own) == 0 {
				continue
			}
			i, known := at[root(own[0])]
			if !known {
				i = len(out)
				at[root(own[0])] = i
				out = append(out, group{})
			}
			out[i][s] = append(out[i][s], it)
		}
	}
	return out
}

// byKeys groups what is left by shared keys, and with those that it was asked about and that nobody decided, however little
// they are alike since: a person who edits one of them does not say that they are two. A group of one and one that fits is a
// link, a group on one side only stays for later, everything else is ambiguous. With twins, an item that shares a key with one
// already linked is too, and what only a question joins may be a link by the keys that come next.
func (m *matcher) byKeys(keys keyFunc, by Reason, twins bool) {
	rest := [2][]*Seen{m.rest(Left), m.rest(Right)}
	if twins {
		rest = m.open
	}
	joins := func(s Side, it *Seen) []string {
		out := keys(m.rules, it.Record)
		if !m.taken[it] {
			out = append(out, m.rules.Answers.doubts[s][it.ID]...)
		}
		return out
	}
	for _, g := range groups(rest, joins) {
		open := [2][]*Seen{}
		for _, s := range Sides {
			for _, it := range g[s] {
				if !m.taken[it] {
					open[s] = append(open[s], it)
				}
			}
		}
		one := len(g[Left]) == 1 && len(g[Right]) == 1 && len(open[Left]) == 1 && len(open[Right]) == 1
		fits := one && m.rules.fit(open[Left][0], open[Right][0])
		switch {
		case len(open[Left])+len(open[Right]) == 0 || len(g[Left]) == 0 || len(g[Right]) == 0:
		case fits && m.rules.share(keys, open[Left][0], open[Right][0]):
			m.link(open[Left][0], open[Right][0], by)
		case fits && twins:
		default:
			m.doubts(open)
		}
	}
}

// share: both have a key in common.
func (r Rules) share(keys keyFunc, a, b *Seen) bool {
	theirs := keys(r, b.Record)
	return slices.ContainsFunc(keys(r, a.Record), func(k string) bool { return slices.Contains(theirs, k) })
}

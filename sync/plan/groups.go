package plan

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

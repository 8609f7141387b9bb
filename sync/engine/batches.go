package engine

import "zohosync/sync/record"

// batches divides writes into those that are intended and sent together. What lives in one object stays together, so that
// the object is read and written once, and its before-image is that of all of them.
func batches(jobs []job) [][]job {
	var order []record.ID
	groups := map[record.ID][]job{}
	for _, j := range jobs {
		id := j.object()
		if id != "" && groups[id] == nil {
			order = append(order, id)
		}
		if id == "" {
			order = append(order, "")
		}
		groups[id] = append(groups[id], j)
	}
	var out [][]job
	var part []job
	free := groups[""]
	for _, id := range order {
		together := groups[id]
		if id == "" {
			together, free = free[:1], free[1:]
		}
		if len(part) > 0 && len(part)+len(together) > batch {
			out, part = append(out, part), nil
		}
		part = append(part, together...)
	}
	if len(part) > 0 {
		out = append(out, part)
	}
	return out
}

// object is what the written item lives in; "" for one that is not there yet.
func (j job) object() record.ID {
	it := j.step.Triple.Items[j.side]
	switch {
	case it == nil || j.act.Write.Op == record.Create:
		return ""
	case it.Group != "":
		return it.Group
	}
	return it.ID
}

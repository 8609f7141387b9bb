package plan

import "zohosync/sync/record"

// Drift lists the mapped fields of a link, by side, that differ although neither side changed them since both agreed: a
// sync that looks for changes alone never sees them. What one side cannot hold is no drift.
func Drift(t Triple, r Rules) (fields [2][]record.Field) {
	if !t.Items[Left].Here() || !t.Items[Right].Here() || t.Held != "" {
		return fields
	}
	for _, row := range r.rows() {
		left, right := t.Items[Left].Record[row.Left], t.Items[Right].Record[row.Right]
		base := [2]string{t.Base[Left][row.Left], t.Base[Right][row.Right]}
		news := left != base[Left] || right != base[Right]
		stays := t.Base[Left][stays(row.Left)] != "" || t.Base[Right][stays(row.Right)] != ""
		if news || stays || r.same(row, left, right) || r.untitled(row, left, right) {
			continue
		}
		fields[Left], fields[Right] = append(fields[Left], row.Left), append(fields[Right], row.Right)
	}
	return fields
}

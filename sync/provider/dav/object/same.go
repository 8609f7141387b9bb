package object

import (
	"strings"

	"zohosync/sync/contentline"
)

// Same says whether two objects are versions of one: they hold the same UIDs (RFC 5545 section 3.8.4.7, RFC 6350 section
// 6.7.6). Objects without any are taken for the same.
func Same(a, b []byte) bool { return uids(a) == uids(b) }

func uids(body []byte) string {
	f, err := contentline.Parse(body)
	if err != nil {
		return ""
	}
	var out []string
	for _, root := range f.Roots() {
		if l := root.First("UID"); l != nil {
			out = append(out, l.Value)
		}
		for _, c := range root.Children("") {
			if l := c.First("UID"); l != nil && (len(out) == 0 || out[len(out)-1] != l.Value) {
				out = append(out, l.Value)
			}
		}
	}
	return strings.Join(out, "\n")
}

package record

import (
	"strings"
	"testing"
)

func TestMarkShort(t *testing.T) {
	whole := Mark(strings.Repeat("ä", 255))
	if whole.Short() != whole {
		t.Error("a mark that fits is changed")
	}
	a, b := (whole + "a").Short(), (whole + "b").Short()
	if a == b {
		t.Error("two long marks become one")
	}
	if a != a.Short() || a != (whole+"a").Short() || len(a) > 255 {
		t.Errorf("the short form %q is not stable or not short", a)
	}
}

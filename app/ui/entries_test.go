package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

// listed is a window with a list.
func listed(t *testing.T, lines ...string) (*opened, *entries, *[]string) {
	t.Helper()
	var list *entries
	chosen := &[]string{}
	o := english(t, ready()).put(func(k *kit, _ string) view {
		list = k.entries(func(key string) { *chosen = append(*chosen, key) })
		list.set(lined(lines...))
		return view{title: "List", content: frame(nil, 0, list, nil), size: fyne.NewSize(300, 200)}
	})
	return o, list, chosen
}

// lined makes a title of what begins with "=", else a line.
func lined(lines ...string) []entryItem {
	var items []entryItem
	for _, l := range lines {
		items = append(items, entryItem{key: l, title: l, head: l[0] == '='})
	}
	return items
}

func TestEntriesStepOverTitles(t *testing.T) {
	o, list, chosen := listed(t, "=A", "1", "=B", "2", "3")
	if list.chosen != "1" {
		t.Fatalf("at first %q is chosen", list.chosen)
	}
	o.kit.focus(list)
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyDown} {
		key(o, name)
	}
	if got := fmt.Sprint(*chosen); got != "[2 3 2 1 2]" {
		t.Errorf("chosen were %s", got)
	}
}

func TestEntriesAreChosenByClickAndSpace(t *testing.T) {
	o, list, chosen := listed(t, "=A", "1", "2")
	list.Select(2)
	list.Select(0) // a title
	list.Select(2) // chosen already
	list.Select(1)
	o.kit.focus(list)
	list.Highlight(2)
	key(o, fyne.KeySpace)
	if got := fmt.Sprint(*chosen); got != "[2 1 2]" {
		t.Errorf("chosen were %s", got)
	}
}

func TestEntriesKeepTheirPlace(t *testing.T) {
	var lines []string
	for i := range 50 {
		lines = append(lines, fmt.Sprint("line ", i))
	}
	_, list, _ := listed(t, lines...)
	list.ScrollToOffset(400)
	list.Select(12)
	at := list.GetScrollOffset()
	list.set(lined(append([]string{"=new", "line -1"}, lines...)...))
	if list.chosen != "line 12" || list.GetScrollOffset() != at {
		t.Errorf("%q is chosen at %v instead of %v", list.chosen, list.GetScrollOffset(), at)
	}
	list.set(lined(lines[:3]...))
	if list.chosen != "line 2" {
		t.Errorf("%q is chosen when the list got short", list.chosen)
	}
	list.set(nil)
	if list.chosen != "" {
		t.Errorf("%q is chosen in an empty list", list.chosen)
	}
}

// TestEveryStateHasItsOwnShape: colour alone tells nobody anything.
func TestEveryStateHasItsOwnShape(t *testing.T) {
	seen := map[string]bool{}
	for m := markInStep; m <= markOffline; m++ {
		icon, token := m.look()
		if icon == nil || seen[icon.Name()] || token == "" {
			t.Errorf("mark %d looks like another", m)
			continue
		}
		seen[icon.Name()] = true
	}
}

package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/plan"
)

// showing opens a window with one page.
func showing(t *testing.T, size fyne.Size, make func(k *kit) fyne.CanvasObject) *opened {
	t.Helper()
	return english(t, ready()).put(func(k *kit, _ string) view {
		return view{title: "Parts", size: size, content: container.NewStack(make(k))}
	})
}

const long = "These words are longer than the window is wide, so that they go on for several lines, however the window is laid out."

func TestWordsKnowTheirHeightAtOnce(t *testing.T) {
	var first, second *text
	showing(t, fyne.NewSize(300, 400), func(*kit) fyne.CanvasObject {
		first, second = body(long), body(long)
		return stack(4, stack(0, columns([]float32{rest, 40}, first, gap(0))), second)
	})
	if least := first.MinSize().Height; first.Size().Height < least || least < 40 {
		t.Errorf("%v high, needs %v", first.Size().Height, least)
	}
	if second.Position().Y < first.Size().Height {
		t.Error("the second paragraph lies on the first")
	}
}

func TestFreeTextStartsWhereBoxesStart(t *testing.T) {
	o := showing(t, fyne.NewSize(300, 100), func(k *kit) fyne.CanvasObject { return stack(0, body("Words"), newBar(1)) })
	found := 0
	each(o.kit.window.Canvas().Content(), func(n node) {
		switch n.object.(type) {
		case *text, *bar, *canvas.Text:
			found++
			if n.at.X != 0 {
				t.Errorf("%T starts at %v", n.object, n.at.X)
			}
		}
	})
	if found != 3 {
		t.Errorf("%d things found", found)
	}
	if got := body("Words").MinSize().Height; got > 22 {
		t.Errorf("a line is %v high: it has padding", got)
	}
}

func TestRowHasThreeColumns(t *testing.T) {
	var box *choice
	var end *link
	o := showing(t, fyne.NewSize(712, 200), func(k *kit) fyne.CanvasObject {
		box, end = k.choice([]string{"One", "Two"}, 0, nil), k.link("Change…", nil)
		return stack(0, k.row("Categories", box, end, caption(long)))
	})
	at := map[fyne.CanvasObject]box2{}
	each(o.kit.window.Canvas().Content(), func(n node) { at[n.object] = box2(boxOf(n.at, n.object.Size())) })
	if b := at[box]; b.left != 184 || b.right != 600 {
		t.Errorf("the control goes from %v to %v", b.left, b.right)
	}
	if b := at[end]; b.right != 712 {
		t.Errorf("the link ends at %v", b.right)
	}
	if faults := faults(o); len(faults) > 0 {
		t.Error(faults)
	}
}

type box2 box

func TestFooterWrapsItsLinkWhereItIsNarrow(t *testing.T) {
	for width, wrapped := range map[float32]bool{600: false, 300: true} {
		var left *link
		var ok *button
		showing(t, fyne.NewSize(width, 300), func(k *kit) fyne.CanvasObject {
			left, ok = k.link("Other ways to sign in…", nil), k.primary("Open Zoho’s page", nil)
			return frame(nil, 0, fixedPage(body("Words")), footer(left, ok))
		})
		if above := left.Position().Y+left.Size().Height <= 24 && left.Size().Width > 250; above != wrapped {
			t.Errorf("%v wide: the link is at %v, %v", width, left.Position(), left.Size())
		}
	}
}

func TestFrameHasNoGaps(t *testing.T) {
	var page, foot, list fyne.CanvasObject
	showing(t, fyne.NewSize(700, 400), func(k *kit) fyne.CanvasObject {
		page, foot, list = fixedPage(body("Words")), footer(nil, k.primary("OK", nil)), k.side([]sideItem{{id: "a", label: "A"}}, "a", nil)
		return frame(list, 228, page, foot)
	})
	if page.Position().X != 229 || page.Size().Width != 471 {
		t.Errorf("the page is at %v, %v", page.Position(), page.Size())
	}
	if bottom := page.Position().Y + page.Size().Height; foot.Position().Y != bottom+1 || foot.Size().Width != 700 {
		t.Errorf("the page ends at %v, the footer is at %v, %v", bottom, foot.Position(), foot.Size())
	}
}

func TestWhatGetsTheFocusIsScrolledIntoView(t *testing.T) {
	var last *button
	var scroll *container.Scroll
	o := showing(t, fyne.NewSize(300, 200), func(k *kit) fyne.CanvasObject {
		last = k.button("Last", nil)
		page := k.page(k.button("First", nil), gap(600), last).(*fyne.Container)
		scroll = page.Objects[0].(*container.Scroll)
		return page
	})
	o.kit.focus(last)
	if scroll.Offset.Y < 400 {
		t.Errorf("scrolled to %v", scroll.Offset.Y)
	}
	first, _ := find[*button](o, "First")
	o.kit.focus(first)
	if scroll.Offset.Y != 0 {
		t.Errorf("scrolled back to %v", scroll.Offset.Y)
	}
}

func TestBar(t *testing.T) {
	b := newBar(0.5)
	showing(t, fyne.NewSize(200, 50), func(*kit) fyne.CanvasObject { return stack(0, b) })
	for done, want := range map[float32]float32{0: 0, 0.25: 50, 1: 200, 7: 200, -1: 0} {
		b.set(done)
		if got := b.on.Size().Width; got != want || b.on.Visible() != (want > 0) {
			t.Errorf("%v: %v wide, visible %v", done, got, b.on.Visible())
		}
	}
	if b.track.Size() != fyne.NewSize(200, 6) {
		t.Errorf("the track is %v", b.track.Size())
	}
}

func TestRadiosAreChosenByKeys(t *testing.T) {
	var group *radios
	var chosen []int
	var inner *entry
	o := showing(t, fyne.NewSize(400, 300), func(k *kit) fyne.CanvasObject {
		inner = k.entry("", "", nil)
		group = k.radios([]option{{label: "One"}, {label: "Two", caption: long, inner: inner}, {label: "Three"}}, 0, func(i int) { chosen = append(chosen, i) })
		return fixedPage(group)
	})
	if inner.Visible() {
		t.Error("the second option is unfolded at first")
	}
	o.kit.focus(group.rows[0])
	key(o, fyne.KeyDown)
	if !inner.Visible() || inner.Size().Height < 20 {
		t.Errorf("the second option is not unfolded: %v", inner.Size())
	}
	key(o, fyne.KeyDown)
	key(o, fyne.KeyDown)
	key(o, fyne.KeyUp)
	key(o, fyne.KeySpace)
	if !slices.Equal(chosen, []int{1, 2, 0, 2}) {
		t.Errorf("chosen %v", chosen)
	}
	if o.kit.window.Canvas().Focused() != group.rows[2] {
		t.Error("the focus does not follow the choice")
	}
	group.enable(false)
	group.rows[1].Tapped(nil)
	if group.chosen != 2 {
		t.Error("a group that is switched off changes")
	}
	if faults := faults(o); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestSideListStepsOverTitles(t *testing.T) {
	var list *side
	var chosen []string
	items := []sideItem{
		{id: "a", label: "A"}, {label: "TITLE", head: true},
		{id: "b", label: "B", arrow: iconDirection(plan.Both), other: "C", count: "3"}, {id: "c", label: "C"},
	}
	o := showing(t, fyne.NewSize(228, 300), func(k *kit) fyne.CanvasObject {
		list = k.side(items, "a", func(id string) { chosen = append(chosen, id) })
		return list
	})
	o.kit.focus(list)
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeySpace, fyne.KeyDown, fyne.KeySpace, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeySpace} {
		key(o, name)
	}
	if !slices.Equal(chosen, []string{"b", "c", "a"}) {
		t.Errorf("chosen %v", chosen)
	}
	list.Select(1)
	if list.chosen != "a" {
		t.Error("a title was chosen")
	}
	list.choose("b")
	list.set(append([]sideItem{{id: "z", label: "Z"}}, items...))
	if list.chosen != "b" || chosen[len(chosen)-1] != "b" || len(chosen) != 4 {
		t.Errorf("after a line was put in, %q is chosen; told %v", list.chosen, chosen)
	}
	bold := map[string]bool{}
	each(o.kit.window.Canvas().Content(), func(n node) {
		if w, ok := n.object.(*text); ok {
			bold[w.part.Text] = w.part.Style.TextStyle.Bold
		}
	})
	if !bold["B"] || bold["A"] {
		t.Errorf("bold: %v", bold)
	}
}

func TestAProblemShowsItsRawWordsOnRequest(t *testing.T) {
	s := english(t, ready())
	o := s.put(func(k *kit, _ string) view {
		return view{title: "P", size: fyne.NewSize(400, 300), content: container.NewStack(
			fixedPage(k.problem(Explained{Code: "gone", Sentence: "It is gone.", Next: "Look.", Detail: "404: " + long})))}
	})
	if says(o, "404: "+long) {
		t.Error("the raw words are shown unasked")
	}
	s.press(o, "Details (code gone)")
	if !says(o, "404: "+long) {
		t.Error("the raw words are not shown")
	}
	if faults := faults(o); len(faults) > 0 {
		t.Error(faults)
	}
	s.press(o, "Copy")
	if got := s.app.Clipboard().Content(); !strings.HasPrefix(got, "gone\n404") {
		t.Errorf("copied %q", got)
	}
	s.press(o, "Details (code gone)")
	if says(o, "404: "+long) {
		t.Error("the raw words stay")
	}
}

func TestFaultsAreFound(t *testing.T) {
	o := showing(t, fyne.NewSize(200, 100), func(*kit) fyne.CanvasObject {
		cut := container.NewWithoutLayout(line("Cut at the right end"), line("Lies on it"))
		for _, one := range cut.Objects {
			one.Resize(one.MinSize())
		}
		cut.Objects[0].Move(fyne.NewPos(150, 0))
		cut.Objects[1].Move(fyne.NewPos(150, 4))
		return cut
	})
	found := strings.Join(faults(o), "\n")
	for _, want := range []string{"sticks out", "lies on"} {
		if !strings.Contains(found, want) {
			t.Errorf("not found: %s in %q", want, found)
		}
	}
}

func TestIconsDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, r := range []fyne.Resource{iconDirection(plan.Both), iconDirection(plan.ToLeft), iconDirection(plan.ToRight), iconPaused(), iconError(), iconWarning(), iconQuestion()} {
		if other := seen[string(r.Content())]; other != "" {
			t.Errorf("%s looks like %s", r.Name(), other)
		}
		seen[string(r.Content())] = r.Name()
	}
	if noteIcon(noteWarning).Name() == noteIcon(noteError).Name() || noteIcon(noteInfo) != theme.InfoIcon() {
		t.Error("kinds of notes look the same")
	}
}

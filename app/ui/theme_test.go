package ui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// TestContrast: words have 4.5:1 on what they stand on, what is switched off and the frame of a field 3:1 (WCAG 2.1).
func TestContrast(t *testing.T) {
	test.NewTempApp(t)
	pairs := []struct {
		front, back fyne.ThemeColorName
		least       float64
	}{
		{theme.ColorNameForeground, theme.ColorNameBackground, 14.7},
		{theme.ColorNamePlaceHolder, theme.ColorNameBackground, 5.7},
		{theme.ColorNameDisabled, theme.ColorNameBackground, 3.9},
		{theme.ColorNamePrimary, theme.ColorNameBackground, 6},
		{theme.ColorNameHyperlink, theme.ColorNameBackground, 6},
		{theme.ColorNameSuccess, theme.ColorNameBackground, 5.3},
		{theme.ColorNameWarning, theme.ColorNameBackground, 5.7},
		{theme.ColorNameError, theme.ColorNameBackground, 5.8},
		{theme.ColorNameInputBorder, theme.ColorNameBackground, 3},
		{theme.ColorNameForeground, theme.ColorNameHeaderBackground, 4.5},
		{theme.ColorNamePlaceHolder, theme.ColorNameHeaderBackground, 4.5},
		{theme.ColorNameForeground, theme.ColorNameOverlayBackground, 4.5},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground, 4.5},
		{theme.ColorNameForeground, theme.ColorNameButton, 4.5},
		{theme.ColorNameForeground, theme.ColorNameInputBackground, 4.5},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground, 4.5},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 4.5},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess, 4.5},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, 4.5},
		{theme.ColorNameForegroundOnError, theme.ColorNameError, 4.5},
	}
	for name, v := range map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark} {
		for _, p := range pairs {
			front, back := Theme().Color(p.front, v), Theme().Color(p.back, v)
			if got := contrast(front, back); got < p.least {
				t.Errorf("%s: %s on %s has %.1f:1, less than %.1f", name, p.front, p.back, got, p.least)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.1, 1.4.3.
func contrast(a, b color.Color) float64 {
	brighter, darker := luminance(a), luminance(b)
	if brighter < darker {
		brighter, darker = darker, brighter
	}
	return (brighter + 0.05) / (darker + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xFFFF
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestThemeFollowsTheSystemUnlessItIsFixed(t *testing.T) {
	test.NewTempApp(t)
	name := theme.ColorNameBackground
	light, dark := Theme().Color(name, theme.VariantLight), Theme().Color(name, theme.VariantDark)
	if light == dark {
		t.Error("light and dark look the same")
	}
	if got := fixedTheme(theme.VariantDark).Color(name, theme.VariantLight); got != dark {
		t.Errorf("the fixed theme is %v, not dark", got)
	}
}

func TestFynesOwnColoursFillTheRest(t *testing.T) {
	test.NewTempApp(t)
	want := theme.DefaultTheme().Color(theme.ColorNameHover, theme.VariantDark)
	if got := fixedTheme(theme.VariantDark).Color(theme.ColorNameHover, theme.VariantLight); got != want {
		t.Errorf("hover is %v, not %v", got, want)
	}
}

// TestAWindowFollowsTheTheme: what this package draws itself changes its colours while it is shown.
func TestAWindowFollowsTheTheme(t *testing.T) {
	s := english(t, nil)
	o := s.put(gallery)
	before := colours(o)
	s.app.Settings().SetTheme(fixedTheme(theme.VariantDark))
	after := colours(o)
	for what := range before {
		if before[what] == after[what] {
			t.Errorf("%s kept its colour %v", what, before[what])
		}
	}
	if len(before) < 4 {
		t.Errorf("only %d colours seen", len(before))
	}
}

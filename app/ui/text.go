package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// text is words that stand freely: without Fyne's inner padding, so that they start where boxes start. Its height
// follows its width, so it is laid out by this package's own layouts.
type text struct {
	widget.BaseWidget
	rich *widget.RichText
	part *widget.TextSegment
}

// style says how a text looks; the zero style wraps in the normal size and colour.
type style struct {
	size  fyne.ThemeSizeName
	token fyne.ThemeColorName
	bold  bool
	line  bool // one line, never wrapped
	short bool // one line, cut with "…" where it does not fit
	align fyne.TextAlign
}

func newText(s string, as style) *text {
	if as.size == "" {
		as.size = theme.SizeNameText
	}
	if as.token == "" {
		as.token = theme.ColorNameForeground
	}
	t := &text{part: &widget.TextSegment{Text: s, Style: widget.RichTextStyle{
		Alignment: as.align, ColorName: as.token, SizeName: as.size, TextStyle: fyne.TextStyle{Bold: as.bold},
	}}}
	t.rich = widget.NewRichText(t.part)
	switch {
	case as.short:
		t.rich.Truncation = fyne.TextTruncateEllipsis
	case !as.line:
		t.rich.Wrapping = fyne.TextWrapWord
	}
	t.ExtendBaseWidget(t)
	return t
}

// body is a paragraph.
func body(s string) *text { return newText(s, style{}) }

// strong is a bold paragraph.
func strong(s string) *text { return newText(s, style{bold: true}) }

// caption is a small explanation below a control.
func caption(s string) *text {
	return newText(s, style{size: theme.SizeNameCaptionText, token: theme.ColorNamePlaceHolder})
}

// quiet is a paragraph in the colour of captions.
func quiet(s string) *text { return newText(s, style{token: theme.ColorNamePlaceHolder}) }

// line is one line that is never wrapped.
func line(s string) *text { return newText(s, style{line: true}) }

// heading is the title of a page, one each.
func heading(s string) *text { return newText(s, style{size: theme.SizeNameHeadingText, bold: true}) }

// subheading is the title of a question or of an empty pane.
func subheading(s string) *text {
	return newText(s, style{size: theme.SizeNameSubHeadingText, bold: true})
}

// set changes the words.
func (t *text) set(s string) {
	if s == t.part.Text {
		return
	}
	t.part.Text = s
	t.rich.Refresh()
	t.Refresh()
}

// tint changes the colour.
func (t *text) tint(token fyne.ThemeColorName) {
	if token == t.part.Style.ColorName {
		return
	}
	t.part.Style.ColorName = token
	t.rich.Refresh()
}

// embolden changes the weight.
func (t *text) embolden(bold bool) {
	if bold == t.part.Style.TextStyle.Bold {
		return
	}
	t.part.Style.TextStyle.Bold = bold
	t.rich.Refresh()
}

// AccessibilityLabel is what screen readers say.
func (t *text) AccessibilityLabel() string { return t.part.Text }

// AccessibilityRole is that of words.
func (t *text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to fyne.Widget.
func (t *text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{t} }

type textRenderer struct{ t *text }

func (r *textRenderer) pad() float32 { return theme.Size(theme.SizeNameInnerPadding) }

func (r *textRenderer) Layout(s fyne.Size) {
	r.t.rich.Move(fyne.NewPos(-r.pad(), -r.pad()))
	r.t.rich.Resize(s.AddWidthHeight(2*r.pad(), 2*r.pad()))
}

func (r *textRenderer) MinSize() fyne.Size {
	return r.t.rich.MinSize().SubtractWidthHeight(2*r.pad(), 2*r.pad())
}

func (r *textRenderer) Refresh()                     { r.t.rich.Refresh() }
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t.rich} }
func (r *textRenderer) Destroy()                     {}

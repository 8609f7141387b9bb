package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// look is Fyne's theme with colours that can be read (WCAG 2.1, 4.5:1 for text) and a tighter spacing.
type look struct {
	fyne.Theme
	colours map[fyne.ThemeColorName]shades
	fixed   *fyne.ThemeVariant // nil follows the system
}

// shades are one colour of the theme, as 0xRRGGBBAA.
type shades struct{ light, dark uint32 }

// Theme returns the theme of the windows. It is light or dark as the system is.
func Theme() fyne.Theme { return look{Theme: theme.DefaultTheme(), colours: palette()} }

// fixedTheme is Theme in one variant, whatever the system says.
func fixedTheme(v fyne.ThemeVariant) fyne.Theme {
	return look{Theme: theme.DefaultTheme(), colours: palette(), fixed: &v}
}

func palette() map[fyne.ThemeColorName]shades {
	return map[fyne.ThemeColorName]shades{
		theme.ColorNameBackground:          {0xFFFFFFFF, 0x16191DFF},
		theme.ColorNameHeaderBackground:    {0xF4F6F8FF, 0x1D2126FF}, // side lists, bars, notes
		theme.ColorNameOverlayBackground:   {0xFFFFFFFF, 0x20252BFF},
		theme.ColorNameMenuBackground:      {0xFFFFFFFF, 0x262C33FF},
		theme.ColorNameForeground:          {0x1F2933FF, 0xE8ECF0FF},
		theme.ColorNamePlaceHolder:         {0x5A6774FF, 0xA3AEBAFF}, // captions too
		theme.ColorNameDisabled:            {0x75818DFF, 0x87929EFF},
		theme.ColorNamePrimary:             {0x1F5FBFFF, 0x79AEFFFF},
		theme.ColorNameHyperlink:           {0x1F5FBFFF, 0x79AEFFFF},
		theme.ColorNameSuccess:             {0x1A7A48FF, 0x57C98AFF},
		theme.ColorNameWarning:             {0x955700FF, 0xF0B35AFF},
		theme.ColorNameError:               {0xBE2B2BFF, 0xFF8A80FF},
		theme.ColorNameForegroundOnPrimary: {0xFFFFFFFF, 0x0E1A2BFF},
		theme.ColorNameForegroundOnSuccess: {0xFFFFFFFF, 0x0E1A2BFF},
		theme.ColorNameForegroundOnWarning: {0xFFFFFFFF, 0x0E1A2BFF},
		theme.ColorNameForegroundOnError:   {0xFFFFFFFF, 0x2A0E0EFF},
		theme.ColorNameButton:              {0xE9EDF2FF, 0x2C333BFF},
		theme.ColorNameDisabledButton:      {0xF1F3F6FF, 0x21262CFF},
		theme.ColorNameInputBackground:     {0xF0F3F6FF, 0x22272DFF},
		theme.ColorNameInputBorder:         {0x87939FFF, 0x6B7682FF},
		theme.ColorNameSeparator:           {0xDCE2E8FF, 0x363E47FF},
		theme.ColorNameSelection:           {0x1F5FBF26, 0x79AEFF33},
		theme.ColorNameFocus:               {0x1F5FBF54, 0x79AEFF66},
	}
}

// Color returns a colour of the table, or Fyne's own.
func (l look) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if l.fixed != nil {
		v = *l.fixed
	}
	s, ok := l.colours[name]
	if !ok {
		return l.Theme.Color(name, v)
	}
	c := s.dark
	if v == theme.VariantLight {
		c = s.light
	}
	return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16), B: uint8(c >> 8), A: uint8(c)}
}

// Size returns sizes in steps of four, and text sizes.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameLineSpacing:
		return 2
	case theme.SizeNameHeadingText:
		return 20
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNameText:
		return 14
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameInlineIcon:
		return 18
	case theme.SizeNameSelectionRadius:
		return 0 // the selected row of a side list meets its bar
	}
	return l.Theme.Size(name)
}

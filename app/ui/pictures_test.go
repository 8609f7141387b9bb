package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"zohosync/assets"
)

// shot is one picture: it opens a window on a stage and brings it into a state.
type shot struct {
	name    string
	program func() Program
	take    func(s *stage) *opened
}

// shots lists every window in every state. Each window adds its own list.
func shots() []shot {
	var all []shot
	all = append(all, kitShots()...)
	all = append(all, logInShots()...)
	all = append(all, settingsShots()...)
	all = append(all, syncShots()...)
	all = append(all, guardShots()...)
	return all
}

// TestPictures draws every window and state in every language and finds words that are cut or lie on each other. With
// ZOHOSYNC_PICTURES it keeps the pictures in that folder, light and dark.
func TestPictures(t *testing.T) {
	folder := os.Getenv("ZOHOSYNC_PICTURES")
	variants := map[string]fyne.ThemeVariant{"light": theme.VariantLight}
	if folder != "" {
		variants["dark"] = theme.VariantDark
	}
	for _, one := range shots() {
		languages := assets.Languages()
		for _, language := range languages[:min(drawnIn, len(languages))] {
			for name, variant := range variants {
				file := fmt.Sprintf("%s-%s-%s", one.name, language, name)
				t.Run(file, func(t *testing.T) {
					o := one.take(newStage(t, one.program(), language, variant))
					for _, fault := range faults(o) {
						t.Error(fault)
					}
					if folder != "" {
						draw(t, o, filepath.Join(folder, file+".png"))
					}
				})
			}
		}
	}
}

// draw keeps what a window shows, at 150 %.
func draw(t *testing.T, o *opened, path string) {
	t.Helper()
	c := o.kit.window.Canvas().(test.WindowlessCanvas)
	c.SetScale(1.5)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, c.Capture()); err != nil {
		t.Fatal(err)
	}
}

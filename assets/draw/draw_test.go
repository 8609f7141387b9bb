package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// TestIconsAreAsDrawn: the files in assets/icons are what this program draws.
func TestIconsAreAsDrawn(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadDir("../icons")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(kept) {
		t.Errorf("%d files drawn, %d kept", len(entries), len(kept))
	}
	for _, e := range entries {
		drawn := read(t, filepath.Join(folder, e.Name()))
		there := read(t, filepath.Join("../icons", e.Name()))
		if filepath.Ext(e.Name()) == ".png" {
			if !alike(pixels(t, drawn), pixels(t, there)) {
				t.Errorf("%s is not as drawn: go generate ./assets", e.Name())
			}
		} else if !bytes.Equal(drawn, there) {
			t.Errorf("%s is not as drawn: go generate ./assets", e.Name())
		}
	}
}

func TestPaintFillsEvenOdd(t *testing.T) {
	square := polygon(0, 0, 8, 0, 8, 8, 0, 8)
	hole := rounded(1, 2, 2, 6, 2, 6, 6, 2, 6)
	img, err := paint(8, 8, []layer{{[]path{square + hole}, color.NRGBA{255, 0, 0, 255}}}, color.NRGBA{})
	if err != nil {
		t.Fatal(err)
	}
	if got := img.NRGBAAt(0, 0); got != (color.NRGBA{255, 0, 0, 255}) {
		t.Errorf("the rim is %v", got)
	}
	if got := img.NRGBAAt(4, 4); got.A != 0 {
		t.Errorf("the hole is %v", got)
	}
}

func TestPaintPutsTheHaloBehind(t *testing.T) {
	dot := circle(8, 8, 4)
	img, err := paint(16, 16, []layer{{[]path{dot}, color.NRGBA{255, 255, 255, 255}}}, color.NRGBA{0, 0, 0, 255})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		x int
		c color.NRGBA
	}{{8, color.NRGBA{255, 255, 255, 255}}, {12, color.NRGBA{0, 0, 0, 255}}, {15, color.NRGBA{}}} {
		if got := img.NRGBAAt(want.x, 8); got != want.c {
			t.Errorf("at %d: %v, want %v", want.x, got, want.c)
		}
	}
}

func TestPaintRefusesWhatItCannotDraw(t *testing.T) {
	for _, p := range []path{"M1 1 Q2 2 3 3 Z", "M1", "M1 1 L2 2", "A1 1 0 0 1 2 2", "M0 0 A1 2 0 0 1 2 2 Z"} {
		if _, err := paint(8, 8, []layer{{[]path{p}, color.NRGBA{A: 255}}}, color.NRGBA{}); err == nil {
			t.Errorf("%q was drawn", p)
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// alike allows for processors that round differently.
func alike(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if d := int(a[i]) - int(b[i]); d < -12 || d > 12 {
			return false
		}
	}
	return true
}

func pixels(t *testing.T, data []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.NRGBA).Pix
}

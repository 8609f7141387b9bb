package assets

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
)

func TestTrayIconsHaveContrast(t *testing.T) {
	for _, dark := range []bool{false, true} {
		panel := color.NRGBA{0xEC, 0xEF, 0xF2, 255}
		if dark {
			panel = color.NRGBA{0x22, 0x25, 0x2B, 255}
		}
		for _, s := range Shapes() {
			name, data := TrayIcon(s, dark)
			img := decode(t, name, data, 44)
			// The colour of most opaque pixels is the colour of the silhouette.
			counts := map[color.NRGBA]int{}
			var fill color.NRGBA
			for y := range 44 {
				for x := range 44 {
					if c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA); c.A == 255 {
						counts[c]++
						if counts[c] > counts[fill] {
							fill = c
						}
					}
				}
			}
			if got := contrast(fill, panel); got < 4.6 {
				t.Errorf("%s has a contrast of %.1f", name, got)
			}
			if counts[fill] < 200 {
				t.Errorf("%s is nearly empty: %d pixels", name, counts[fill])
			}
		}
	}
}

func TestSilhouettesDiffer(t *testing.T) {
	for i, a := range Shapes() {
		for _, b := range Shapes()[:i] {
			nameA, dataA := TrayIcon(a, true)
			nameB, dataB := TrayIcon(b, true)
			imgA, imgB := decode(t, nameA, dataA, 44), decode(t, nameB, dataB, 44)
			differ := 0
			for y := range 44 {
				for x := range 44 {
					_, _, _, alphaA := imgA.At(x, y).RGBA()
					_, _, _, alphaB := imgB.At(x, y).RGBA()
					if alphaA>>15 != alphaB>>15 {
						differ++
					}
				}
			}
			if differ < 150 {
				t.Errorf("%s and %s differ in %d pixels only", nameA, nameB, differ)
			}
		}
	}
}

func TestTemplatesAreSVG(t *testing.T) {
	for _, s := range Shapes() {
		name, data := TrayTemplate(s)
		var root struct {
			XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
			Paths   []struct {
				Fill string `xml:"fill,attr"`
			} `xml:"path"`
		}
		if err := xml.Unmarshal(data, &root); err != nil || len(root.Paths) == 0 {
			t.Errorf("%s: %v, %d paths", name, err, len(root.Paths))
		}
		for _, p := range root.Paths {
			if p.Fill != "#000000" {
				t.Errorf("%s is not black: %s", name, p.Fill)
			}
		}
	}
}

func TestAppIcon(t *testing.T) {
	name, data := AppIcon()
	decode(t, name, data, 256)
}

func decode(t *testing.T, name string, data []byte, size int) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if img.Bounds().Dx() != size || img.Bounds().Dy() != size {
		t.Fatalf("%s is %v, not %d pixels", name, img.Bounds(), size)
	}
	return img
}

// contrast is the ratio of WCAG 2.1, 1.4.3.
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

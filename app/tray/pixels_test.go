package tray

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"zohosync/assets"
)

func TestForNotifierKeepsEveryColour(t *testing.T) {
	for alpha := range 256 {
		for v := range 256 {
			deep := color.NRGBA64{deep(uint8(v), uint32(alpha)*0x101), 0, 0, uint16(alpha) * 0x101}
			r, _, _, a := deep.RGBA()
			if byte(a) != byte(alpha) || alpha > 0 && byte(r) != byte(v) {
				t.Fatalf("colour %d, alpha %d: sent as %d, %d", v, alpha, byte(r), byte(a))
			}
			// What others see of it, premultiplied.
			want, _, _, _ := color.NRGBA{uint8(v), 0, 0, uint8(alpha)}.RGBA()
			if d := int(r) - int(want); d < -0x100 || d > 0x100 {
				t.Fatalf("colour %d, alpha %d: looks like %#x, not %#x", v, alpha, r, want)
			}
		}
	}
}

func TestForNotifierKeepsThePicture(t *testing.T) {
	for _, s := range assets.Shapes() {
		_, data := assets.TrayIcon(s, true)
		sent, err := forNotifier(data)
		if err != nil {
			t.Fatal(err)
		}
		before, after := open(t, data), open(t, sent)
		for y := range 44 {
			for x := range 44 {
				want := color.NRGBAModel.Convert(before.At(x, y)).(color.NRGBA)
				r, g, b, a := after.At(x, y).RGBA()
				if got := (color.NRGBA{byte(r), byte(g), byte(b), byte(a)}); want.A > 0 && got != want {
					t.Fatalf("%s at %d, %d: sent %v, want %v", s, x, y, got, want)
				}
			}
		}
	}
	if _, err := forNotifier([]byte("no picture")); err == nil {
		t.Error("took something that is no picture")
	}
}

func open(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

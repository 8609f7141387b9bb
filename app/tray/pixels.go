package tray

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// forNotifier returns the picture with 16 bits a channel, so chosen that systray sends the right bytes: its StatusNotifierItem
// takes the low byte of each premultiplied 16-bit channel (v1.12.3), which makes coloured noise of every pixel that is
// neither opaque nor transparent. The picture itself stays the same to a 200th.
func forNotifier(data []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out := image.NewNRGBA64(img.Bounds())
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			alpha := uint32(c.A) * 0x101
			out.SetNRGBA64(x, y, color.NRGBA64{deep(c.R, alpha), deep(c.G, alpha), deep(c.B, alpha), uint16(alpha)})
		}
	}
	var buffer bytes.Buffer
	if err := png.Encode(&buffer, out); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// deep returns the 16-bit value nearest to v whose product with alpha has v as its low byte.
func deep(v uint8, alpha uint32) uint16 {
	if alpha == 0 {
		return 0
	}
	product := uint32(v) * 0x101 * alpha / 0xffff
	near := product&^0xff | uint32(v)
	switch {
	case near > product+0x80 && near >= 0x100:
		near -= 0x100
	case near+0x80 < product && near+0x100 <= alpha:
		near += 0x100
	case near > alpha:
		near -= 0x100
	}
	// Rounded up, because the product is rounded down.
	return uint16((near*0xffff + alpha - 1) / alpha)
}

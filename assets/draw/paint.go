package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
)

// fine is how many samples a pixel has in each direction.
const fine = 8

type point struct{ x, y float64 }

// paint fills the layers on a transparent square, over a halo of one pixel and a half when the halo is not transparent.
func paint(units, pixels int, layers []layer, halo color.NRGBA) (*image.NRGBA, error) {
	size := pixels * fine
	scale := float64(size) / float64(units)
	img := image.NewNRGBA(image.Rect(0, 0, pixels, pixels))
	for _, l := range layers {
		mask := make([]bool, size*size)
		for _, p := range l.paths {
			outlines, err := flatten(p)
			if err != nil {
				return nil, err
			}
			fill(mask, size, scale, outlines)
		}
		if halo.A > 0 {
			blend(img, grown(mask, size, fine*3/2), halo)
		}
		blend(img, mask, l.fill)
	}
	return img, nil
}

// flatten turns a path into closed outlines of straight pieces.
func flatten(p path) ([][]point, error) {
	var outlines [][]point
	var pen []point
	for _, command := range strings.Split(spaced(p), "|")[1:] {
		letter := command[0]
		v, err := numbers(command[1:])
		switch {
		case err != nil:
			return nil, fmt.Errorf("draw %q: %w", command, err)
		case letter == 'M' && len(v) == 2:
			pen = []point{{v[0], v[1]}}
		case letter == 'L' && len(v) == 2 && len(pen) > 0:
			pen = append(pen, point{v[0], v[1]})
		case letter == 'A' && len(v) == 7 && v[0] == v[1] && len(pen) > 0:
			pen = append(pen, arc(pen[len(pen)-1], point{v[5], v[6]}, v[0], v[3] != v[4])...)
		case letter == 'Z' && len(v) == 0 && len(pen) > 0:
			outlines, pen = append(outlines, pen), nil
		default:
			return nil, fmt.Errorf("draw %q: not a command with its numbers", command)
		}
	}
	if pen != nil {
		return nil, errors.New("draw: an outline is not closed")
	}
	return outlines, nil
}

// spaced puts a bar before every command.
func spaced(p path) string {
	return strings.NewReplacer("M", "|M", "L", "|L", "A", "|A", "Z", "|Z").Replace(string(p))
}

func numbers(s string) ([]float64, error) {
	var values []float64
	for _, field := range strings.Fields(s) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// arc returns points on the circle of radius r from a to b. left tells on which side of the line from a to b its centre is
// (SVG 1.1, F.6.5, for circles).
func arc(a, b point, r float64, left bool) []point {
	half := math.Hypot(b.x-a.x, b.y-a.y) / 2
	height := math.Sqrt(math.Max(0, r*r-half*half))
	if !left {
		height = -height
	}
	cx := (a.x+b.x)/2 - height*(b.y-a.y)/2/half
	cy := (a.y+b.y)/2 + height*(b.x-a.x)/2/half
	from := math.Atan2(a.y-cy, a.x-cx)
	turn := math.Atan2(b.y-cy, b.x-cx) - from
	for left && turn <= 0 {
		turn += 2 * math.Pi
	}
	for !left && turn >= 0 {
		turn -= 2 * math.Pi
	}
	const pieces = 48
	points := make([]point, 0, pieces)
	for i := 1; i <= pieces; i++ {
		sin, cos := math.Sincos(from + turn*float64(i)/pieces)
		points = append(points, point{cx + r*cos, cy + r*sin})
	}
	return points
}

// fill sets the samples that lie inside an odd number of outlines, row by row between the crossings of each row.
func fill(mask []bool, size int, scale float64, outlines [][]point) {
	for row := range size {
		y := (float64(row) + 0.5) / scale
		crossings := crossed(outlines, y)
		for i := 0; i+1 < len(crossings); i += 2 {
			from := max(0, int(math.Ceil(crossings[i]*scale-0.5)))
			until := min(size, int(math.Ceil(crossings[i+1]*scale-0.5)))
			for column := from; column < until; column++ {
				mask[row*size+column] = true
			}
		}
	}
}

// crossed returns where the outlines cross the height y, from left to right.
func crossed(outlines [][]point, y float64) []float64 {
	var at []float64
	for _, outline := range outlines {
		last := outline[len(outline)-1]
		for _, next := range outline {
			if (last.y > y) != (next.y > y) {
				at = append(at, last.x+(y-last.y)*(next.x-last.x)/(next.y-last.y))
			}
			last = next
		}
	}
	slices.Sort(at)
	return at
}

// grown is the mask with a rim of so many samples.
func grown(mask []bool, size, rim int) []bool {
	wide := make([]bool, len(mask))
	for i, set := range mask {
		if !set {
			continue
		}
		for dy := -rim; dy <= rim; dy++ {
			for dx := -rim; dx <= rim; dx++ {
				x, y := i%size+dx, i/size+dy
				if dx*dx+dy*dy <= rim*rim && x >= 0 && y >= 0 && x < size && y < size {
					wide[y*size+x] = true
				}
			}
		}
	}
	return wide
}

// blend lays the colour over the image where the mask is set.
func blend(img *image.NRGBA, mask []bool, c color.NRGBA) {
	size := img.Rect.Dx() * fine
	covered := make([]int, img.Rect.Dx()*img.Rect.Dy())
	for i, set := range mask {
		if set {
			covered[i/size/fine*img.Rect.Dx()+i%size/fine]++
		}
	}
	for i, samples := range covered {
		over := float64(samples) / (fine * fine) * float64(c.A) / 255
		if over == 0 {
			continue
		}
		x, y := i%img.Rect.Dx(), i/img.Rect.Dx()
		under := img.NRGBAAt(x, y)
		below := float64(under.A) / 255 * (1 - over)
		mix := func(top, bottom uint8) uint8 {
			return uint8(math.Round((float64(top)*over + float64(bottom)*below) / (over + below)))
		}
		img.SetNRGBA(x, y, color.NRGBA{mix(c.R, under.R), mix(c.G, under.G), mix(c.B, under.B), uint8(math.Round((over + below) * 255))})
	}
}

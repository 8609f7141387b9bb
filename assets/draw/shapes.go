package main

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

// A path is SVG path data of absolute M, L, A (circles only) and Z, filled even-odd: a path inside a path is a hole.
type path string

// layer is paths of one colour.
type layer struct {
	paths []path
	fill  color.NRGBA
}

// tone says how loud a state is: colour only while syncing and when a person must act.
type tone int

const (
	neutral tone = iota
	busy
	alarm
)

// shape is the silhouette of one state, on a grid of 22 units.
type shape struct {
	state string
	tone  tone
	paths []path
}

func trayShapes() []shape {
	tick := polygon(5.5, 12.1, 9.7, 16.3, 16.7, 8.6, 15.0, 7.05, 9.6, 13.0, 7.2, 10.4)
	triangle := rounded(1.5, 11, 1.2, 21.4, 20.2, 0.6, 20.2)
	mark := polygon(9.7, 7.4, 12.3, 7.4, 11.8, 13.8, 10.2, 13.8)
	return []shape{
		{"signed-out", neutral, []path{circle(11, 11, 9.2) + circle(11, 11, 7.1), circle(11, 9.3, 2.4), polygon(10.1, 10.6, 11.9, 10.6, 12.8, 15.4, 9.2, 15.4)}},
		{"in-step", neutral, []path{circle(11, 11, 9.2) + tick}},
		{"syncing", busy, chasingArrows(11, 11, 8.9, 6.3)},
		{"attention", alarm, []path{triangle + mark + circle(11, 16.4, 1.35)}},
		{"paused", neutral, []path{rounded(1.3, 4.2, 3, 9, 3, 9, 19, 4.2, 19), rounded(1.3, 13, 3, 17.8, 3, 17.8, 19, 13, 19)}},
	}
}

// appLayers is the icon of the application, on a grid of 64 units.
func appLayers() []layer {
	square := rounded(14, 2, 2, 62, 2, 62, 62, 2, 62)
	tick := polygon(23.6, 33.4, 30.6, 40.4, 41.2, 28.6, 37.9, 25.6, 30.4, 33.9, 26.8, 30.3)
	return []layer{
		{[]path{square}, rgb(0x1F5FBF)},
		{append(chasingArrows(32, 32, 20.5, 15), tick), rgb(0xFFFFFF)},
	}
}

// chasingArrows are two arcs of a ring that end in arrow heads and follow each other clockwise.
func chasingArrows(x, y, outer, inner float64) []path {
	var paths []path
	for _, turn := range []float64{0, 180} {
		from, until, tip := turn+198, turn+318, turn+352
		middle, wide := (outer+inner)/2, (outer-inner)*1.05
		ax, ay := at(x, y, outer, from)
		bx, by := at(x, y, outer, until)
		cx, cy := at(x, y, inner, until)
		dx, dy := at(x, y, inner, from)
		arc := path(fmt.Sprintf("M%s %s A%s %s 0 0 1 %s %s L%s %s A%s %s 0 0 0 %s %s Z",
			n(ax), n(ay), n(outer), n(outer), n(bx), n(by), n(cx), n(cy), n(inner), n(inner), n(dx), n(dy)))
		ox, oy := at(x, y, middle+wide, until-3)
		tx, ty := at(x, y, middle, tip)
		ix, iy := at(x, y, middle-wide, until-3)
		paths = append(paths, arc, polygon(ox, oy, tx, ty, ix, iy))
	}
	return paths
}

// at is the point at an angle in degrees, clockwise from three o'clock.
func at(x, y, radius, degrees float64) (float64, float64) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return x + radius*cos, y + radius*sin
}

func circle(x, y, r float64) path {
	return path(fmt.Sprintf("M%s %s A%[3]s %[3]s 0 0 1 %[4]s %[2]s A%[3]s %[3]s 0 0 1 %[1]s %[2]s Z ", n(x-r), n(y), n(r), n(x+r)))
}

func polygon(xy ...float64) path { return rounded(0, xy...) }

// rounded is a polygon of clockwise corners, each rounded by an arc of radius r.
func rounded(r float64, xy ...float64) path {
	var out strings.Builder
	corners := len(xy) / 2
	point := func(i int) (float64, float64) { i = (i + corners) % corners; return xy[2*i], xy[2*i+1] }
	letter := "M"
	for i := range corners {
		x, y := point(i)
		if r == 0 {
			fmt.Fprintf(&out, "%s%s %s ", letter, n(x), n(y))
			letter = "L"
			continue
		}
		px, py := point(i - 1)
		qx, qy := point(i + 1)
		before, after := math.Hypot(px-x, py-y), math.Hypot(qx-x, qy-y)
		cos := ((px-x)*(qx-x) + (py-y)*(qy-y)) / before / after
		back := r / math.Tan(math.Acos(cos)/2)
		fmt.Fprintf(&out, "%s%s %s A%s %s 0 0 1 %s %s ", letter, n(x+(px-x)*back/before), n(y+(py-y)*back/before),
			n(r), n(r), n(x+(qx-x)*back/after), n(y+(qy-y)*back/after))
		letter = "L"
	}
	return path(out.String() + "Z ")
}

// n writes a coordinate with two decimals at most.
func n(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

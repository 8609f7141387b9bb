// Package main draws the icons of the program and writes them into assets/icons. Run it by "go generate ./assets".
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
)

// traySize is the side of a tray icon in pixels: twice the 22 units that panels show.
const traySize = 44

func main() {
	to := flag.String("to", "icons", "the folder to write into")
	flag.Parse()
	if err := write(*to); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(folder string) error {
	files, err := drawAll()
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// panel is where a tray icon is shown. Neutral, busy and alarm are the colours of the states; halo is a thin rim in the
// opposite brightness, because no desktop tells the colour of its panel for sure.
type panel struct {
	name                 string
	neutral, busy, alarm color.NRGBA
	halo                 color.NRGBA
}

func panels() []panel {
	return []panel{
		{"light", rgb(0x2B333B), rgb(0x1F5FBF), rgb(0xA35200), color.NRGBA{255, 255, 255, 150}},
		{"dark", rgb(0xF2F5F7), rgb(0x79AEFF), rgb(0xFFB84D), color.NRGBA{0, 0, 0, 150}},
	}
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// drawAll returns every icon file by name.
func drawAll() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, s := range trayShapes() {
		files["tray-"+s.state+"-template.svg"] = svg(22, []layer{{s.paths, color.NRGBA{A: 255}}})
		for _, p := range panels() {
			fill := map[tone]color.NRGBA{neutral: p.neutral, busy: p.busy, alarm: p.alarm}[s.tone]
			data, err := encode(22, traySize, []layer{{s.paths, fill}}, p.halo)
			if err != nil {
				return nil, fmt.Errorf("draw %s: %w", s.state, err)
			}
			files["tray-"+s.state+"-"+p.name+".png"] = data
		}
	}
	app := appLayers()
	files["app.svg"] = svg(64, app)
	data, err := encode(64, 256, app, color.NRGBA{})
	if err != nil {
		return nil, fmt.Errorf("draw app: %w", err)
	}
	files["app.png"] = data
	return files, nil
}

func encode(units, pixels int, layers []layer, halo color.NRGBA) ([]byte, error) {
	img, err := paint(units, pixels, layers, halo)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func svg(units int, layers []layer) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[1]d" viewBox="0 0 %[1]d %[1]d">`+"\n", units)
	for _, l := range layers {
		for _, path := range l.paths {
			fmt.Fprintf(&out, `  <path fill="#%02X%02X%02X" fill-rule="evenodd" d="%s"/>`+"\n", l.fill.R, l.fill.G, l.fill.B, path)
		}
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

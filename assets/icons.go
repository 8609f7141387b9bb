package assets

import (
	"embed"
	"fmt"
)

//go:generate go run ./draw -to icons

//go:embed icons/*.png icons/*.svg
var iconFiles embed.FS

// Shape names a silhouette of the tray icon.
type Shape string

// The silhouettes: ring with keyhole, disc with tick, two chasing arrows, triangle with mark, two bars.
const (
	SignedOut Shape = "signed-out"
	InStep    Shape = "in-step"
	Syncing   Shape = "syncing"
	Attention Shape = "attention"
	Paused    Shape = "paused"
)

// Shapes returns every silhouette.
func Shapes() []Shape { return []Shape{SignedOut, InStep, Syncing, Attention, Paused} }

// TrayIcon returns the picture of a silhouette for a light or a dark panel: a PNG of 44 pixels, and a name for it.
func TrayIcon(s Shape, darkPanel bool) (name string, png []byte) {
	panel := "light"
	if darkPanel {
		panel = "dark"
	}
	return icon(fmt.Sprintf("tray-%s-%s.png", s, panel))
}

// TrayTemplate returns the silhouette in black, for menu bars that colour it themselves (macOS).
func TrayTemplate(s Shape) (name string, svg []byte) {
	return icon(fmt.Sprintf("tray-%s-template.svg", s))
}

// AppIcon returns the icon of the application: a PNG of 256 pixels.
func AppIcon() (name string, png []byte) { return icon("app.png") }

func icon(name string) (string, []byte) {
	// A missing file is an empty picture; a test asks for all of them.
	data, _ := iconFiles.ReadFile("icons/" + name)
	return name, data
}

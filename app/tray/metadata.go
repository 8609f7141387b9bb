package tray

import (
	"fyne.io/fyne/v2"

	"zohosync/assets"
)

// ID names the application to the desktop; FyneApp.toml says the same.
const ID = "io.github.zohosync"

// Metadata describes the application to Fyne; main passes it to app.SetMetadata before it makes the application.
func Metadata(version string) fyne.AppMetadata {
	return fyne.AppMetadata{
		ID: ID, Name: "ZohoSync", Version: version, Icon: fyne.NewStaticResource(assets.AppIcon()),
		Migrations: map[string]bool{"fyneDo": true}, // Fyne's calls from other goroutines go through fyne.Do
	}
}

// Package all lists the services that the program knows. A service is added by one line here.
package all

import (
	"zohosync/sync/provider"
	"zohosync/sync/provider/dav"
	"zohosync/sync/provider/zoho"
)

// Specs returns every service, in the order in which people are asked to choose.
func Specs() []provider.Spec {
	return []provider.Spec{
		zoho.Spec(),
		dav.Spec(),
	}
}

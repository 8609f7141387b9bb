package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ErrUnknownDataCentre says that an accounts server or API host is not one of Zoho's. No secret is sent there.
var ErrUnknownDataCentre = errors.New("not a data centre of Zoho")

// DataCentre is one of Zoho's: where its people sign in, and where the CRM and Projects APIs are.
type DataCentre struct {
	Location string // the word of the multi-DC redirect
	Accounts string
	API      string
	Projects string
}

// DataCentres returns the known data centres (zoho.com/accounts/protocol/oauth/multi-dc.html, and the constants of Zoho's
// own SDK). https://accounts.zoho.com/oauth/serverinfo lists them live.
func DataCentres() []DataCentre {
	return []DataCentre{
		{"us", "https://accounts.zoho.com", "https://www.zohoapis.com", "https://projectsapi.zoho.com"},
		{"eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu", "https://projectsapi.zoho.eu"},
		{"in", "https://accounts.zoho.in", "https://www.zohoapis.in", "https://projectsapi.zoho.in"},
		{"au", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au", "https://projectsapi.zoho.com.au"},
		{"jp", "https://accounts.zoho.jp", "https://www.zohoapis.jp", "https://projectsapi.zoho.jp"},
		{"ca", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca", "https://projectsapi.zohocloud.ca"},
		{"cn", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn", "https://projectsapi.zoho.com.cn"},
		{"sa", "https://accounts.zoho.sa", "https://www.zohoapis.sa", "https://projectsapi.zoho.sa"},
		{"uk", "https://accounts.zoho.uk", "https://www.zohoapis.uk", "https://projectsapi.zoho.uk"},
		{"ae", "https://accounts.zoho.ae", "https://www.zohoapis.ae", "https://projectsapi.zoho.ae"},
	}
}

// DataCentreOf finds the data centre by its location ("eu") or its accounts URL. A loopback URL is a data centre of its
// own, without location and API. Anything else is ErrUnknownDataCentre.
func DataCentreOf(locationOrURL string) (DataCentre, error) {
	for _, d := range DataCentres() {
		if strings.EqualFold(d.Location, locationOrURL) || sameOrigin(d.Accounts, locationOrURL) {
			return d, nil
		}
	}
	if u, ok := origin(locationOrURL); ok && isLoopback(u.Hostname()) {
		return DataCentre{Accounts: u.String()}, nil
	}
	return DataCentre{}, unknownHost(locationOrURL)
}

// nextAccounts accepts the accounts server that an answer names: one of the table, or for a loopback account loopback only.
func nextAccounts(from, to string) (string, error) {
	home, err := DataCentreOf(from)
	if err != nil {
		return "", err
	}
	next, err := DataCentreOf(to)
	if err != nil {
		return "", err
	}
	if (home.Location == "") != (next.Location == "") {
		return "", unknownHost(to)
	}
	return next.Accounts, nil
}

// apiDomain accepts the API host that a token answer names; a silent answer leaves the one of the table.
func apiDomain(accounts, api string) (string, error) {
	d, err := DataCentreOf(accounts)
	if err != nil {
		return "", err
	}
	if api == "" && d.API != "" {
		return d.API, nil
	}
	u, ok := origin(api)
	if !ok {
		return "", unknownHost(api)
	}
	if d.Location == "" {
		if isLoopback(u.Hostname()) {
			return u.String(), nil
		}
		return "", unknownHost(api)
	}
	for _, known := range DataCentres() {
		if environmentOf(known.API, u) {
			return u.String(), nil
		}
	}
	return "", unknownHost(api)
}

// environmentOf also knows the sandbox and developer environments of a data centre, which have hosts of their own.
func environmentOf(api string, u *url.URL) bool {
	suffix := strings.TrimPrefix(api, "https://www.")
	for _, env := range []string{"www.", "sandbox.", "developer."} {
		if u.Scheme == "https" && u.Host == env+suffix {
			return true
		}
	}
	return false
}

// origin reads an URL that is nothing but scheme, host and port.
func origin(raw string) (*url.URL, bool) {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(raw)))
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, false
	}
	if u.Path != "" && u.Path != "/" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, false
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, true
}

func sameOrigin(a, b string) bool {
	x, ok := origin(a)
	y, ok2 := origin(b)
	return ok && ok2 && *x == *y
}

// isLoopback tells hosts that never leave this computer. A name other than localhost may resolve to anything.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func unknownHost(raw string) error { return fmt.Errorf("%w: %q", ErrUnknownDataCentre, hostOf(raw)) }

package dav

import (
	"errors"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"zohosync/sync/provider"
)

// target is where a person said that the account lives.
type target struct {
	url    *url.URL // nil when only a domain is known
	domain string   // host, or what stands behind the @ of an e-mail address
}

// parseTarget reads an e-mail address, a host (with or without a port) or a URL.
func parseTarget(s string) (target, error) {
	s = strings.TrimSpace(s)
	if _, domain, isMail := strings.Cut(s, "@"); isMail && !strings.Contains(s, "/") {
		return target{domain: strings.ToLower(domain)}, checkHost(domain)
	}
	bare := !strings.Contains(s, "://")
	if bare {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return target{}, errors.New("the address of the server is neither an e-mail address nor a host nor a URL")
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	t := target{url: u, domain: strings.ToLower(u.Hostname())}
	switch {
	case bare && isLoopback(t.domain):
		u.Scheme = "http"
	case bare && u.Port() == "" && u.Path == "/":
		t.url = nil // A host alone may have SRV records.
	}
	return t, checkHost(t.domain)
}

func checkHost(host string) error {
	if host == "" || strings.ContainsAny(host, " \t\n@/\\?#") {
		return errors.New("the address of the server has no host")
	}
	return nil
}

// Origin returns the URL that an address stands for: an e-mail address, a host or a URL as SettingURL holds it. Its host is
// the one that may have the account's password.
func Origin(address string) (string, error) {
	t, err := parseTarget(address)
	if err != nil {
		return "", err
	}
	if t.url != nil {
		return t.url.String(), nil
	}
	return (&url.URL{Scheme: "https", Host: t.domain, Path: "/"}).String(), nil
}

// trusts says whether the account's credentials may go to u: https to the same host or one of the same registrable
// domain; http only where the person wrote it, and on this computer.
func (t target) trusts(u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	// Another port over http is another program, to which nobody sent us.
	plain := u.Scheme == "http" && (t.url != nil && t.url.Scheme == "http" && u.Host == t.url.Host || isLoopback(t.domain))
	switch {
	case u.Scheme != "https" && !plain:
	case host == t.domain, isLoopback(host) && isLoopback(t.domain):
		return nil
	case u.Scheme == "https" && sameSite(host, t.domain):
		return nil
	}
	return &HostError{Host: u.Scheme + "://" + u.Host}
}

// sameSite says whether two hosts belong to one owner by the public suffix list.
func sameSite(a, b string) bool {
	if net.ParseIP(a) != nil || net.ParseIP(b) != nil {
		return false
	}
	siteA, errA := publicsuffix.EffectiveTLDPlusOne(a)
	siteB, errB := publicsuffix.EffectiveTLDPlusOne(b)
	return errA == nil && errB == nil && siteA == siteB
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ref names a collection for the state: by its path when it lives where the person said, else by its whole URL.
func (t target) ref(u *url.URL) string {
	if t.url != nil && t.url.Scheme == u.Scheme && t.url.Host == u.Host {
		return u.EscapedPath()
	}
	return u.String()
}

// resolve turns a ref back into a URL.
func (t target) resolve(ref string) (*url.URL, error) {
	u, err := url.Parse(ref)
	switch {
	case err != nil || ref == "":
		return nil, provider.ErrGone
	case u.Host != "":
		return u, nil
	case t.url == nil || !strings.HasPrefix(ref, "/"):
		return nil, provider.ErrGone
	}
	return t.url.ResolveReference(u), nil
}

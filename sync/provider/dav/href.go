package dav

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"zohosync/sync/record"
)

// parseHref resolves an address as a server spelt it. SOGo writes raw blanks and letters in one place and escapes them
// in another, and a bare % occurs in the wild; both are read as what they mean.
func parseHref(base *url.URL, href string) (*url.URL, bool) {
	href = strings.TrimSpace(href)
	u, err := url.Parse(href)
	if err != nil {
		u, err = url.Parse(strings.ReplaceAll(href, "%", "%25"))
	}
	if err != nil || href == "" {
		return nil, false
	}
	return base.ResolveReference(u), true
}

// canonical spells an escaped path in the one way by which we compare: each segment decoded and escaped again, so that
// a%2Fb stays one segment.
func canonical(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = url.PathEscape(plain)
		}
	}
	return strings.Join(segments, "/")
}

// folder is the canonical path of a collection, with the slash at its end.
func folder(u *url.URL) string {
	p := canonical(u.EscapedPath())
	if !strings.HasSuffix(p, "/") {
		p += "/"
	}
	return p
}

// memberID names a member of the collection by its last segment, and something that lies elsewhere by its path. ok is
// false for the collection itself and for collections inside it.
func memberID(collection *url.URL, u *url.URL) (id record.ID, ok bool) {
	p, in := canonical(u.EscapedPath()), folder(collection)
	if p == "" || strings.HasSuffix(p, "/") || p+"/" == in {
		return "", false
	}
	if name, inside := strings.CutPrefix(p, in); inside && !strings.Contains(name, "/") {
		return record.ID(name), true
	}
	return record.ID(p), true
}

// memberURL is the address of a member. It never leaves the host of the collection, and it is never the collection
// itself nor anything above it: a DELETE there would take everything.
func memberURL(collection *url.URL, path string) (*url.URL, bool) {
	base := *collection
	if !strings.HasSuffix(base.Path, "/") {
		base = *base.JoinPath("/")
	}
	full := path
	if !strings.HasPrefix(path, "/") {
		full = base.EscapedPath() + path
	}
	plain, err := url.PathUnescape(full)
	if err != nil || path == "" || strings.HasSuffix(plain, "/") {
		return nil, false
	}
	for _, segment := range strings.Split(full, "/") {
		if s, _ := url.PathUnescape(segment); s == "." || s == ".." {
			return nil, false
		}
	}
	u := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: plain, RawPath: full}
	if strings.HasPrefix(folder(&base), canonical(u.EscapedPath())+"/") {
		return nil, false
	}
	return u, true
}

// uidOf makes the UID of a new object from the key of its intent: the same key never makes two objects.
func uidOf(key string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
	}
	if key == "" || len(key) > 100 || strings.ContainsFunc(key, func(r rune) bool { return !plain(r) }) {
		sum := sha256.Sum256([]byte(key))
		key = hex.EncodeToString(sum[:16])
	}
	return "zohosync-" + key
}

// nameOf is the last segment of a new object's address.
func nameOf(uid string, kind record.Kind) string {
	if kind == record.Contact {
		return uid + ".vcf"
	}
	return uid + ".ics"
}

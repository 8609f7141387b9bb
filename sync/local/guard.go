package local

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
)

// digest mixes a user and a password so that comparing two takes the same time whatever they are.
func (s *Server) digest(user, password string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, s.salt)
	mac.Write([]byte(user))
	mac.Write([]byte{0})
	mac.Write([]byte(password))
	copy(sum[:], mac.Sum(nil))
	return sum
}

// admit says whether a request may come in; otherwise it has been answered.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	peer, _, _ := net.SplitHostPort(r.RemoteAddr)
	switch {
	// A web page whose name was made to lead here says its own name, and only web pages have an origin.
	case !isLoopback(host), !isLoopback(peer), r.Header.Get("Origin") != "":
		http.Error(w, "only programs of this computer are served here", http.StatusForbidden)
		return false
	case r.URL.Path == "/.well-known/caldav", r.URL.Path == "/.well-known/carddav":
		return true // it tells nothing, and some clients ask without a password first
	}
	user, password, given := r.BasicAuth()
	sum := s.digest(user, password)
	if !given || subtle.ConstantTimeCompare(sum[:], s.secret[:]) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="ZohoSync", charset="UTF-8"`)
		http.Error(w, "user and password, please", http.StatusUnauthorized)
		return false
	}
	return true
}

func isLoopback(host string) bool {
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		host = host[1 : n-1]
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

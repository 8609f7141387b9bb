package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault spoils the next answers to matching requests.
type Fault struct {
	// Match is a method and the beginning of a path, "POST /crm/v8/Contacts"; either may be missing, and "" matches everything.
	Match string `json:"match"`
	// Kind is a status such as 401, 429, 500 or 503 (the request is not carried out); "empty" (not carried out, and answered as
	// if nothing were there); "html" (not carried out, a page of some proxy); "drop-before" (not carried out, connection cut);
	// "drop-after" (carried out, connection cut); "truncate" (carried out, half of the answer); "slow" (carried out late).
	Kind string `json:"kind"`
	// Count is how many answers to spoil, 1 when zero.
	Count int `json:"count"`
	// DelayMS delays the answer of any kind.
	DelayMS int `json:"delay_ms"`
	// RetryAfter is sent in Retry-After when it is not zero. Zoho itself sends none.
	RetryAfter int `json:"retry_after"`
}

// valid tells whether the sandbox knows the kind.
func (f Fault) valid() bool {
	switch f.Kind {
	case "empty", "html", "drop-before", "drop-after", "truncate", "slow":
		return true
	}
	code, err := strconv.Atoi(f.Kind)
	return err == nil && code >= 400 && code < 600
}

func (f Fault) matches(r *http.Request) bool {
	method, path, both := strings.Cut(f.Match, " ")
	if !both {
		method, path = "", f.Match
		if !strings.HasPrefix(path, "/") {
			method, path = f.Match, ""
		}
	}
	return (method == "" || method == r.Method) && strings.HasPrefix(r.URL.Path, path)
}

// Fault adds a fault. Faults are used up in the order in which they were added.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Count = max(f.Count, 1)
	s.faults = append(s.faults, f)
}

// takeFault uses up one count of the first fault that matches; the caller holds the lock.
func (s *Server) takeFault(r *http.Request) *Fault {
	for i := range s.faults {
		if !s.faults[i].matches(r) {
			continue
		}
		f := s.faults[i]
		if s.faults[i].Count--; s.faults[i].Count == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return &f
	}
	return nil
}

// maxBody is the largest request that is read, above Zoho's own 10 MB for photos.
const maxBody = 16 << 20

// watch logs every request but those to the control endpoints, keeps the limit of calls at once, and carries out faults.
func (s *Server) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/control") {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			refuse(413, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE", "the request is too large", nil).send(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		crm := strings.HasPrefix(r.URL.Path, "/crm/")
		units, hard := weigh(r, body)
		s.mu.Lock()
		fault := s.takeFault(r)
		w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
		refused := ""
		if crm {
			refused = s.meter.enter(units, hard)
		}
		s.mu.Unlock()
		rec := &recorder{header: http.Header{}}
		if refused != "" {
			refuse(429, "TOO_MANY_REQUESTS", refused, nil).send(rec)
		} else {
			s.carryOut(rec, r, next, fault)
		}
		s.finish(r, rec, fault, crm && refused == "", units, hard)
		rec.deliver(w, fault)
	})
}

// carryOut runs a request unless its fault says otherwise.
func (s *Server) carryOut(rec *recorder, r *http.Request, next http.Handler, fault *Fault) {
	if fault == nil {
		next.ServeHTTP(rec, r)
		return
	}
	if fault.DelayMS > 0 {
		select {
		case <-time.After(time.Duration(fault.DelayMS) * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	if fault.RetryAfter > 0 {
		rec.Header().Set("Retry-After", strconv.Itoa(fault.RetryAfter))
	}
	switch fault.Kind {
	case "drop-before":
	case "empty":
		rec.WriteHeader(http.StatusNoContent)
	case "html":
		rec.Header().Set("Content-Type", "text/html")
		rec.Write([]byte("<html><body>Please sign in to the network.</body></html>"))
	default:
		if code, err := strconv.Atoi(fault.Kind); err == nil {
			statusAnswer(code).send(rec)
			return
		}
		next.ServeHTTP(rec, r)
	}
}

// statusAnswer is the error object that goes with a status.
func statusAnswer(code int) answer {
	name, message := "INVALID_DATA", "invalid data"
	switch code {
	case 401:
		name, message = "INVALID_TOKEN", "invalid oauth token"
	case 403:
		name, message = "NO_PERMISSION", "permission denied"
	case 404:
		name, message = "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"
	case 412:
		name, message = "ALREADY_MODIFIED", "Record updated time has already passed if-unmodified-since time"
	case 429:
		name, message = "TOO_MANY_REQUESTS", "Too many requests"
	case 500:
		name, message = "INTERNAL_ERROR", "Internal Server Error"
	case 502:
		name, message = "BAD_GATEWAY", "Bad Gateway"
	case 503:
		name, message = "SERVICE_UNAVAILABLE", "try again"
	}
	return refuse(code, name, message, nil)
}

// finish logs the request and lets the next one in.
func (s *Server) finish(r *http.Request, rec *recorder, fault *Fault, entered bool, units int, hard bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := Request{Method: r.Method, Path: r.URL.Path, Status: rec.code(), Credits: rec.credits, At: s.now()}
	if strings.HasPrefix(r.URL.Path, "/crm/") {
		entry.Query = r.URL.RawQuery
	}
	if fault != nil {
		entry.Fault = fault.Kind
		if strings.HasPrefix(fault.Kind, "drop") {
			entry.Status = 0
		}
	}
	s.meter.log = append(s.meter.log, entry)
	if entered {
		s.meter.leave(units, hard)
	}
}

// recorder holds an answer until it is known how much of it the client shall see.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	credits int
}

func (rec *recorder) Header() http.Header { return rec.header }

func (rec *recorder) WriteHeader(code int) {
	if rec.status == 0 {
		rec.status = code
	}
}

func (rec *recorder) Write(p []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	return rec.body.Write(p)
}

func (rec *recorder) code() int {
	if rec.status == 0 {
		return http.StatusOK
	}
	return rec.status
}

// deliver sends the answer, or what the fault leaves of it.
func (rec *recorder) deliver(w http.ResponseWriter, fault *Fault) {
	kind := ""
	if fault != nil {
		kind = fault.Kind
	}
	if kind == "drop-before" || kind == "drop-after" {
		if cut(w) {
			return
		}
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	for name, values := range rec.header {
		w.Header()[name] = values
	}
	text := rec.body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	if rec.code() == http.StatusNoContent || rec.code() == http.StatusNotModified {
		w.Header().Del("Content-Length")
	}
	w.WriteHeader(rec.code())
	if kind == "truncate" {
		// The server closes a connection on which less was written than was announced.
		text = text[:len(text)/2]
	}
	w.Write(text)
}

// cut closes the connection under an answer.
func cut(w http.ResponseWriter) bool {
	conn, _, err := http.NewResponseController(w).Hijack()
	return err == nil && conn.Close() == nil
}

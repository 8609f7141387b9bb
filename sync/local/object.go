package local

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxObject bounds one object. Cards with photos stay far below.
const maxObject = 10 << 20

// get serves the bytes of one object. Conditions, ranges and HEAD are those of net/http.
func (s *Server) get(w http.ResponseWriter, r *http.Request, p place) error {
	if !p.isObject() {
		return notAllowed(w)
	}
	o, err := s.store.getObject(r.Context(), p.home, p.folder, p.object)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", o.etag)
	w.Header().Set("Content-Type", mimeOf(o.component))
	// Nobody may interpret what somebody else has put here.
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", o.modified, bytes.NewReader(o.body))
	return nil
}

func mimeOf(component string) string {
	if component == card {
		return "text/vcard; charset=utf-8"
	}
	return "text/calendar; charset=utf-8; component=" + strings.ToLower(component)
}

// put stores one object as it was sent, if it is one and the conditions hold.
func (s *Server) put(w http.ResponseWriter, r *http.Request, p place) error {
	if !p.isObject() {
		return notAllowed(w)
	}
	if r.Header.Get("Content-Range") != "" {
		// A part taken for the whole would destroy the rest (RFC 9110 section 14.5).
		return &refusal{status: http.StatusBadRequest}
	}
	c, err := s.store.getCollection(r.Context(), p.home, p.folder)
	if errors.Is(err, errMissing) {
		return errNoFolder
	}
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxObject+1))
	if err != nil {
		return bodyError(err)
	}
	o, err := check(body, c)
	if err != nil {
		return err
	}
	o.name, o.modified = p.object, s.opt.Now()
	stored, created, err := s.store.putObject(r.Context(), p.home, p.folder, o, conditions(r))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", stored.etag)
	if created {
		w.WriteHeader(http.StatusCreated)
		return nil
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// delete takes an object or a whole collection away, if the conditions hold.
func (s *Server) delete(w http.ResponseWriter, r *http.Request, p place) error {
	var err error
	switch {
	case p.isObject():
		err = s.store.deleteObject(r.Context(), p.home, p.folder, p.object, conditions(r))
	case !p.isFolder():
		return &refusal{status: http.StatusForbidden}
	case r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != "*":
		// A collection has no tag that could match.
		return &refusal{status: http.StatusPreconditionFailed}
	default:
		err = s.store.deleteCollection(r.Context(), p.home, p.folder)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// conditions reads the conditions of a request that writes (RFC 9110 section 13). A condition that does not hold refuses
// before anything else does, also where there is nothing.
func conditions(r *http.Request) condition {
	match, none := r.Header.Values("If-Match"), r.Header.Values("If-None-Match")
	before, dated := r.Header.Get("If-Unmodified-Since"), len(match) == 0
	return func(now *object) error {
		failed := &refusal{status: http.StatusPreconditionFailed}
		switch {
		case len(match) > 0 && (now == nil || !listed(match, now.etag, false)):
			return failed
		case now == nil:
			return nil
		case len(none) > 0 && listed(none, now.etag, true):
			return failed
		}
		if at, err := http.ParseTime(before); dated && err == nil && now.modified.Truncate(time.Second).After(at) {
			return failed
		}
		return nil
	}
}

// listed says whether a tag is in the values of a header. A weak tag only fits where weak comparison is asked for.
func listed(values []string, etag string, weak bool) bool {
	var tags []string
	for _, v := range values {
		for _, tag := range strings.Split(v, ",") { // our own tags hold no comma
			tag = strings.TrimSpace(tag)
			if weak {
				tag = strings.TrimPrefix(tag, "W/")
			}
			tags = append(tags, tag)
		}
	}
	return slices.Contains(tags, "*") || slices.Contains(tags, etag)
}

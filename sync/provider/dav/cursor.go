package dav

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const (
	pageSize  = 300      // objects of a page: a page and its cursor are stored together
	maxCursor = 64 << 20 // bytes of an unpacked cursor
)

// mode says how a collection tells what changed.
type mode string

const (
	bySync mode = "sync" // sync-collection
	byETag mode = "etag" // ctag, and the ETags of all objects
)

// point is what a cursor says. What is still to be read stands in it, so that a listing goes on where it was even after
// a crash.
type point struct {
	Mode  mode                 `json:"m"`
	Token string               `json:"t,omitempty"` // sync-token or ctag
	Full  bool                 `json:"f,omitempty"` // inside a listing begun at the zero cursor
	Todo  []record.ID          `json:"n,omitempty"` // still to be read in this listing
	Retry []record.ID          `json:"r,omitempty"` // could not be read: look again next time
	Slice slice                `json:"s,omitzero"`  // what series were read with; zero: by a program that left them out
	Edges map[record.ID]edge   `json:"e,omitempty"` // of series, where they go on outside of the slice
	Known map[record.ID]string `json:"k,omitempty"` // byETag: what was read, with a hash of its ETag; "" when it has none
}

// encode writes a cursor: readable when it is short, packed when it is long.
func (p point) encode() (provider.Cursor, error) {
	plain, err := json.Marshal(p)
	if err != nil || len(plain) < 512 {
		return provider.Cursor(plain), err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(plain); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return provider.Cursor(base64.RawStdEncoding.EncodeToString(b.Bytes())), nil
}

// decode reads a cursor. ErrCursor when it is none of ours.
func decode(c provider.Cursor) (point, error) {
	plain := []byte(c)
	if len(c) > 0 && c[0] != '{' {
		packed, err := base64.RawStdEncoding.DecodeString(string(c))
		if err != nil {
			return point{}, provider.ErrCursor
		}
		plain, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxCursor))
		if err != nil {
			return point{}, provider.ErrCursor
		}
	}
	var p point
	if err := json.Unmarshal(plain, &p); err != nil || p.Mode != bySync && p.Mode != byETag {
		return point{}, provider.ErrCursor
	}
	if p.Edges == nil {
		p.Edges = map[record.ID]edge{}
	}
	if p.Known == nil {
		p.Known = map[record.ID]string{}
	}
	return p, nil
}

// short is what a cursor keeps of an ETag. An object without one is read at every listing.
func short(etag string) string {
	if etag == "" {
		return ""
	}
	// The same tag may come weak from one request and strong from another.
	sum := sha256.Sum256([]byte(strings.Trim(strings.TrimPrefix(etag, "W/"), `"`)))
	return base64.RawStdEncoding.EncodeToString(sum[:6])
}

// sorted lists the keys of m in order, so that pages come the same way each time.
func sorted[V any](m map[record.ID]V) []record.ID { return slices.Sorted(maps.Keys(m)) }

// Package state keeps what the program knows between runs in one SQLite file: accounts, pairs, items as both sides hold
// them, links with their bases, cursors, intents, runs and their journal. It holds no secret.
package state

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed queries.sql
var queryText string

// What can go wrong with the file itself.
var (
	ErrNewer    = errors.New("the state was written by a newer version of this program")
	ErrFull     = errors.New("no space left for the state")
	ErrDamaged  = errors.New("the state file cannot be read")
	ErrNotFound = errors.New("not in the state")
)

// State is the open file. It is safe for concurrent use; writes are one after the other.
type State struct {
	db      *sql.DB
	queries map[string]string
	gate    func() error
}

// Options for Open.
type Options struct {
	MaxPages int          // the file may not grow beyond so many pages; 0: any size
	Gate     func() error // asked before every transaction; its error keeps it from happening, as a crash would. nil: none
}

// Open opens the file, or makes it, and brings it up to date. ErrNewer when a newer version wrote it, ErrDamaged when it
// is no state file. The path ":memory:" keeps everything in memory.
func Open(path string, o Options) (*State, error) {
	if path != ":memory:" {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the state: %w", err)
		}
	}
	queries := parseQueries(queryText)
	db, err := openDB(source(path, o), queries)
	if err != nil {
		return nil, fmt.Errorf("open the state: %w", err)
	}
	// One connection: one writer, and a state in memory lives as long as it.
	db.SetMaxOpenConns(1)
	s := &State{db: db, queries: queries, gate: o.Gate}
	if err := s.migrate(); err != nil {
		return nil, errors.Join(classify(err), db.Close())
	}
	return s, nil
}

func source(path string, o Options) string {
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "busy_timeout(5000)"}}
	if o.MaxPages > 0 {
		q.Add("_pragma", fmt.Sprintf("max_page_count(%d)", o.MaxPages))
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Check reads the whole file and returns ErrDamaged when it is not whole.
func (s *State) Check(ctx context.Context) error {
	said := ""
	err := s.each(ctx, "quick-check", nil, func(scan func(...any) error) error {
		if said != "" {
			return nil // the first complaint is enough
		}
		return scan(&said)
	})
	if err == nil && said != "ok" {
		err = fmt.Errorf("%w: %s", ErrDamaged, said)
	}
	return err
}

// Close closes the file.
func (s *State) Close() error { return s.db.Close() }

// migrate runs the migrations that the file has not seen. Their number is the file's version.
func (s *State) migrate() error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	if err := s.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(files) {
		return ErrNewer
	}
	// A table that is made anew would take the rows along that refer to it.
	if _, err := s.db.Exec("PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	for i := version; i < len(files); i++ {
		text, err := migrations.ReadFile(files[i])
		if err != nil {
			return err
		}
		if _, err := s.db.Exec(fmt.Sprintf("BEGIN;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", text, i+1)); err != nil {
			return fmt.Errorf("migration %s: %w", files[i], err)
		}
	}
	_, err = s.db.Exec("PRAGMA foreign_keys = ON")
	return err
}

// parseQueries takes a file apart at its lines "-- name: X".
func parseQueries(text string) map[string]string {
	out := map[string]string{}
	for _, part := range strings.Split(text, "-- name: ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		out[strings.TrimSpace(name)] = strings.TrimSpace(body)
	}
	return out
}

// classify turns SQLite's own errors into those of this package.
func classify(err error) error {
	var e *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case !errors.As(err, &e):
		return err
	case e.Code()&0xff == sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case e.Code()&0xff == sqlite3.SQLITE_NOTADB, e.Code()&0xff == sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// tx is one transaction. Its first error is kept, and everything after it is left out.
type tx struct {
	s   *State
	ctx context.Context
	tx  *sql.Tx
	err error
}

// write runs do in one transaction: all of it or nothing.
func (s *State) write(ctx context.Context, do func(t *tx)) error {
	// A transaction that began is ended even when ctx ends: what was sent has to be remembered.
	ctx = context.WithoutCancel(ctx)
	if s.gate != nil {
		if err := s.gate(); err != nil {
			return err
		}
	}
	inner, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	t := &tx{s: s, ctx: ctx, tx: inner}
	do(t)
	if t.err != nil {
		return errors.Join(classify(t.err), inner.Rollback())
	}
	return classify(inner.Commit())
}

// run carries out a named query and returns how many rows it changed.
func (t *tx) run(name string, args ...any) int {
	if t.err != nil {
		return 0
	}
	r, err := t.tx.ExecContext(t.ctx, t.s.queries[name], args...)
	if err != nil {
		t.err = fmt.Errorf("%s: %w", name, err)
		return 0
	}
	n, _ := r.RowsAffected()
	return int(n)
}

// insert is run for a row that gets a number.
func (t *tx) insert(name string, args ...any) int64 {
	if t.err != nil {
		return 0
	}
	r, err := t.tx.ExecContext(t.ctx, t.s.queries[name], args...)
	if err != nil {
		t.err = fmt.Errorf("%s: %w", name, err)
		return 0
	}
	id, _ := r.LastInsertId()
	return id
}

// one reads one row within the transaction and says whether there was one.
func (t *tx) one(name string, args []any, into ...any) bool {
	if t.err != nil {
		return false
	}
	err := t.tx.QueryRowContext(t.ctx, t.s.queries[name], args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	if err != nil {
		t.err = fmt.Errorf("%s: %w", name, err)
	}
	return err == nil
}

// each reads all rows of a named query.
func (s *State) each(ctx context.Context, name string, args []any, row func(scan func(...any) error) error) error {
	rows, err := s.db.QueryContext(ctx, s.queries[name], args...)
	if err != nil {
		return classify(fmt.Errorf("%s: %w", name, err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return classify(rows.Err())
}

// toJSON writes a value that is known to have a JSON form.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

// fromJSON reads a JSON column; an empty one leaves v as it is.
func fromJSON(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

// stamp and unstamp write times as text that sorts.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
}

func unstamp(s string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, s)
	return t
}

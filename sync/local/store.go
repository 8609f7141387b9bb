package local

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed queries.sql
var queryText string

// What can go wrong with the file itself.
var (
	ErrNewer   = errors.New("the calendars of this computer were written by a newer version of this program")
	ErrFull    = errors.New("no space left for the calendars of this computer")
	ErrDamaged = errors.New("the file with the calendars of this computer cannot be read")
)

var (
	errMissing = errors.New("not there")
	errExists  = errors.New("there already")
)

// store is the SQLite file. Every method is one transaction, and what it wrote has reached the disk when it returns.
type store struct {
	db        *sql.DB
	queries   map[string]string
	deletions int // of a collection that are remembered

	writing sync.Mutex
	named   bool // this process has its row in writers
}

func openStore(path string, deletions int) (*store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the calendars: %w", err)
	}
	// SQLite gives its side files the mode of this one: nobody else may read them.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the calendars: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	// FULL: an answered PUT survives a power cut, too.
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(5000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the calendars: %w", err)
	}
	db.SetMaxOpenConns(1)
	s := &store{db: db, queries: parseQueries(queryText), deletions: deletions}
	if err := s.migrate(); err != nil {
		return nil, errors.Join(classify(err), db.Close())
	}
	return s, nil
}

func (s *store) close() error { return s.db.Close() }

// migrate runs the migrations that the file has not seen. Their number is the file's version.
func (s *store) migrate() error {
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
	for i := version; i < len(files); i++ {
		text, err := migrations.ReadFile(files[i])
		if err != nil {
			return err
		}
		if _, err := s.db.Exec(fmt.Sprintf("BEGIN;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", text, i+1)); err != nil {
			return fmt.Errorf("migration %s: %w", files[i], err)
		}
	}
	return nil
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
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// tx is one transaction. Its first error is kept, and everything after it is left out.
type tx struct {
	s   *store
	ctx context.Context
	tx  *sql.Tx
	err error
}

// read runs do over one state of the file.
func (s *store) read(ctx context.Context, do func(t *tx)) error {
	inner, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	t := &tx{s: s, ctx: ctx, tx: inner}
	do(t)
	if err := inner.Rollback(); t.err == nil && !errors.Is(err, sql.ErrTxDone) {
		t.err = err
	}
	return classify(t.err)
}

// write runs do in one transaction: all of it or nothing. Errors of do itself come back as they are.
func (s *store) write(ctx context.Context, do func(t *tx)) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	// A client that hangs up in the middle gets a whole answer's worth of change, or none.
	ctx = context.WithoutCancel(ctx)
	inner, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	t := &tx{s: s, ctx: ctx, tx: inner}
	if !s.named {
		t.run("add-writer", rand.Text())
	}
	do(t)
	if t.err != nil {
		return errors.Join(classify(t.err), inner.Rollback())
	}
	if err := inner.Commit(); err != nil {
		return classify(err)
	}
	s.named = true
	return nil
}

// fail keeps an error, and everything after it is left out.
func (t *tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
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

// one reads one row and says whether there was one.
func (t *tx) one(name string, args []any, into ...any) bool {
	if t.err != nil {
		return false
	}
	err := t.tx.QueryRowContext(t.ctx, t.s.queries[name], args...).Scan(into...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.err = fmt.Errorf("%s: %w", name, err)
	}
	return err == nil
}

// each reads all rows of a named query.
func (t *tx) each(name string, args []any, row func(scan func(...any) error) error) {
	if t.err != nil {
		return
	}
	rows, err := t.tx.QueryContext(t.ctx, t.s.queries[name], args...)
	if err != nil {
		t.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	defer rows.Close()
	for rows.Next() && err == nil {
		err = row(rows.Scan)
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		t.err = fmt.Errorf("%s: %w", name, err)
	}
}

// tick returns the number of a new change.
func (t *tx) tick() (change int64) {
	t.one("tick", nil, &change)
	return change
}

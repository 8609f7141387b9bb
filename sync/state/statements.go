package state

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// openDB opens a database whose connections understand each of the queries once.
func openDB(source string, queries map[string]string) (*sql.DB, error) {
	inner, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, err
	}
	keep := make(map[string]bool, len(queries))
	for _, text := range queries {
		// SQLite carries out some pragmas while it reads them.
		keep[text] = !strings.HasPrefix(text, "PRAGMA")
	}
	return sql.OpenDB(connector{inner, keep}), nil
}

type connector struct {
	driver.Connector
	keep map[string]bool
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	able, ok := inner.(ableConn)
	if !ok {
		return nil, fmt.Errorf("the driver of the state is an old one: %T", inner)
	}
	return &conn{ableConn: able, keep: c.keep, known: map[string]ableStmt{}}, nil
}

type ableConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type ableStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection that remembers its statements: to understand one takes SQLite longer than to carry it out. Only
// one is carried out at a time, because there is one connection and every result is read to its end or closed.
type conn struct {
	ableConn
	keep  map[string]bool
	known map[string]ableStmt
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !c.keep[query] {
		return c.ableConn.ExecContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !c.keep[query] {
		return c.ableConn.QueryContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args)
}

func (c *conn) statement(ctx context.Context, query string) (ableStmt, error) {
	if s := c.known[query]; s != nil {
		return s, nil
	}
	inner, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := inner.(ableStmt)
	if !ok {
		return nil, fmt.Errorf("the driver of the state is an old one: %T", inner)
	}
	c.known[query] = s
	return s, nil
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	for _, s := range c.known {
		_ = s.Close() // What it was carrying out last said what there was to say.
	}
	clear(c.known)
	return c.ableConn.Close()
}

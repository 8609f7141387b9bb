package main

import (
	"context"
	"encoding/json"
	"fmt"

	"zohosync/sync/auth"
	"zohosync/sync/sandbox"
)

type sandboxCmd struct {
	Listen   string `help:"Address to listen on; only on this computer." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Contacts int    `help:"How many invented contacts to begin with." placeholder:"N"`
	Tasks    int    `help:"How many invented tasks." placeholder:"N"`
	Events   int    `help:"How many invented meetings." placeholder:"N"`
	Seed     int64  `help:"The same seed makes the same records." default:"1" placeholder:"S"`
}

// Run serves a stand-in for Zoho CRM until it is stopped. Its first line says how to use it.
func (s sandboxCmd) Run(ctx context.Context, t *terminal) error {
	if s.Contacts < 0 || s.Tasks < 0 || s.Events < 0 {
		return badInput("there cannot be fewer than 0 records")
	}
	server := sandbox.New(sandbox.Options{Contacts: s.Contacts, Tasks: s.Tasks, Events: s.Events, Seed: s.Seed, MarkField: true, Redirects: auth.RedirectURIs()})
	info, err := server.Start(s.Listen)
	if err != nil {
		return &usageError{err}
	}
	line, err := json.Marshal(info)
	if err != nil {
		return err
	}
	fmt.Fprintln(t.out, string(line))
	<-ctx.Done()
	return server.Close()
}

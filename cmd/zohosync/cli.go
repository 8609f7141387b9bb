package main

import (
	"context"

	"github.com/alecthomas/kong"
)

// commands is the command line: one field per command, whose Run method carries it out.
type commands struct {
	Home  string `help:"Folder that holds everything: accounts, pairs, state." env:"ZOHOSYNC_HOME" placeholder:"DIR" type:"path"`
	Vault string `help:"Where passwords and tokens are kept: the system's keychain, an encrypted file in the home (passphrase in ZOHOSYNC_PASSPHRASE), or memory (forgotten at the end)." enum:"keychain,file,memory" default:"keychain" env:"ZOHOSYNC_VAULT"`
	JSON  bool   `help:"Print lists and results as JSON." name:"json"`

	Tray    trayCmd    `cmd:"" default:"1" help:"Show the tray icon and sync as time goes by."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, t *terminal) exit {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("zohosync"),
		kong.Description("Keeps Zoho CRM in step with CalDAV and CardDAV servers."),
		kong.Writers(t.out, t.err),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t, &c),
	)
	if err != nil {
		return t.fail(err)
	}
	chosen, err := parser.Parse(args)
	t.json = c.JSON
	if err != nil {
		return t.fail(&usageError{err})
	}
	return t.fail(chosen.Run())
}

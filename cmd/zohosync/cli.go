package main

import (
	"context"
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"zohosync/app/instance"
	"zohosync/sync/auth"
)

// commands is the command line: one field per command, whose Run method carries it out.
type commands struct {
	Home  string `help:"Folder that holds everything: accounts, pairs, state." env:"ZOHOSYNC_HOME" placeholder:"DIR" type:"path"`
	Vault string `help:"Where passwords and tokens are kept: keychain (of the system), file (encrypted, in the home, passphrase in ZOHOSYNC_PASSPHRASE) or memory (forgotten at the end). Without it: the file once there is one, else the keychain." enum:"keychain,file,memory," default:"" env:"ZOHOSYNC_VAULT" placeholder:"KIND"`
	JSON  bool   `help:"Print lists and results as JSON." name:"json"`
	Log   bool   `help:"Write a diary of ids and counts to standard error."`

	Tray        trayCmd        `cmd:"" default:"1" help:"Show the tray icon and sync as time goes by."`
	Account     accountCmd     `cmd:"" help:"Add, list and remove accounts."`
	Collections collectionsCmd `cmd:"" help:"List the calendars, task lists, address books or CRM modules of an account, or create one."`
	Pair        pairCmd        `cmd:"" help:"Add, list, change and remove pairs."`
	Sync        syncCmd        `cmd:"" help:"Sync now. Exit code 0: in step; 1: some items failed or something waits for you; 2: could not run; 3: stopped by a guard; 4: the plan that was confirmed is another one by now."`
	Check       checkCmd       `cmd:"" help:"List both sides wholly and compare what is linked. Nothing is written without --fix. It costs as much as a first sync. Exit code 0: the same on both; 1: something differs or waits."`
	Status      statusCmd      `cmd:"" help:"Tell how things stand since the last sync. Exit code 1: something waits for you, or the last sync failed."`
	Questions   questionsCmd   `cmd:"" help:"List what waits for your decision, with the answers that each question takes. Exit code 1: something waits."`
	Answer      answerCmd      `cmd:"" help:"Answer a question. The next sync carries it out."`
	History     historyCmd     `cmd:"" help:"List the last runs, or what one of them changed."`
	Undo        undoCmd        `cmd:"" help:"Take a run back on both sides: what it changed, created and deleted, as far as nobody touched it since."`
	Conflicts   conflictsCmd   `cmd:"" help:"List what lost where both sides had changed the same field, and give it back."`
	Settings    settingsCmd    `cmd:"" help:"Bring back what was set up."`
	Doctor      doctorCmd      `cmd:"" help:"Look for what commonly goes wrong, and say what to do. Exit code 0: nothing found; 1: something does not work."`
	Sandbox     sandboxCmd     `cmd:"" help:"Serve a stand-in for Zoho CRM on this computer until stopped, to try things out."`
	Demo        demoCmd        `cmd:"" help:"Show a whole story on this computer: a stand-in for Zoho CRM and a CalDAV server, edited on both sides and kept in step. It needs nothing else and ends by itself."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, t *terminal) exit {
	var c commands
	parser, err := c.parser(ctx, t)
	if err != nil {
		return t.fail(err)
	}
	chosen, err := parser.Parse(args)
	t.json = c.JSON || err != nil && wantsJSON(args)
	if err != nil {
		return t.fail(&usageError{err})
	}
	word, _, _ := strings.Cut(chosen.Command(), " ")
	if t.own == nil && needsHome(word) {
		if code, err := handOver(ctx, args, t, c.Home); !errors.Is(err, instance.ErrNobody) {
			return max(code, t.fail(err))
		}
	}
	return t.fail(chosen.Run())
}

// parser understands command lines and puts them into c.
func (c *commands) parser(ctx context.Context, t *terminal) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("zohosync"),
		kong.Description("Keeps Zoho CRM in step with CalDAV and CardDAV servers."),
		kong.Writers(t.out, t.err),
		kong.Vars{"scopes": strings.Join(auth.Scopes(), ",")},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t, c),
	)
}

// wantsJSON tells whether a command line that cannot be understood asks for JSON: a script reads the answer all the same.
func wantsJSON(args []string) bool {
	for _, a := range args {
		switch a {
		case "--":
			return false
		case "--json", "--json=true":
			return true
		}
	}
	return false
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"zohosync/app/instance"
	"zohosync/assets"
)

// needsHome tells whether a command works in the home, so that the process that owns it has to carry it out.
func needsHome(command string) bool {
	switch command {
	case "account", "collections", "pair", "sync", "check", "status", "doctor", "history", "undo", "questions", "answer", "conflicts":
		return true
	}
	return false
}

// handOver has the tray icon's process carry out a command, and returns its exit code. instance.ErrNobody when there is no
// such process.
func handOver(ctx context.Context, args []string, t *terminal, asked string) (exit, error) {
	dir, err := homeFolder(asked)
	if err != nil {
		return failed, err
	}
	env := map[string]string{}
	for _, name := range handedOver() {
		if v := t.env(name); v != "" {
			env[name] = v
		}
	}
	code, err := instance.Run(ctx, dir, instance.Command{Args: args, Env: env, Language: t.words.Language(), In: t.in, Out: t.out, Err: t.err})
	if errors.Is(err, instance.ErrBroken) {
		// An older version that is still running, or one that just quits.
		err = fmt.Errorf("%w: %w", errLocked, err)
	}
	return exit(code), err
}

// carryOut runs a command of another process in the home that this one owns.
func (t *terminal) carryOut(ctx context.Context, own *home, c instance.Command) exit {
	return run(ctx, c.Args, &terminal{
		in: c.In, out: c.Out, err: c.Err,
		env: func(name string) string {
			if slices.Contains(handedOver(), name) {
				return c.Env[name]
			}
			return os.Getenv(name)
		},
		words: assets.Speak(c.Language), specs: t.specs, browse: t.browse, pages: t.pages, own: own,
	})
}

// handedOver are the variables of which those of the person at the command line count.
func handedOver() []string { return []string{envClientSecret} }

// envClientSecret holds the secret of an OAuth client, which is no matter for a command line.
const envClientSecret = "ZOHOSYNC_CLIENT_SECRET"

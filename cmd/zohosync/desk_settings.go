//go:build cgo

package main

import (
	"context"
	"errors"

	"zohosync/app/ui"
	"zohosync/assets"
	"zohosync/sync/auth"
)

// Settings implements ui.Program.
func (d *desk) Settings(ctx context.Context) (ui.Settings, error) {
	p, err := d.home.preferences(ctx)
	if err != nil {
		return ui.Settings{}, err
	}
	_, asked := d.home.vault.Get(ctx, secretClient)
	return ui.Settings{
		Language: p.Language, Interval: p.Interval, CloseKeeps: !p.Closes, Panel: p.Panel, ClientID: p.ClientID,
		HasSecret:  asked == nil,
		BuiltIn:    builtinClientID != "" || d.t.env(envClientID) != "",
		Vault:      d.home.kind,
		VaultWorks: asked == nil || errors.Is(asked, auth.ErrNoSecret),
	}, nil
}

// StoreSettings implements ui.Program.
func (d *desk) StoreSettings(ctx context.Context, s ui.Settings) error {
	p := preferences{Language: s.Language, Interval: s.Interval, Closes: !s.CloseKeeps, Panel: s.Panel, ClientID: s.ClientID}
	before, err := d.home.preferences(ctx)
	if err != nil {
		return err
	}
	if err := d.home.storePreferences(ctx, p, s.ClientSecret); err != nil {
		return err
	}
	d.engine.SetInterval(p.Interval)
	d.mu.Lock()
	if p.Language != before.Language {
		d.language = assets.Speak(p.Language)
	}
	d.tint = p.Panel
	d.mu.Unlock()
	d.changed()
	return nil
}

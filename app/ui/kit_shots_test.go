package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"zohosync/sync/plan"
)

func kitShots() []shot {
	none := func() Program { return nil }
	return []shot{
		{"kit", none, func(s *stage) *opened { return s.put(gallery) }},
		{"kit-question", none, func(s *stage) *opened {
			o := s.put(gallery)
			o.kit.ask("Discard the changes?", "Nothing has been stored yet.",
				answer{label: "Keep editing"}, answer{label: "Discard"})
			return o
		}},
		{"kit-empty", none, func(s *stage) *opened { return s.put(emptyGallery) }},
	}
}

// gallery shows every part of the kit.
func gallery(k *kit, _ string) view {
	side := k.side([]sideItem{
		{id: "accounts", label: "Accounts"},
		{label: "PAIRS", head: true},
		{id: "1", label: "Contacts", arrow: iconDirection(plan.Both), other: "Nextcloud", count: "3"},
		{id: "2", label: "Meetings", arrow: iconDirection(plan.ToRight), other: "A server with a long name", count: "12"},
		{id: "3", label: "Folders and rules", indent: 1},
	}, "1", nil)
	page := k.page(
		headWith(pairTitle("Contacts", iconDirection(plan.Both), "Nextcloud", style{size: theme.SizeNameHeadingText, bold: true}),
			"512 of 1,220 items · about 2 minutes left", k.button("Pause", nil), k.button("Stop", nil)),
		gap(12), newBar(0.4), section("FOLDERS"),
		k.row("Zoho CRM", value("My contacts", "ann@example.com · 412 contacts"), k.link("Change…", nil)),
		k.row("Edited on both sides", k.choice([]string{"Zoho wins", "The other side wins"}, 0, nil), nil,
			caption("Used for updates only, never for new contacts, whichever side they come from or were first seen on.")),
		k.row("Only to read", boxed("https://accounts.zoho.eu/oauth/v2/auth?client_id=1000.ABCDEFGHIJKLMNOPQRSTUVWXYZ"), k.link("Copy", nil)),
		section("STATE"),
		ticked(k.check("Sync this pair", true, nil), "Off: both copies stay as they are."),
		gap(12),
		k.radios([]option{
			{label: "One", caption: "The first of two.", inner: k.entry("", "ann@example.com", nil)},
			{label: "Two", caption: "The other one."},
		}, 0, nil),
		gap(12), busy("Checking the server…"),
		gap(12), k.problem(Explained{Code: "unreachable", Sentence: "The server cannot be reached. Nothing was lost.",
			Next: "Check the connection and the address. A later sync tries again.", Detail: "dial tcp: refused"}),
		gap(12), note(noteWarning, "A warning", "With words below it."), gap(12), note(noteSuccess, "Done", ""),
		gap(12), note(noteInfo, "Information", ""),
	)
	foot := footer(k.link("Help", nil), k.button("Cancel", k.window.Close), k.button("Apply", nil), k.primary("OK", nil))
	return view{title: "Kit", content: frame(side, 228, page, foot), size: fyne.NewSize(980, 1150)}
}

func emptyGallery(k *kit, _ string) view {
	page := fullPage(head("Pairs", ""), empty(theme.ContentAddIcon(), theme.ColorNamePrimary, "No pairs yet",
		"Choose where your contacts, tasks and meetings are. It takes about two minutes.", k.primary("Add pairs…", nil)))
	return view{title: "Kit", content: frame(nil, 0, page, nil), size: fyne.NewSize(500, 400)}
}

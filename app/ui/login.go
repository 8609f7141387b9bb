package ui

import "fyne.io/fyne/v2"

func newLogIn(k *kit, _ string) view {
	return view{title: k.words.T("Log In"), content: stack(0), size: fyne.NewSize(500, 424)}
}

//go:build linux

package desktoptest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	itemInterface = "org.kde.StatusNotifierItem"
	menuInterface = "com.canonical.dbusmenu"
)

// Item is the tray icon of one process.
type Item struct {
	t    testing.TB
	d    *Desktop
	item dbus.BusObject
	menu dbus.BusObject
}

// Entry is one line of a menu, as the panel reads it.
type Entry struct {
	Label     string
	Enabled   bool
	Separator bool
	Children  []Entry

	id int32
}

// Item waits until the panel shows the icon of a process, and returns it.
func (d *Desktop) Item(t testing.TB, pid int) *Item {
	t.Helper()
	name := fmt.Sprintf("org.kde.StatusNotifierItem-%d-1", pid)
	watcher := d.bus.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
	i := &Item{t: t, d: d, item: d.bus.Object(name, "/StatusNotifierItem")}
	d.waitFor(t, say("the icon"), func() bool {
		// A watcher lists items by well-known or by unique name, with or without their path.
		var owner string
		if d.bus.BusObject().Call("org.freedesktop.DBus.GetNameOwner", 0, name).Store(&owner) != nil {
			return false
		}
		listed, err := watcher.GetProperty("org.kde.StatusNotifierWatcher.RegisteredStatusNotifierItems")
		names, _ := listed.Value().([]string)
		return err == nil && slices.ContainsFunc(names, func(n string) bool {
			return strings.HasPrefix(n, name) || strings.HasPrefix(n, owner)
		})
	})
	path, ok := i.property("Menu").(dbus.ObjectPath)
	if !ok {
		t.Fatal("the icon has no menu")
	}
	i.menu = d.bus.Object(name, path)
	return i
}

func (i *Item) property(name string) any {
	i.t.Helper()
	v, err := i.item.GetProperty(itemInterface + "." + name)
	if err != nil {
		i.t.Fatalf("ask the icon for its %s: %v", name, err)
	}
	return v.Value()
}

// Title returns the accessible name of the icon.
func (i *Item) Title() string { i.t.Helper(); return fmt.Sprint(i.property("Title")) }

// Tooltip returns what the icon says under the pointer.
func (i *Item) Tooltip() string {
	i.t.Helper()
	// The signature is (sa(iiay)ss): icon, pixels, title, text.
	parts, _ := i.property("ToolTip").([]any)
	if len(parts) != 4 {
		i.t.Fatalf("the tooltip has %d parts", len(parts))
	}
	return fmt.Sprint(parts[2])
}

// Pixels returns the picture of the icon as it was sent, to compare it with another moment's.
func (i *Item) Pixels() []byte {
	i.t.Helper()
	var pictures []struct {
		Width, Height int32
		Bytes         []byte
	}
	if err := dbus.Store([]any{i.property("IconPixmap")}, &pictures); err != nil {
		i.t.Fatalf("read the icon: %v", err)
	}
	var all bytes.Buffer
	for _, p := range pictures {
		all.Write(p.Bytes)
	}
	return all.Bytes()
}

// Menu returns the menu as it is now. While a program changes its menu, part of it may be missing.
func (i *Item) Menu() []Entry {
	i.t.Helper()
	entries, _ := i.read()
	return entries
}

// read returns the menu and its revision, which grows with every change.
func (i *Item) read() ([]Entry, uint32) {
	i.t.Helper()
	var revision uint32
	var root layout
	if err := i.menu.Call(menuInterface+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		i.t.Fatalf("read the menu: %v", err)
	}
	top, err := root.entry()
	if err != nil {
		i.t.Fatalf("read the menu: %v", err)
	}
	return top.Children, revision
}

// Labels returns the labels of the menu as it is now, "-" for a separator; a disabled one is in parentheses.
func (i *Item) Labels() []string {
	i.t.Helper()
	var labels []string
	for _, e := range i.Menu() {
		switch {
		case e.Separator:
			labels = append(labels, "-")
		case e.Enabled:
			labels = append(labels, e.Label)
		default:
			labels = append(labels, "("+e.Label+")")
		}
	}
	return labels
}

// WaitFor waits until the menu has a label that begins like this, and returns the whole label.
func (i *Item) WaitFor(prefix string) string {
	i.t.Helper()
	return i.waitFor(prefix, func(e Entry) bool { return strings.HasPrefix(e.Label, prefix) }).Label
}

// WaitForMenu waits until Labels are these.
func (i *Item) WaitForMenu(labels ...string) {
	i.t.Helper()
	i.d.waitFor(i.t, func() string { return fmt.Sprintf("the menu %q; it is %q", labels, i.Labels()) },
		func() bool { return slices.Equal(i.Labels(), labels) })
}

// Click waits until the menu has this entry enabled, and chooses it.
func (i *Item) Click(label string) {
	i.t.Helper()
	i.choose(i.waitFor(label, func(e Entry) bool { return e.Label == label && e.Enabled }))
}

// waitFor waits for an entry in a menu that rests: every change gives its entries new ids, and a click on an old one is
// lost.
func (i *Item) waitFor(what string, fits func(Entry) bool) Entry {
	i.t.Helper()
	var found Entry
	var before uint32
	i.d.waitFor(i.t, func() string { return fmt.Sprintf("the menu entry %q among %q", what, i.Labels()) }, func() bool {
		entries, revision := i.read()
		rests := revision == before
		before = revision
		at := slices.IndexFunc(entries, fits)
		if at < 0 || !rests {
			return false
		}
		found = entries[at]
		return true
	})
	return found
}

func (i *Item) choose(e Entry) {
	i.t.Helper()
	event := i.menu.Call(menuInterface+".Event", 0, e.id, "clicked", dbus.MakeVariant(int32(0)), uint32(0))
	if event.Err != nil {
		i.t.Fatalf("click %q: %v", e.Label, event.Err)
	}
}

// layout is (ia{sv}av), as GetLayout returns it.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

func (l layout) entry() (Entry, error) {
	e := Entry{id: l.ID, Enabled: true}
	// Properties with their default value are left out.
	if v, ok := l.Properties["label"]; ok {
		// An underscore marks an access key, two stand for one.
		label := strings.ReplaceAll(fmt.Sprint(v.Value()), "__", "\x00")
		e.Label = strings.ReplaceAll(strings.ReplaceAll(label, "_", ""), "\x00", "_")
	}
	if v, ok := l.Properties["enabled"]; ok {
		e.Enabled, _ = v.Value().(bool)
	}
	if v, ok := l.Properties["type"]; ok {
		e.Separator = v.Value() == "separator"
	}
	for _, v := range l.Children {
		var child layout
		if err := dbus.Store([]any{v.Value()}, &child); err != nil {
			return Entry{}, err
		}
		below, err := child.entry()
		if err != nil {
			return Entry{}, err
		}
		e.Children = append(e.Children, below)
	}
	return e, nil
}

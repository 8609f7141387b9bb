package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/contentline"
	"zohosync/sync/plan"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
	"zohosync/sync/sandbox/oascheck"
)

// corpusFolder returns the folder of real objects, or skips the test.
func corpusFolder(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("ZOHOSYNC_CORPUS"); dir != "" {
		return dir
	}
	dir, found := oascheck.Shared("corpus")
	if !found {
		t.Skip("no folder of real objects: neither beside the project nor in ZOHOSYNC_CORPUS")
	}
	return dir
}

// realObject is one object of the corpus, as another program would put it on a server.
type realObject struct{ file, component, uid, text string }

// corpusObjects cuts the whole files of the corpus into objects: what shares a UID, with the zones of its file. UIDs that
// were there before, or that are missing, are made anew, for a collection takes each only once.
func corpusObjects(t *testing.T, dir string, most int) []realObject {
	t.Helper()
	var out []realObject
	seen := map[string]int{}
	for _, pattern := range []string{"*/*.ics", "*/*.vcf"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list := objectsOf(b, seen)
			for _, o := range list[:min(most, len(list))] {
				o.file = filepath.Base(path)
				out = append(out, o)
			}
		}
	}
	return out
}

// objectsOf cuts one file.
func objectsOf(b []byte, seen map[string]int) []realObject {
	f, err := contentline.Parse(b)
	if err != nil || f.Flaw != nil || len(f.Roots()) != 1 {
		return nil
	}
	if root := f.Roots()[0]; root.Name == "VCARD" {
		uid := fresh(root, "", seen)
		return []realObject{{component: root.Name, uid: uid, text: string(f.Bytes())}}
	}
	type group struct{ name, uid string }
	var groups []group
	for _, c := range f.Roots()[0].Children("") {
		if g := (group{c.Name, uidOf(c)}); c.Name != "VTIMEZONE" && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	var out []realObject
	for _, g := range groups {
		alone, err := contentline.Parse(b)
		if err != nil {
			return nil
		}
		root, uid := alone.Roots()[0], ""
		for _, c := range root.Children("") {
			switch {
			case c.Name == "VTIMEZONE":
			case c.Name != g.name || uidOf(c) != g.uid:
				root.RemoveComponent(c)
			default:
				uid = fresh(c, uid, seen)
			}
		}
		for _, l := range root.All("METHOD") {
			root.Remove(l) // RFC 4791 section 4.1
		}
		out = append(out, realObject{component: g.name, uid: uid, text: string(alone.Bytes())})
	}
	return out
}

func uidOf(c *contentline.Component) string {
	if l := c.First("UID"); l != nil {
		return strings.TrimSpace(contentline.Unescape(l.Value))
	}
	return ""
}

// fresh gives a component the UID of its object, or one that was not seen before, and returns it.
func fresh(c *contentline.Component, uid string, seen map[string]int) string {
	if uid == "" {
		if uid = uidOf(c); uid == "" || seen[uid] > 0 {
			uid = fmt.Sprintf("%s-again-%d", strings.TrimSpace(uid), len(seen))
		}
		seen[uid]++
	}
	lines := c.All("UID")
	if len(lines) == 0 {
		c.Add(contentline.Content{Name: "UID", Value: contentline.Escape(uid)})
	} else if uidOf(c) != uid {
		c.Replace(lines[0], lines[0].WithValue(contentline.Escape(uid)))
	}
	return uid
}

// way is the whole path of one kind of object: what the server holds, and the records that came of it.
type way struct {
	*stage
	crm       *sandbox.Server
	server    davtest.Server
	person    davPerson
	pair      string
	module    string
	component string
	texts     map[string]string // by href, as they were last seen
	hrefs     map[string]string // by UID
	refused   int
}

func newWay(t *testing.T, server, module, kind, mime, component string) *way {
	if server == serviceLocal {
		return newWayTo(t, davtest.Server{Name: serviceLocal}, module, kind, mime, component)
	}
	return newWayTo(t, realServer(t, server), module, kind, mime, component)
}

func newWayTo(t *testing.T, server davtest.Server, module, kind, mime, component string) *way {
	w := &way{stage: newStage(t), module: module, component: component, pair: strings.ToLower(module), hrefs: map[string]string{}}
	crm, info := crm(t, sandbox.Options{Seed: 1, MarkField: true, Unlimited: true})
	w.crm = crm
	w.addCRM(info)
	var client *http.Client
	if server.Name == serviceLocal {
		w.server = w.addLocal()
		client = &http.Client{Transport: &atHome{home: w.home, server: w.server}}
	} else {
		w.server = server
		w.do(w.server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", w.server.URL, "--user", w.server.User, "--password-stdin")
	}
	made := decode[[]listed](t, w.do("", "collections", "home", "--create", "CRM "+module, "--kind", kind, "--json"))
	more := []string{"--delete-left", "propagate", "--delete-right", "propagate"}
	if kind == "event" {
		more = append(more, "--from", "200000", "--to", "200000")
	}
	w.do("", append([]string{"pair", "add", "--left", "crm:" + module, "--right", "home:" + made[0].Ref}, more...)...)
	w.person = elsewhere(t, w.server, made[0].Ref, mime)
	w.person.client = client
	return w
}

// fill puts the objects on the server; what it refuses is counted.
func (w *way) fill(objects []realObject) {
	for i, o := range objects {
		if o.component != w.component {
			continue
		}
		href := fmt.Sprintf("o%d%s", i, map[bool]string{true: ".vcf", false: ".ics"}[w.component == "VCARD"])
		answer, _ := w.person.ask(http.MethodPut, href, "0", w.person.mime+"; charset=utf-8", o.text)
		if answer.StatusCode/100 != 2 || answer.StatusCode == http.StatusMultiStatus {
			w.refused++
			continue
		}
		w.hrefs[o.uid] = href
	}
	w.texts = w.look()
}

// look returns the texts of all objects by their names.
func (w *way) look() map[string]string {
	out := map[string]string{}
	for _, href := range w.hrefs {
		out[href] = w.person.get(href)
	}
	return out
}

// run syncs once and returns how many writes there were on each side. Items with problems are no failure here.
func (w *way) run(more ...string) (left, right int, report syncedPair) {
	w.t.Helper()
	code, out, errOut := w.try("", append([]string{"sync", w.pair, "--json"}, more...)...)
	if code != inStep && code != attention {
		w.t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	report = decode[struct{ Pairs []syncedPair }](w.t, out).Pairs[0]
	l, r := report.Left, report.Right
	return l.Created + l.Updated + l.Deleted, r.Created + r.Updated + r.Deleted, report
}

// meet is a first sync, which has to be told if it is to make much.
func (w *way) meet() (left, right int, report syncedPair) {
	w.t.Helper()
	_, out, _ := w.try("", "sync", w.pair, "--dry-run", "--json")
	if stop := decode[struct{ Pairs []syncedPair }](w.t, out).Pairs[0].Stop; stop != nil && stop.Code == plan.CodeFirst {
		return w.run("--confirm", strconv.Itoa(stop.Number))
	}
	return w.run()
}

// quiet wants a sync that writes nothing.
func (w *way) quiet(after string) {
	w.t.Helper()
	if l, r, report := w.run(); l+r != 0 {
		w.t.Errorf("%s: a second sync writes %d on the left and %d on the right: %+v", after, l, r, report)
	}
}

// unchanged wants every object to be as it was, byte for byte.
func (w *way) unchanged(after string) {
	w.t.Helper()
	now := w.look()
	for href, was := range w.texts {
		if now[href] != was {
			w.t.Errorf("%s: %s changed from\n%s\nto\n%s", after, href, was, now[href])
		}
	}
}

// edit changes every record that came from the server, in the same fields, and returns how many there were.
func (w *way) edit(values map[string]any) int {
	n := 0
	for _, rec := range w.crm.Records(w.module) {
		if uid, _ := rec["ZohoSync_ID"].(string); w.hrefs[uid] != "" && w.crm.Edit(w.module, rec["id"].(string), values) {
			n++
		}
	}
	return n
}

// only wants no line of any object to have changed but those of these names, and the stamps; byte for byte where the
// server keeps bytes. It returns how many objects changed.
func (w *way) only(after string, names ...string) int {
	w.t.Helper()
	changed, now := 0, w.look()
	for href, was := range w.texts {
		if now[href] == was {
			continue
		}
		changed++
		a, b := rest(w.t, was, names), rest(w.t, now[href], names)
		if w.server.Name != serviceLocal {
			gone, come := moved(a, b)
			a, b = strings.Join(gone, "\n"), strings.Join(come, "\n")
		}
		if a != b {
			w.t.Errorf("%s: %s changed in more than %v: from\n%s\nto\n%s", after, href, names, was, now[href])
		}
	}
	w.texts = now
	return changed
}

// rest returns an object without the lines of these names and the stamps; without its alarms where names has VALARM.
func rest(t *testing.T, text string, names []string) string {
	t.Helper()
	f, err := contentline.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	names = append([]string{"DTSTAMP", "LAST-MODIFIED", "REV"}, names...)
	var out bytes.Buffer
	alarm := false
	for l := range f.Lines() {
		is := strings.EqualFold(l.Value, "VALARM") && slices.Contains(names, "VALARM")
		alarm = alarm || is && l.Is("BEGIN")
		if !alarm && !slices.ContainsFunc(names, l.Is) {
			out.WriteString(l.Raw())
		}
		alarm = alarm && !(is && l.Is("END"))
	}
	return out.String()
}

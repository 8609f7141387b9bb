package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
)

// corpusKind says how the objects of one kind are edited in the CRM, and which lines each edit may touch.
type corpusKind struct {
	module, kind, mime, component string

	name, other, clear                map[string]any
	nameLines, otherLines, clearLines []string
}

func corpusKinds() []corpusKind {
	address := func(which string) map[string]any {
		return map[string]any{which + "_Street": "9 New St", which + "_City": "New, Town", which + "_State": "NT", which + "_Zip": "99", which + "_Country": "Nowhere"}
	}
	person := map[string]any{"Salutation": "Dr.", "First_Name": "Renée", "Last_Name": "O; Neill", "Department": "New, dept", "Email": "new@new.example",
		"Secondary_Email": "second@new.example", "Phone": "+49 1", "Mobile": "+49 2", "Home_Phone": "+49 3", "Other_Phone": "+49 4", "Fax": "+49 5",
		"Assistant": "Annabella", "Asst_Phone": "+49 6", "Date_of_Birth": "1971-02-03", "Description": "New\nnote; with, more", "Tag": []any{map[string]any{"name": "new, word"}}}
	maps.Copy(person, address("Mailing"))
	maps.Copy(person, address("Other"))
	nothing := func(values map[string]any, keep ...string) map[string]any {
		out := map[string]any{}
		for name := range values {
			if !slices.Contains(keep, name) {
				out[name] = nil
			}
		}
		return out
	}
	meeting := map[string]any{"Start_DateTime": "2031-03-05T09:15:00+01:00", "End_DateTime": "2031-03-05T10:45:00+01:00", "All_day": false, "Venue": "New, room",
		"Description": "New\ntext; with, more", "Participants": []any{map[string]any{"type": "email", "participant": "new@new.example"}},
		"Remind_At": []any{map[string]any{"unit": 7, "period": "minutes"}}, "Tag": []any{map[string]any{"name": "new, word"}}}
	todo := map[string]any{"Due_Date": "2031-03-05", "Status": "In Progress", "Priority": "Highest", "Description": "New<br>text; with, more",
		"Remind_At": map[string]any{"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2031-03-04T12:30:00+01:00"}, "Tag": []any{map[string]any{"name": "new, word"}}}
	description := []string{"DESCRIPTION", "X-ALT-DESC", "STYLED-DESCRIPTION", "CATEGORIES", "VALARM"}
	people := []string{"N", "FN", "ORG", "EMAIL", "TEL", "ADR", "X-ABLabel", "X-ABADR", "BDAY", "NOTE", "CATEGORIES",
		"X-MS-ASSISTANT", "X-ASSISTANT", "X-EVOLUTION-ASSISTANT", "X-KADDRESSBOOK-X-AssistantsName"}
	return []corpusKind{
		{"Events", "event", "text/calendar", "VEVENT",
			map[string]any{"Event_Title": "Renamed, in the CRM; é"}, meeting, nothing(meeting, "Start_DateTime", "End_DateTime", "All_day"),
			[]string{"SUMMARY"}, append([]string{"DTSTART", "DTEND", "DURATION", "SEQUENCE", "LOCATION", "ATTENDEE"}, description...), append([]string{"LOCATION", "ATTENDEE"}, description...)},
		{"Tasks", "task", "text/calendar", "VTODO",
			map[string]any{"Subject": "Renamed, in the CRM; é"}, todo, nothing(todo, "Status"),
			[]string{"SUMMARY"}, append([]string{"DTSTART", "DUE", "DURATION", "STATUS", "COMPLETED", "PERCENT-COMPLETE", "X-ZOHO-STATUS", "PRIORITY", "X-ZOHO-PRIORITY"}, description...),
			append([]string{"DUE", "DURATION", "PRIORITY", "X-ZOHO-PRIORITY"}, description...)},
		{"Contacts", "contact", "text/vcard", "VCARD",
			map[string]any{"Title": "Analyst, first class; é"}, person, nothing(person, "Last_Name"),
			[]string{"TITLE"}, people, people},
	}
}

// TestCorpusThroughTheCRM takes every event, task and card of the corpus on the whole way: it comes to the CRM, is renamed
// there, edited in every other field, and cleared. Each time the object on the server changes in the lines of these
// fields alone, and a second sync has nothing to do (C-12, C-25, C-30, C-46).
func TestCorpusThroughTheCRM(t *testing.T) {
	servers := []string{serviceLocal}
	most := 40
	if os.Getenv("ZOHOSYNC_SOAK") != "" {
		servers = append(servers, davtest.All()...)
	}
	dir := corpusFolder(t)
	objects := corpusObjects(t, dir, most)
	for _, server := range servers {
		for _, k := range corpusKinds() {
			t.Run(server+" "+k.module, func(t *testing.T) { k.travel(t, server, objects) })
		}
	}
}

func (k corpusKind) travel(t *testing.T, server string, objects []realObject) {
	w := newWay(t, server, k.module, k.kind, k.mime, k.component)
	w.crm.Put(k.module, map[string]any{"Last_Name": "Stays", "Subject": "Stays", "Event_Title": "Stays", "Start_DateTime": "2026-07-01T10:00:00+02:00", "End_DateTime": "2026-07-01T10:00:00+02:00"})
	w.fill(objects)
	files := map[string]bool{}
	for _, o := range objects {
		if o.component == k.component && w.hrefs[o.uid] != "" {
			files[o.file] = true
		}
	}
	_, _, first := w.meet()
	w.unchanged("the first sync")
	w.quiet("the first sync")
	why := map[string]int{}
	for _, it := range first.Items {
		why[it.Code+" "+string(it.Field)]++
	}
	t.Logf("%d objects of %d files on the server (%d refused by it), %d in the CRM; left out or listed: %v", len(w.hrefs), len(files), w.refused, first.Left.Created, why)
	fields, items := 0, 0
	for _, e := range []struct {
		what   string
		values map[string]any
		lines  []string
	}{{"renamed", k.name, k.nameLines}, {"edited", k.other, k.otherLines}, {"cleared", k.clear, k.clearLines}} {
		n := w.edit(e.values)
		if n == 0 {
			t.Fatal("no record was edited")
		}
		items = n
		_, _, report := w.run()
		changed := w.only(e.what, e.lines...)
		t.Logf("%s: %d records, %d fields, %d objects changed, %d written, %d listed", e.what, n, len(e.values), changed, report.Right.Updated, len(report.Items)-len(first.Items))
		fields += n * len(e.values)
		w.quiet(e.what)
		w.only(e.what + ", a second sync")
	}
	series := w.renameOccurrences(k.name)
	t.Logf("%d files, %d single items, %d fields edited; %d series had an occurrence renamed", len(files), items, fields, series)
}

// renameOccurrences renames one occurrence of every series that came to the CRM. Its object gets an exception, and no line
// that it had is touched. It returns how many there were.
func (w *way) renameOccurrences(values map[string]any) int {
	w.t.Helper()
	of := map[string]bool{}
	for _, rec := range w.crm.Records(w.module) {
		mark, _ := rec["ZohoSync_ID"].(string)
		if uid, _, occurs := strings.Cut(mark, "#"); occurs && w.hrefs[uid] != "" && !of[w.hrefs[uid]] {
			of[w.hrefs[uid]] = w.crm.Edit(w.module, rec["id"].(string), values)
		}
	}
	if len(of) == 0 {
		return 0
	}
	before := w.texts
	w.run()
	w.texts = w.look()
	for href, was := range before {
		gone, come := moved(was, w.texts[href])
		if gone = stampless(gone); len(gone) > 0 && !of[href] || of[href] == (len(stampless(come)) == 0) {
			w.t.Errorf("%s: an occurrence took %q and brought %q", href, gone, come)
		}
		for _, l := range gone {
			if !strings.HasPrefix(l, "SUMMARY") && !strings.HasPrefix(l, "SEQUENCE") {
				w.t.Errorf("%s: the name of an occurrence took %q", href, l)
			}
		}
	}
	w.quiet("an occurrence was renamed")
	return len(of)
}

package object

import (
	"slices"
	"strings"
	"testing"

	"zohosync/sync/record"
)

const joinLink = "https://teams.example/l/meetup-join/19%3a?p=1&q=2"

// formats are ways in which calendars keep a formatted description (C-46), and what is read of it.
func formats() map[string]struct {
	lines []string
	want  string
} {
	link := strings.ReplaceAll(joinLink, "&", "&amp;")
	page := `<html><body><p>Agenda</p><p><a href="` + link + `">Join</a></p></body></html>`
	return map[string]struct {
		lines []string
		want  string
	}{
		"HTML in DESCRIPTION": {[]string{"DESCRIPTION:" + contentEscape(page)}, "Agenda\nJoin <" + joinLink + ">"},
		"Outlook":             {[]string{`DESCRIPTION:Agenda\nJoin <` + joinLink + `>\n`, "X-ALT-DESC;FMTTYPE=text/html:" + contentEscape(page)}, "Agenda\nJoin <" + joinLink + ">"},
		"link only in HTML":   {[]string{"DESCRIPTION:Agenda", "X-ALT-DESC;FMTTYPE=text/html:" + contentEscape(page)}, "Agenda\n<" + joinLink + ">"},
		"HTML alone":          {[]string{`DESCRIPTION:\n`, "X-ALT-DESC;FMTTYPE=text/html:" + contentEscape(page)}, "Agenda\nJoin <" + joinLink + ">"},
		"RFC 9073":            {[]string{"STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:" + contentEscape(page), "DESCRIPTION;DERIVED=TRUE:Agenda"}, "Agenda\n<" + joinLink + ">"},
		"Thunderbird":         {[]string{`DESCRIPTION;ALTREP="data:text/html,%3Cp%3EAgenda%3C%2Fp%3E%3Ca%20href%3D%22https%3A%2F%2Fx.example%2F%22%3EJoin%3C/a%3E":Agenda`}, "Agenda\n<https://x.example/>"},
		"base64":              {[]string{`DESCRIPTION;ALTREP="data:text/html;charset=utf-8;base64,PGEgaHJlZj0iaHR0cHM6Ly94LmV4YW1wbGUvIj54PC9hPg==":Agenda`}, "Agenda\n<https://x.example/>"},
		"addresses":           {[]string{`DESCRIPTION:Write <ann@x.example> or see <https://x.example/>; 1 < 2`}, "Write <ann@x.example> or see <https://x.example/>; 1 < 2"},
	}
}

func contentEscape(s string) string {
	return strings.NewReplacer(",", `\,`, ";", `\;`, "\n", `\n`).Replace(s)
}

// C-46: formatted text is shown as text, with its links, and no edit of another field touches it.
func TestFormattedDescriptionIsReadAsText(t *testing.T) {
	for name, f := range formats() {
		for _, make := range []func(...string) string{event, task} {
			t.Run(name, func(t *testing.T) {
				body := make(append([]string{"DTSTART:20260701T100000Z", "SUMMARY:x"}, f.lines...)...)
				c, title := codec(t, record.Event), record.Title
				if strings.Contains(body, "VTODO") {
					c, title = codec(t, record.Task), record.Subject
				}
				if got := read(t, c, body).Record[record.Details]; got != f.want {
					t.Errorf("read as %q, want %q", got, f.want)
				}
				out := edited(t, c, body, record.Patch{title: "y"})
				wantChanges(t, body, out, append(stamps(), "-SUMMARY:x", "+SUMMARY:y")...)
				// The text as it was shown is no edit, whatever else is written with it.
				same := edited(t, c, body, record.Patch{title: "y", record.Details: f.want})
				wantChanges(t, out, same)
			})
		}
	}
}

// C-46: once the text was edited nothing says the old one any more.
func TestEditedDescriptionReplacesFormattedOnes(t *testing.T) {
	for name, f := range formats() {
		t.Run(name, func(t *testing.T) {
			body := event(append([]string{"DTSTART:20260701T100000Z", "SUMMARY:x", "X-OTHER;FMTTYPE=text/html:<p>Agenda</p>"}, f.lines...)...)
			for _, v := range []string{"New text", "a <b>typed</b> <p> tag\nand more", "", f.want + "\nmore"} {
				out := edited(t, codec(t, record.Event), body, record.Patch{record.Details: v})
				rest := slices.DeleteFunc(strings.Split(out, "\r\n"), func(l string) bool { return strings.HasPrefix(l, "X-OTHER") || strings.HasPrefix(l, "SUMMARY") })
				if joined := strings.Join(rest, ""); v != f.want+"\nmore" && strings.Contains(joined, "Agenda") {
					t.Errorf("after %q the old text is still in\n%s", v, out)
				}
				if !strings.Contains(out, "X-OTHER;FMTTYPE=text/html:<p>Agenda</p>") {
					t.Errorf("another line is gone:\n%s", out)
				}
			}
		})
	}
}

// A text that somebody typed and that looks like HTML stays the text that it is.
func TestTypedMarkupIsNoHTML(t *testing.T) {
	c := codec(t, record.Event)
	for _, v := range []string{"<p>markup</p>\n<script>x</script>", "<br>", "use <b>bold</b> &amp; <i>this</i>"} {
		body, err := c.Compose("u", record.Write{Op: record.Create, Patch: record.Patch{record.When: "2026-07-01/2026-07-02", record.Details: v}})
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, c, string(body)).Record[record.Details]; got != v {
			t.Errorf("%q is read as %q", v, got)
		}
		if out := edited(t, c, string(body), record.Patch{record.Details: "plain"}); strings.Contains(out, formatParam) {
			t.Errorf("plain text is marked:\n%s", out)
		}
	}
}

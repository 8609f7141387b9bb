package dav

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/provider/providertest"
	"zohosync/sync/record"
)

// Adornment that no field maps, per kind of object.
func adornment(kind record.Kind) string {
	if kind == record.Contact {
		return "X-ODD;X-P=\"a,b\":kept as it is\r\nNICKNAME:Nick\r\nEND:VCARD"
	}
	end := "END:" + componentOf(kind)
	return "X-ODD;X-P=\"a,b\":kept as it is\r\nURL:https://example.com/x\r\n" + end
}

func TestConformance(t *testing.T) {
	onEach(t, func(t *testing.T, s davtest.Server) {
		for _, kind := range record.Kinds {
			t.Run(string(kind), func(t *testing.T) {
				made, err := accountOf(t, s, s.URL).Make(t.Context(), "Conformance "+string(kind), kind)
				if err != nil {
					t.Fatal(err)
				}
				providertest.Run(t, setup(s, made.Ref, kind))
			})
		}
	})
}

func setup(s davtest.Server, ref string, kind record.Kind) providertest.Setup {
	open := func(t testing.TB, fields []record.Field) *collection {
		c, err := accountOf(t, s, s.URL).Open(t.Context(), ref, kind, fields)
		if err != nil {
			t.Fatal(err)
		}
		return c.(*collection)
	}
	return providertest.Setup{
		Kind:     kind,
		Open:     func(t testing.TB, fields []record.Field) provider.Collection { return open(t, fields) },
		Provider: func(t testing.TB) provider.Provider { return accountOf(t, s, s.URL) },
		Adorn: func(t testing.TB, id record.ID) {
			c := open(t, nil)
			now, err := c.get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			extra := adornment(kind)
			end := extra[strings.LastIndex(extra, "END:"):]
			text := strings.Replace(string(now.body), end, extra, 1)
			u, _ := c.address(id)
			mime := "text/calendar"
			if kind == record.Contact {
				mime = "text/vcard"
			}
			if _, err := c.client.do(t.Context(), request{method: http.MethodPut, url: u, body: []byte(text),
				header: map[string]string{"Content-Type": mime, "If-Match": now.etag}}); err != nil {
				t.Fatal(err)
			}
		},
		Extra: func(t testing.TB, id record.ID) string {
			now, err := open(t, nil).get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			var kept []string
			for _, line := range strings.Split(string(now.body), "\r\n") {
				if strings.HasPrefix(line, "X-ODD") || strings.HasPrefix(line, "NICKNAME") || strings.HasPrefix(line, "URL") {
					kept = append(kept, line)
				}
			}
			slices.Sort(kept) // Radicale and Xandikos sort the lines.
			return strings.Join(kept, "\n")
		},
		Series: seriesFor(open, kind),
		Values: spoilt(s.Name, kind),
		Can:    providertest.Can{Marks: true, Keys: true, Make: true, Restore: true, Idle: 1},
	}
}

// spoilt leaves out values that a server is known to spoil: Xandikos takes the escapes of calendar objects for others.
func spoilt(server string, kind record.Kind) map[record.Field][]string {
	if server != "xandikos" || kind == record.Contact {
		return nil
	}
	return map[record.Field][]string{record.Details: {"One line", "Two lines\nand, a comma; a semicolon", "Grüße, 日本語 🎉"}}
}

// seriesFor makes series as another program does. Contacts do not repeat.
func seriesFor(open func(testing.TB, []record.Field) *collection, kind record.Kind) func(testing.TB, record.Record, int) func() {
	if kind == record.Contact {
		return nil
	}
	return func(t testing.TB, r record.Record, n int) func() {
		c := open(t, nil)
		uid := "series-" + strings.ToLower(rand.Text())
		body, err := c.codec.Compose(uid, record.Write{Patch: record.Patch(r)})
		if err != nil {
			t.Fatal(err)
		}
		rule := fmt.Sprintf("RRULE:FREQ=DAILY;COUNT=%d\r\nEND:%s", n, componentOf(kind))
		if start, _ := r.Times(kind); kind == record.Task {
			rule = "DTSTART;VALUE=DATE:" + start.Format("20060102") + "\r\n" + rule
		}
		id := record.ID(uid + ".ics")
		place(t, c, string(id), strings.Replace(string(body), "END:"+componentOf(kind), rule, 1))
		return func() {
			r := &run{collection: c, sending: t.Context()}
			if _, err := r.send(id, nil, map[string]string{}); err != nil && status(err) != http.StatusNotFound {
				t.Error(err)
			}
		}
	}
}

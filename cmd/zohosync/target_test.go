package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

var ownerHref = regexp.MustCompile(`(<(?:[A-Za-z0-9]+:)?owner>\s*<(?:[A-Za-z0-9]+:)?href>)[^<]*(<)`)

// lent puts a proxy before a server that makes every collection look like one that the boss shares.
func lent(t *testing.T, s davtest.Server) davtest.Server {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	host := *to
	host.Path = ""
	front, err := url.Parse(listen(t, &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&host)
			r.Out.Host = host.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(a *http.Response) error {
			b, err := io.ReadAll(a.Body)
			b = ownerHref.ReplaceAll(b, []byte("${1}/boss/${2}"))
			a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
			a.Header.Set("Content-Length", strconv.Itoa(len(b)))
			return err
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	to.Host = front.Host
	s.URL = to.String()
	return s
}

// C-61: who adds a pair sees whose the two folders are and a few of their items, and is asked; a look costs the CRM one page.
func TestANewPairShowsItsTarget(t *testing.T) {
	s := newStage(t)
	crmServer, info := crm(t, sandbox.Options{Contacts: 500, Seed: 7})
	s.addCRM(info)
	server := s.addServer()
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))[0]
	elsewhere(t, server, made.Ref, "text/vcard").put("a.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:Grace Hopper\r\nN:Hopper;Grace;;;\r\nEND:VCARD\r\n")
	args := []string{"pair", "add", "--left", "crm:Contacts", "--right", "home:People"}
	s.asks = true
	looks := func() (n int) {
		for _, r := range crmServer.Requests() {
			if strings.HasSuffix(r.Path, "/crm/v8/Contacts") {
				n++
			}
		}
		return n
	}
	before := looks()
	code, out, shown := s.try("n\n", args...)
	if code != inStep || !strings.Contains(out, "Nothing was changed.") || len(pairsOf(t, s)) != 0 {
		t.Fatalf("exit %d: %s%s", code, out, shown)
	}
	if n := looks() - before; n != 1 {
		t.Errorf("a look sent %d requests for records", n)
	}
	for _, want := range []string{"crm:Contacts (http", "@", "home:People (" + server.URL, "Owner: " + server.User, "For example: Grace Hopper", "Looking cost 1 API credit.", "Keep these two in step? [y/N]"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown:\n%s", want, shown)
		}
	}
	if names := regexp.MustCompile(`For example: (.*;.*;.*)`).FindStringSubmatch(shown); names == nil || strings.Count(names[1], ";") != 2 {
		t.Errorf("three contacts of the CRM are not shown:\n%s", shown)
	}
	if strings.Contains(shown, "somebody else") {
		t.Errorf("one's own folder warns:\n%s", shown)
	}
	s.do("y\n", args...)
	if len(pairsOf(t, s)) != 1 {
		t.Error("yes added no pair")
	}
}

func pairsOf(t *testing.T, s *stage) []shownPair {
	t.Helper()
	return decode[[]shownPair](t, s.do("", "pair", "list", "--json"))
}

// C-61: a folder of somebody else gets a warning of its own, and stops who cannot be asked.
func TestAFolderOfSomebodyElseWarns(t *testing.T) {
	s := newStage(t)
	_, info := crm(t, sandbox.Options{})
	s.addCRM(info)
	server := lent(t, realServer(t, "radicale"))
	s.do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	s.do("", "collections", "home", "--create", "Meetings", "--kind", string(record.Event))
	args := []string{"pair", "add", "--left", "crm:Events", "--right", "home:Meetings"}
	s.fails(failed, "shared", "", args...)
	s.asks = true
	s.fails(failed, "shared", "y\n", append(args, "--json")...)
	_, _, shown := s.try("n\n", args...)
	for _, want := range []string{"Owner: boss", "belongs to somebody else", "It seems to hold nothing of this kind."} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown:\n%s", want, shown)
		}
	}
	if len(pairsOf(t, s)) != 0 {
		t.Fatal("a pair was added")
	}
	if code, _, shown := s.try("", append(args, "--yes")...); code != inStep || !strings.Contains(shown, "home:Meetings: This folder belongs to somebody else.") {
		t.Errorf("exit %d: %s", code, shown)
	}
}

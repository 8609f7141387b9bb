package main

import (
	"fmt"
	"strings"
	"testing"

	"zohosync/sync/sandbox"
)

// C-50: the diary, the errors and what a person sends when asking for help hold ids and counts: no secret, no name, no address,
// no text of anybody, whatever goes wrong.
func TestTheDiaryNamesNobody(t *testing.T) {
	s := newStage(t)
	s.env["ZOHOSYNC_PASSPHRASE"] = "canary-passphrase"
	s.vault = "file"
	crmServer, info := crm(t, sandbox.Options{Unlimited: true})
	s.addCRM(info)
	server := realServer(t, "radicale")
	s.do(server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", server.URL, "--user", server.User, "--password-stdin")
	made := decode[[]listed](t, s.do("", "collections", "home", "--create", "People", "--kind", "contact", "--json"))[0]
	s.do("", "pair", "add", "--left", "crm:Contacts", "--right", "home:"+made.Ref, "--any-owner")
	people := elsewhere(t, server, made.Ref, "text/vcard")
	card := func(n int, more string) {
		people.put(fmt.Sprintf("c%d.vcf", n), fmt.Sprintf("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c%d\r\nFN:Canaria Canary%d\r\nN:Canary%d;Canaria;;;\r\nEMAIL:canary%d@example.com\r\nNOTE:canary text\r\n%sEND:VCARD\r\n", n, n, n, n, more))
	}
	card(1, "")
	card(2, "TITLE:"+strings.Repeat("canary", 60)+"\r\n") // longer than the CRM holds
	id := crmServer.Put("Contacts", map[string]any{"Last_Name": "Canary9", "Email": "canary9@example.com", "Description": "canary text"})
	var heard strings.Builder
	run := func(args ...string) {
		_, _, errOut := s.try("", append([]string{"--log"}, args...)...)
		heard.WriteString(errOut)
	}
	run("sync")
	crmServer.Edit("Contacts", id, map[string]any{"Description": "another canary text"})
	for _, kind := range []string{"500", "429", "400", "401", "truncate"} {
		crmServer.Fault(sandbox.Fault{Match: "PUT /crm/v8/Contacts", Kind: kind, Count: 2})
		run("sync")
	}
	card(1, "TITLE:Canary of canaries\r\n")
	run("sync")
	run("check")
	run("undo", "1", "--yes")
	_, out, errOut := s.try("", "doctor") // what people are asked to send
	heard.WriteString(out + errOut)
	s.env["ZOHOSYNC_PASSPHRASE"] = "another canary-passphrase"
	run("sync")
	diary := heard.String()
	if !strings.Contains(diary, "Changes listed") || !strings.Contains(diary, "pair=contacts") {
		t.Fatalf("there is no diary:\n%s", diary)
	}
	secrets := []string{"canary", "example.com", server.Password, info.RefreshToken, sandbox.MainSecret}
	for _, line := range strings.Split(diary, "\n") {
		for _, secret := range secrets {
			if strings.Contains(strings.ToLower(line), strings.ToLower(secret)) {
				t.Errorf("%q stands in: %s", secret, line)
			}
		}
	}
}

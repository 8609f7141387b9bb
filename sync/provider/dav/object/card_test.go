package object

import (
	"maps"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func cardStamp(version string) string {
	if version == "4.0" {
		return "+REV:" + noonUTC
	}
	return "+REV:2026-03-04T12:00:00Z"
}

func TestCardIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want record.Record
	}{
		"3.0": {vcard("3.0", `N:O\;Neil;Ann Mary;X,Y;Dr.;Jr.`, "FN:Somebody", "ORG:Acme\\, Inc.;Sales;North", "TITLE:Boss",
			"EMAIL;TYPE=INTERNET:Two@x", "item1.EMAIL;TYPE=\"INTERNET,PREF\":one@x", "EMAIL:three@x",
			"TEL:1", "TEL;TYPE=WORK,VOICE:2", "TEL;TYPE=cell:3", "TEL;TYPE=HOME:4", "TEL;TYPE=HOME,FAX:5", "TEL;TYPE=PAGER:6", "TEL;TYPE=x-assistant:7",
			"X-EVOLUTION-ASSISTANT:Ada", "X-MANAGER:Max", "BDAY:1950-02-03T00:00:00Z", "NOTE:a\\nb\\,c", "CATEGORIES:x,y",
			`ADR;TYPE=HOME:box;;1 Main\, St;Town;CA;90;US`, "ADR;TYPE=WORK:;;2 Side;;;;"),
			record.Record{"salutation": "Dr.", "first_name": "Ann Mary", "last_name": "O;Neil", "account": "Acme, Inc.", "department": "Sales",
				"title": "Boss", "email": "one@x", "email_other": "two@x", "phone": "2", "other_phone": "1", "mobile": "3", "home_phone": "4",
				"fax": "5", "assistant_phone": "7", "assistant": "Ada", "reports_to": "Max", "birthday": "1950-02-03", "description": "a\nb,c",
				"categories": "x;y", "mailing_address": "2 Side;;;;", "other_address": "1 Main, St;Town;CA;90;US"}},
		"4.0": {vcard("4.0", "FN:Ann Mary Lee", "EMAIL;PREF=2:b@x", "EMAIL;PREF=1:a@x", "TEL;VALUE=uri;TYPE=\"work,voice\":tel:+1-555;ext=5",
			"TEL;TYPE=cell;PREF=1:3", "BDAY:--0203", "ADR;PREF=1:;;s;c;;;"),
			record.Record{"first_name": "Ann Mary", "last_name": "Lee", "email": "a@x", "email_other": "b@x", "phone": "+1-555;ext=5", "mobile": "3",
				"birthday": "--02-03", "mailing_address": "s;c;;;"}},
		"2.1": {vcard("2.1", "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "TEL;WORK;FAX:1", "TEL;CELL:2", "EMAIL;INTERNET:a@x",
			"EMAIL;PREF;INTERNET:b@x", "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:one=0D=0Atwo =", "=C3=A9", "ADR;HOME:;;a\\;b;c", "TITLE:caf\xe9"),
			record.Record{"last_name": "Müller", "first_name": "Jörg", "fax": "1", "mobile": "2", "email": "b@x", "email_other": "a@x",
				"description": "one\ntwo é", "mailing_address": `a\;b;c;;;`, "title": "café"}},
		"company":     {vcard("3.0", "N:;;;;", "FN:Acme Corp", "ORG:Acme Corp;"), record.Record{"account": "Acme Corp"}},
		"mail only":   {vcard("3.0", "N:;;;;", "FN:a@x", "EMAIL:a@x"), record.Record{"email": "a@x"}},
		"single name": {vcard("4.0", "FN:Cher"), record.Record{"last_name": "Cher"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(t, codec(t, record.Contact), c.body).Record; !maps.Equal(got, c.want) {
				t.Errorf("got\n%v\nwant\n%v", got, c.want)
			}
		})
	}
}

// samples holds two values of every field.
func samples() map[record.Field][2]string {
	out := map[record.Field][2]string{
		record.Birthday: {"1980-02-29", "--12-31"}, record.Details: {"one\ntwo; é, \\", "x"}, record.Categories: {"a;b,c", "z"},
		record.EmailMain: {"new@x.example", "n2@x"}, record.EmailOther: {"other@x.example", "o2@x"},
		record.MailingAddress: {"1 Main St\nFlat 2;Town, East;CA;9\\;0;US", ";;;;FR"}, record.OtherAddress: {"s;;;;", "t;u;v;w;x"},
	}
	for _, f := range record.FieldsOf(record.Contact) {
		if _, there := out[f]; !there {
			out[f] = [2]string{"New; " + string(f) + ", é \\ x", "B"}
		}
	}
	return out
}

// Every field of cards of every version can be set, changed and cleared, alone, and nothing else changes.
func TestEveryFieldOfEveryVersion(t *testing.T) {
	for _, version := range []string{"2.1", "3.0", "4.0"} {
		for name, lines := range map[string][]string{
			"bare": {"N:Lee;Ann;;;", "FN:Ann Lee"},
			"rich": {"N:Lee;Ann;M;Dr;Jr", "FN:Ann M Lee Jr", "ORG:Acme;Sales;North", "TITLE:T", "EMAIL:1@x", "EMAIL:2@x", "EMAIL:3@x", "EMAIL:4@x",
				"TEL:1", "TEL:2", "TEL:3", "TEL;TYPE=WORK:4", "TEL;TYPE=WORK:5", "TEL;TYPE=CELL:6", "TEL;TYPE=CELL:7", "TEL;TYPE=HOME:8", "TEL;TYPE=FAX:9",
				"TEL;TYPE=OTHER:10", "TEL;TYPE=OTHER:11", "ADR:box;ext;s;c;;;", "ADR:;;t;;;;", "ADR:;;u;;;;", "BDAY:19700101", "X-MS-MANAGER:M", "X-MANAGER:O"},
			"no name": {"FN:Acme Corp", "ORG:Acme Corp;Sales", "EMAIL:a@x", "TEL;TYPE=HOME:1", "ADR;TYPE=OTHER:;;s;c;;;"},
		} {
			for _, f := range record.FieldsOf(record.Contact) {
				t.Run(version+"/"+name+"/"+string(f), func(t *testing.T) {
					c := codec(t, record.Contact)
					body := vcard(version, lines...)
					for _, v := range []string{samples()[f][0], samples()[f][1], "", samples()[f][1], samples()[f][0]} {
						body = edited(t, c, body, record.Patch{f: v})
					}
				})
			}
		}
	}
}

func TestCardKeepsWhatIsNotEdited(t *testing.T) {
	for _, c := range []struct {
		name, version string
		lines         []string
		patch         record.Patch
		want          []string
	}{
		{"parts of the name", "3.0", []string{`n;X=1:Lee;Ann;M\,N,O;Dr;Jr`, "FN:The Lee"}, record.Patch{"first_name": "Bea"},
			[]string{`-n;X=1:Lee;Ann;M\,N,O;Dr;Jr`, `+n;X=1:Lee;Bea;M\,N,O;Dr;Jr`}},
		{"composed full name", "3.0", []string{"N:Lee;Ann;M;Dr;", "FN:Lee, Dr Ann M"}, record.Patch{"last_name": "Fox"},
			[]string{"-N:Lee;Ann;M;Dr;", "+N:Fox;Ann;M;Dr;", "-FN:Lee, Dr Ann M", `+FN:Fox\, Dr Ann M`}},
		{"name from the full name", "4.0", []string{"FN:Ann Mary Lee"}, record.Patch{"last_name": "Fox"},
			[]string{"-FN:Ann Mary Lee", "+FN:Ann Mary Fox", "+N:Fox;Ann Mary;;;"}},
		{"full name by mail", "3.0", []string{"N:;;;;", "FN:a@x", "EMAIL:a@x"}, record.Patch{"email": "b@x"},
			[]string{"-EMAIL:a@x", "+EMAIL:b@x", "-FN:a@x", "+FN:b@x"}},
		{"parts of the organisation", "3.0", []string{"ORG:Acme;Sales;North", "FN:x"}, record.Patch{"department": ""},
			[]string{"-ORG:Acme;Sales;North", "+ORG:Acme;;North"}},
		{"post box", "3.0", []string{"ADR;TYPE=WORK;X-A=\"b;c\":box;ext;s;c;r;z;n", "FN:x"}, record.Patch{"mailing_address": ""},
			[]string{"-ADR;TYPE=WORK;X-A=\"b;c\":box;ext;s;c;r;z;n", "+ADR;TYPE=WORK;X-A=\"b;c\":box;ext;;;;;"}},
		{"group and parameters", "3.0", []string{"item1.EMAIL;type=INTERNET;type=pref:a@x", "item1.X-ABLabel:Office", "FN:x"}, record.Patch{"email": "b@x"},
			[]string{"-item1.EMAIL;type=INTERNET;type=pref:a@x", "+item1.EMAIL;type=INTERNET;type=pref:b@x"}},
		{"label goes with its line", "3.0", []string{"item1.EMAIL:a@x", "item1.X-ABLabel:Office", "item2.X-ABLabel:Other", "FN:x"}, record.Patch{"email": ""},
			[]string{"-item1.EMAIL:a@x", "-item1.X-ABLabel:Office"}},
		{"label of another line", "3.0", []string{"item1.EMAIL:a@x", "item1.TEL:1", "item1.X-ABLabel:Office", "FN:x"}, record.Patch{"email": ""},
			[]string{"-item1.EMAIL:a@x"}},
		{"quoted-printable becomes plain", "2.1", []string{"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1;X=1:caf=E9=\r\n=E9", "FN:x"}, record.Patch{"description": "thé"},
			[]string{"-NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1;X=1:caf=E9=", "-=E9", "+NOTE;X=1;CHARSET=UTF-8:thé"}},
		{"left-overs of 2.1", "3.0", []string{"TITLE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE;X=1:caf=C3=A9", "FN:x"}, record.Patch{"title": "a=41"},
			[]string{"-TITLE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE;X=1:caf=C3=A9", "+TITLE;X=1:a=41"}},
		{"several lines in 2.1", "2.1", []string{"FN:x"}, record.Patch{"description": "a\nb="}, []string{"+NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=3D"}},
		{"uri becomes text", "4.0", []string{"TEL;VALUE=uri;TYPE=work:tel:+1", "FN:x"}, record.Patch{"phone": "+2 (0) 3"},
			[]string{"-TEL;VALUE=uri;TYPE=work:tel:+1", "+TEL;TYPE=work:+2 (0) 3"}},
		{"second mail alone", "3.0", []string{"EMAIL:a@x", "EMAIL;TYPE=HOME:b@x", "FN:x"}, record.Patch{"email": ""},
			[]string{"-EMAIL:a@x", "-EMAIL;TYPE=HOME:b@x", "+EMAIL;TYPE=HOME;X-ZOHO-FIELD=email_other:b@x"}},
		{"types of 4.0", "4.0", []string{"FN:x"}, record.Patch{"fax": "1", "email": "a@x"}, []string{"+TEL;TYPE=work;TYPE=fax:1", "+EMAIL:a@x"}},
		{"types of 2.1", "2.1", []string{"FN:x"}, record.Patch{"fax": "1", "email": "a@x"}, []string{"+TEL;WORK;FAX:1", "+EMAIL;INTERNET:a@x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := vcard(c.version, append(c.lines, "PHOTO;ENCODING=b:AAAA", " BBBB", "X-ODD;A=\"b,c\":d,e")...)
			out := edited(t, codec(t, record.Contact), in, c.patch)
			wantChanges(t, in, out, append(c.want, cardStamp(c.version))...)
		})
	}
}

// C-13: a birthday is a date and has no zone.
func TestBirthday(t *testing.T) {
	for in, want := range map[string]string{
		"BDAY:19550203": "1955-02-03", "BDAY:1955-02-03": "1955-02-03", "BDAY;VALUE=date-time:1955-02-03T23:59:59-12:00": "1955-02-03",
		"BDAY:19550203T000000Z": "1955-02-03", "BDAY:--0229": "--02-29", "BDAY:--02-29": "--02-29", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29": "--02-29",
		"BDAY;X-APPLE-OMIT-YEAR=1900:1900-03-01": "--03-01", "BDAY:1604-03-01": "--03-01", "BDAY;VALUE=text:circa 1800": "", "BDAY:1955": "", "BDAY:---03": "",
	} {
		for _, zone := range []string{"Pacific/Kiritimati", "Etc/GMT+12"} {
			c := codec(t, record.Contact)
			c.Zone = location(t, zone)
			if got := read(t, c, vcard("4.0", "FN:x", in)).Record[record.Birthday]; got != want {
				t.Errorf("%s: got %q, want %q", in, got, want)
			}
		}
	}
	for _, c := range []struct{ version, old, v, want string }{
		{"3.0", "BDAY;VALUE=date-time:1955-02-03T00:00:00Z", "1956-02-04", "BDAY:1956-02-04"},
		{"3.0", "BDAY:1955-02-03", "--02-04", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-04"},
		{"3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-04", "1956-02-04", "BDAY:1956-02-04"},
		{"4.0", "BDAY:--0203", "1956-02-04", "BDAY:19560204"},
		{"4.0", "BDAY;VALUE=text:spring", "--02-04", "BDAY:--0204"},
	} {
		in := vcard(c.version, "FN:x", c.old)
		out := edited(t, codec(t, record.Contact), in, record.Patch{record.Birthday: c.v})
		wantChanges(t, in, out, "-"+c.old, "+"+c.want, cardStamp(c.version))
	}
	_, err := codec(t, record.Contact).Edit([]byte(vcard("3.0", "FN:x")), record.Patch{record.Birthday: "May"})
	wantCode(t, err, provider.CodeInvalid, record.Birthday)
}

func TestNamesMayBeGone(t *testing.T) {
	c := codec(t, record.Contact)
	in := vcard("3.0", "N:Lee;Ann;;;", "FN:Ann Lee", "EMAIL:a@x")
	out := edited(t, c, in, record.Patch{record.FirstName: "", record.LastName: ""})
	if !strings.Contains(out, "\r\nFN:a@x\r\n") {
		t.Errorf("no full name by mail:\n%s", out)
	}
	_, err := c.Edit([]byte(vcard("3.0", "N:Lee;Ann;;;", "FN:Ann Lee")), record.Patch{record.FirstName: "", record.LastName: ""})
	wantCode(t, err, provider.CodeMandatory, record.LastName)
	edited(t, c, vcard("3.0", "N:;Ann;;;", "FN:Ann"), record.Patch{record.FirstName: "", record.LastName: "Ann"})
	edited(t, c, vcard("4.0", "FN:Ann Lee", "ORG:Acme"), record.Patch{record.Account: "Ann Lee"}) // a company named like the person
}

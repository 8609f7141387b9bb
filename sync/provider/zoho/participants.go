package zoho

import (
	"encoding/json"
	"errors"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

const maxParticipants = 50

// participant is one entry of Participants: a contact, lead or user by id, or anybody by e-mail address.
type participant struct {
	Type        string `json:"type"`
	Participant string `json:"participant"`
	Email       string `json:"Email"`
}

// address returns the e-mail address by which other services know the person; "" when Zoho tells none.
func (p participant) address() string {
	a := p.Email
	if a == "" && strings.Contains(p.Participant, "@") {
		a = p.Participant
	}
	return record.Canonical(record.Email, a)
}

func readParticipants(_ *module, o object, names []string) (string, error) {
	var list []participant
	if err := o.into(names[0], &list); err != nil {
		return "", errUnreadable
	}
	out := make([]string, 0, len(list))
	for _, p := range list {
		if a := p.address(); a != "" {
			out = append(out, a)
		}
	}
	return record.Join(out...), nil
}

// writeParticipants sends the whole list, for Zoho replaces it: those who stay as Zoho sent them, those whom only Zoho
// knows (without an address), and new ones by address. Nobody is invited: that takes $send_notification.
func writeParticipants(d *draft, names []string, v string) error {
	name := names[0]
	if _, told := d.now[name]; d.now != nil && !told {
		return &provider.ItemError{Code: provider.CodeRefused, Err: errors.New("zoho: does not tell who takes part")}
	}
	var raws []json.RawMessage
	if err := d.now.into(name, &raws); err != nil {
		return invalid("participants have an unknown form")
	}
	wanted := map[string]bool{}
	for _, a := range record.Split(v) {
		wanted[a] = true
	}
	list := []any{}
	for _, raw := range raws {
		var p participant
		if json.Unmarshal(raw, &p) != nil {
			return invalid("participants have an unknown form")
		}
		a := p.address()
		if a == "" || wanted[a] {
			list = append(list, raw)
			delete(wanted, a)
		}
	}
	for _, a := range record.Split(v) {
		if wanted[a] {
			list = append(list, map[string]string{"type": "email", "participant": a})
		}
	}
	if len(list) > maxParticipants {
		return &provider.ItemError{Code: provider.CodeTooLong, Err: errors.New("zoho: more participants than a meeting holds")}
	}
	d.out[name] = list
	return nil
}

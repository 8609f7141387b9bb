// Package plan holds the rule of the synchronisation: it turns items of two sides, seen against what both last agreed on,
// into steps. It does no I/O, reads no clock and logs nothing, so that preview, dry run, tests and the real run are one
// call.
package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zohosync/sync/record"
)

// Side is one of the two sides of a pair: the CRM on the left, the other service on the right.
type Side int

// The sides.
const (
	Left  Side = 0
	Right Side = 1
)

// Sides lists both.
var Sides = [2]Side{Left, Right}

// Other returns the opposite side.
func (s Side) Other() Side { return 1 - s }

// String returns "left" or "right".
func (s Side) String() string {
	if s == Left {
		return "left"
	}
	return "right"
}

// Presence says how an item stands on its side.
type Presence string

// The presences of an item.
const (
	Present Presence = "present"
	Gone    Presence = "gone"    // deleted for sure
	Missing Presence = "missing" // no longer listed, but nobody said that it was deleted: access was lost
	Skipped Presence = "skipped" // there, but it cannot be an item now
)

// MarshalText writes the side as String does.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Side) UnmarshalText(text []byte) error {
	switch string(text) {
	case "left":
		*s = Left
	case "right":
		*s = Right
	default:
		return fmt.Errorf("no side is called %q", text)
	}
	return nil
}

// Seen is an item as the state knows it.
type Seen struct {
	record.Item
	Presence  Presence
	FirstSeen time.Time // when a listing, or a write of ours, first brought it
	Edited    time.Time // when somebody last changed its record, by the clock of its service; zero: it does not tell
	Noticed   time.Time // when we first saw its record as somebody made it
	News      bool      // changed since it was last planned
	Foreign   bool      // another pair brought it into the CRM: out of scope here
	Copy      bool      // we made it of a version that lost: it belongs to the pair whenever it takes place
	Replaced  bool      // it was gone, and another one was made in its place
}

// Here says whether a side has the item now.
func (s *Seen) Here() bool { return s != nil && s.Presence == Present }

// Triple is an item seen three ways. An item without a partner has one nil side and no link.
type Triple struct {
	Link    int64 // 0: not linked yet
	Items   [2]*Seen
	Base    [2]record.Record // what each side held when both last agreed
	Held    string           // why the link rests, or ""
	Adopted bool             // found again by its mark: it was linked once, what both agreed on is lost
	By      Reason           // how Match found the partner; "" unless it did
	Refused [2]Refused       // by the side that would be written
	Was     [2]record.ID     // by side: the item whose place another one took, see Reattach
	// Contested: one side is gone, and several items claim its place.
	Contested bool
	Barred    [2]*Bar // by the same: a whole write that was refused a moment ago
	Copies    []Copy  // versions of it that became items of their own, or are about to
}

// Refused names fields that a service refused a moment ago, each with the code of its problem: they stay where they are.
type Refused map[record.Field]string

// Bar is a write that a service refused as a whole, and why. The same is not sent again at once.
type Bar struct {
	Problem Problem
	Patch   record.Patch
}

// Step is what settles one triple. Acts on both sides make it a merge.
type Step struct {
	Triple    Triple
	Acts      [2]*Act
	Agree     [2]record.Patch // fields on which both sides agree without a write: their new bases
	Conflicts []Conflict
	Problems  []Problem
	Fate      Fate
	Hold      string     // with Keep: why nothing flows
	Wait      bool       // nothing can be decided now: it is planned again at the next run
	Questions []Question // what a person has to decide about its items, answered or not
	Shares    []string   // the IDs of questions of other steps that are about its items too
	Copy      *Copy      // a version that has to be there on both sides before anything is decided
	Over      bool       // what its copies were made for is settled
}

// Fate says what becomes of the link.
type Fate string

// What becomes of a link.
const (
	Stay Fate = ""     // as it is
	Drop Fate = "drop" // both sides are gone
	Keep Fate = "keep" // it rests: one side is gone or does not belong to the pair, see Step.Hold
)

// Act is one write and the bases that it makes when it is done.
type Act struct {
	Write record.Write
	Agree [2]record.Patch // by side: what was sent to the written side, what the other side held
}

// Landed takes what a service returned into the bases of an act: the returned value counts where it is what this service
// holds of the value sent, otherwise the value sent does. What came back may hold somebody's later edit.
func (a *Act) Landed(r Rules, to Side, returned record.Record) {
	for f, sent := range a.Agree[to] {
		got, listed := returned[f]
		if listed && got != sent && r.Limits[to][f].Held(record.Lookup(r.Kind, f).Type, sent) == got {
			a.Agree[to][f] = got
		}
	}
}

// Untaken lists the fields that a service did not take although it did not say so: they are as they were before. Taken
// for somebody's edit, that would clear the value where it came from.
func (a *Act) Untaken(r Rules, to Side, returned record.Record) []record.Field {
	var out []record.Field
	for f, sent := range a.Agree[to] {
		got := returned[f]
		if got != sent && got == a.Write.Seen[f] && r.Limits[to][f].Held(record.Lookup(r.Kind, f).Type, sent) != got {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// Arrived says whether an unanswered write was carried out, given the item as it now is: it leaves of what was to be
// agreed on the fields that the item holds as they were sent.
func (a *Act) Arrived(r Rules, to Side, now record.Record) bool {
	from, kept := to.Other(), [2]record.Patch{{}, {}}
	for _, row := range r.Mapping {
		f := row.field(to)
		sent, was := a.Agree[to][f]
		if !was || now[f] != sent && r.Limits[to][f].Held(record.Lookup(r.Kind, f).Type, sent) != now[f] {
			continue
		}
		kept[to][f] = now[f]
		if have, ok := a.Agree[from][row.field(from)]; ok {
			kept[from][row.field(from)] = have
		}
	}
	a.Agree = kept
	return len(kept[to]) > 0
}

// StayedBehind takes fields that were not written after all out of the bases of an act, and notes that they stay.
func (a *Act) StayedBehind(r Rules, to Side, fields []record.Field) {
	from := to.Other()
	for _, row := range r.Mapping {
		if !slices.Contains(fields, row.field(to)) {
			continue
		}
		if have, sent := a.Agree[from][row.field(from)]; sent {
			a.Agree[from][stays(row.field(from))] = have
		}
		delete(a.Agree[to], row.field(to))
		delete(a.Agree[from], row.field(from))
	}
}

// stays names the place in a base for the value of a field that its side holds and the other cannot. The field is not
// agreed on, and yet no edit.
func stays(f record.Field) record.Field { return "stays:" + f }

// Conflict is a field that both sides changed differently.
type Conflict struct {
	Field  record.Field // the left side's name of it
	Winner Side
	Lost   string // the losing value, as its side held it
	Won    string // the winning value, as the losing side is to hold it
}

// Idle says whether the step changes nothing on either side.
func (s Step) Idle() bool { return s.Acts[Left] == nil && s.Acts[Right] == nil }

// Digest stands for all that decides about a pair but its window: another digest means that it has to be planned anew.
func (r Rules) Digest() string {
	r.Window = record.Window{}
	text, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:16])
}

// Key names a create, so that doing it twice cannot make two items: a hash of where the item comes from and of its own
// name, never a counter, so that two installations make the same one.
func Key(scope string, self record.Mark) string {
	h := sha256.Sum256([]byte(scope + "\x00" + string(self)))
	return hex.EncodeToString(h[:16])
}

package plan

import "zohosync/sync/record"

// Problem is why an item, or one field of it, is not in step. Code is one of the codes below or one of package provider's.
type Problem struct {
	Code  string       `json:"code"`
	Side  Side         `json:"side"` // where the item is that people will look for
	Field record.Field `json:"field,omitempty"`
}

// Codes of the planner. The sentences that people read for them are in package assets.
const (
	CodeTooLong    = "too-long"
	CodeNoChoice   = "no-choice"
	CodeMandatory  = "mandatory"
	CodeAmbiguous  = "ambiguous"       // could be the partner of several, or one with other values
	CodeDeletion   = "deletion-waits"  // deleted on one side; the other waits for a person
	CodeGuests     = "guests-deletion" // the same for a meeting with participants
	CodeLeft       = "left-alone"      // a person decided to leave it alone
	CodeLoop       = "loop"            // it is changed back again and again
	CodeReturned   = "returned"        // it was gone, was made anew, and came back
	CodeGone       = "gone"            // the collection is missing
	CodeHeld       = "held"            // deleted on one side, kept on the other, as the rules say
	CodeUndone     = "undone"          // an undo left it on one side only; it waits for an edit
	CodeLostAccess = "lost-access"     // no longer listed, not known to be deleted
	CodeUnseen     = "deleted-unseen"  // deleted on one side, out of sight on the other; it waits until it is seen again
	CodeUnsure     = "unsure"          // sent, but the answer was lost; it will be looked for
	CodeExtra      = "extra-values"    // in step, but one side holds values that the other has no fields for (a note)
	CodeOrphan     = "orphan"          // was linked once; its partner is missing
	CodeDrift      = "drift"           // neither side changed, and yet they differ
	CodeOutOfReach = "out-of-scope"    // its partner does not belong to this pair
	CodeConflict   = "conflict"        // changed differently on both sides; a person decides
	CodeKeepBoth   = "keeps-both"      // its other version becomes an item of its own first
	CodeEdited     = "edited-since"    // an undo leaves it: somebody edited it after the run
	CodeGoneSince  = "gone-since"      // an undo leaves it: it was deleted after the run
	CodeReplaced   = "replaced-since"  // an undo leaves it: another item took its place
	CodeReadOnly   = "read-only"       // an undo leaves it: the rules no longer let us write there
	CodeLastCopy   = "last-copy"       // made by this program, and stays: its partner is missing
	CodeCopied     = "maybe-copy"      // bears a mark, and stays: a person may have made it from one that we made
	CodeHoldsMore  = "holds-more"      // made by this program, and stays: it holds what its partner does not
	CodeUntold     = "untold"          // made by this program: whether it was edited since is not known
	CodeEmptied    = "guard-empty"     // guard R1
	CodeMany       = "guard-many"      // guard R2
	CodeAll        = "guard-all"       // guard R2
	CodeFailing    = "guard-failing"   // guard C-4
	CodeFirst      = "guard-first"     // guard C-58
	CodeUntoldMany = "guard-untold"    // what is about to be removed may have been edited
)

// Noted says whether a code is a mere note: the item is in step.
func Noted(code string) bool { return code == CodeExtra }

// Excluded says whether a code names something that was left out on purpose, or a note, so that nothing failed and nobody
// is asked.
func Excluded(code string) bool {
	if Noted(code) {
		return true
	}
	switch code {
	case "recurring", "other-kind", CodeHeld, CodeLeft, CodeUndone, CodeUntold, CodeUnseen, CodeOutOfReach, OutOwner, OutCategory, OutWindow, OutForeign, OutView:
		return true
	}
	return false
}

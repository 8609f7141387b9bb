package assets

import "slices"

// problem is what a person reads about one code: what happened and what it means for the data, then the next step.
type problem struct{ code, sentence, next string }

// Problem returns the sentences for the code of a problem, as keys for Words.T. A code without sentences of its own gets
// those of "refused".
func Problem(code string) (sentence, next string) {
	var refused problem
	for _, p := range problems() {
		if p.code == code {
			return p.sentence, p.next
		}
		if p.code == "refused" {
			refused = p
		}
	}
	return refused.sentence, refused.next
}

// ProblemCodes returns every code that has sentences.
func ProblemCodes() []string {
	var codes []string
	for _, p := range problems() {
		codes = append(codes, p.code)
	}
	return codes
}

func problems() []problem {
	return slices.Concat(itemProblems(), pairProblems(), rulesProblems(), signInProblems(), commandProblems())
}

// itemProblems concern one item; the others of the pair go on.
func itemProblems() []problem {
	return []problem{
		{"unreadable", "This item cannot be read.", "It was left untouched. Save it again in the application that made it."},
		{"recurring", "This item repeats, so it is left out of sync for now.", "Nothing to do: it stays as it is on its own side."},
		{"no-occurrence", "This series has no occurrence: its rule finds no day.", "Correct how it repeats in the calendar, or delete it there."},
		{"too-often", "This series repeats too often to be followed.", "Let it repeat more rarely, or give it an end."},
		{"too-long", "A value is longer than the other side can hold. It was not cut and nothing was lost.", "Shorten the value, then sync again."},
		{"no-choice", "The other side does not offer this choice.", "Choose another value, or add this choice on the other side."},
		{"mandatory", "The other side wants a value that is missing here.", "Fill in the missing field, then sync again."},
		{"unknown-account", "No account in Zoho CRM has exactly this name. The name stays where it is.", "Create the account in Zoho CRM or correct the name, then sync again."},
		{"unknown-contact", "No contact in Zoho CRM has exactly this name. The name stays where it is.", "Create the contact in Zoho CRM or correct the name, then sync again."},
		{"invalid", "The other side refuses this value. Nothing was lost.", "Correct the value, then sync again."},
		{"duplicate", "The other side already has an item with this unique value.", "Change the value, or remove one of the two items."},
		{"locked", "This item is locked in Zoho CRM, by an approval or a blueprint.", "Nothing to do until it is released: it is tried again at every sync."},
		{"would-mail", "The calendar server would send mail to the guests of this meeting, so it was not written there. Nothing was lost.", "Make this change in the calendar itself, or remove the guests there."},
		{"forbidden", "The signed-in person may not do this. Nothing was lost.", "Ask the administrator for the permission, then sync again."},
		{"refused", "The other side refused this item. Nothing was lost.", "Look at the item on both sides. It is tried again at every sync."},
		{"ambiguous", "Several items could be its partner, so nothing was written.", "Make one of them fit exactly, or choose: zohosync questions lists the choices."},
		{"deletion-waits", "It was deleted on one side and waits on the other.", "Delete it there too, or edit it there to bring it back."},
		{"guests-deletion", "This meeting has participants and was deleted on one side. It waits on the other.", "Choose what is to become of it: zohosync questions lists the choices."},
		{"left-alone", "It is left alone, as you decided.", "Nothing to do: it stays as it is on its own side."},
		{"loop", "Somebody or another program changes this field back again and again, so it rests.", "Find out what changes it, then choose: zohosync questions lists the choices."},
		{"returned", "It was gone, so another one was made in its place. Now it is back.", "Choose which one stays: zohosync questions lists the choices."},
		{"held", "It was deleted on one side and is kept on the other, as you chose.", "Edit it to bring it back on both sides."},
		{"undone", "An undo left it on one side only, and so it stays.", "Edit it to have it on both sides again, or use zohosync sync --again."},
		{"edited-since", "It was edited since, so it was left as it is.", "Change it by hand if you want it otherwise."},
		{"last-copy", "Its partner on the other side is missing, so this may be the only copy. It stays.", "Delete it by hand if it is no longer wanted."},
		{"maybe-copy", "It bears the mark of ZohoSync, but may be a copy that a person made. It stays.", "Look at it, and delete it by hand if it is no longer wanted."},
		{"holds-more", "ZohoSync created it, but it holds something that the other side does not. It stays.", "Sync first, or delete it by hand if it is no longer wanted."},
		{"untold", "Whether somebody edited it since is not known any more.", "Look at it before you confirm."},
		{"gone-since", "It was deleted after this run, so nothing was set back.", "Take back the run that deleted it, or restore it there."},
		{"replaced-since", "Another item took its place after this run, so it was not brought back.", "Remove the other one first if you want this one back."},
		{"lost-access", "This item can no longer be seen on one side. It was not deleted on the other.", "Check sharing and permissions there. It goes on by itself once the item is back."},
		{"deleted-unseen", "It was deleted on one side and can no longer be seen on the other.", "Nothing to do: once it can be seen again, your rules for deletions decide."},
		{"unsure", "It was sent, but no answer came.", "Nothing to do: the next sync looks for it and does not send it twice."},
		{"extra-values", "The other side has no fields for all that this item holds. The rest stays here, and nothing is lost.", "Nothing to do: the item is in step."},
		{"orphan", "It was in sync once, but its partner is missing.", "Restore the partner, or delete this item if it is no longer wanted."},
		{"conflict", "Both sides changed the same field differently.", "Make both values equal, or choose which side wins for this pair."},
		{"keeps-both", "Both sides changed the same field differently. The version of the right side becomes an item of its own on both sides first.", "Nothing to do, unless that item is listed with a reason of its own."},
		{"out-of-scope", "It is outside what this pair syncs, so it is left alone.", "Change the filter or the time range of the pair to include it."},
	}
}

// pairProblems stop a pair, an account or the whole program.
func pairProblems() []problem {
	return []problem{
		{"guard-first", "Both sides hold items already, and many of them were not recognised on the other side. Nothing has been created.", "Look at them with zohosync sync --dry-run, then choose whether they are to be created."},
		{"guard-empty", "One side suddenly lists no items. Nothing has been deleted.", "Check the folder and the account, then choose what is to become of the items on the other side."},
		{"guard-many", "Many items would be deleted at once. Nothing has been deleted yet.", "Check both sides, then choose whether they are deleted or brought back."},
		{"guard-untold", "What ZohoSync knew of these items is lost, so nobody can tell whether they were edited since. Nothing has been deleted yet.", "Look at the list, then confirm the number if all of them are to go."},
		{"guard-all", "All items changed at once. Nothing has been written yet.", "Check the clock and the time zone, then choose which values count."},
		{"read-only", "This folder can only be read.", "Ask its owner for permission to write, or sync this pair in one direction."},
		{"auth", "The account is not signed in. Nothing was lost.", "Sign in to this account again."},
		{"gone", "The folder is missing. Nothing was deleted on the other side.", "Restore the folder, or choose another one for this pair."},
		{"unreachable", "The server cannot be reached. Nothing was lost.", "Check the connection and the address. A later sync tries again."},
		{"certificate", "The certificate of the server does not fit, so nothing was sent.", "Check the address, or ask whoever runs the server to renew the certificate."},
		{"unknown-data-centre", "This is not a known data centre of Zoho.", "Use the address of your Zoho data centre, such as https://accounts.zoho.eu."},
		{"no-keychain", "The keychain of this computer cannot be used, so no password was saved.", "Unlock the keychain, or choose another place with --vault."},
		{"disk-full", "The disk is full, so the sync stopped. Nothing was lost.", "Free some space, then sync again."},
		{"newer-state", "The data was written by a newer version of ZohoSync. It was left untouched.", "Install the newer version."},
		{"locked-home", "Another ZohoSync is running with the same data.", "Use that one, or quit it first."},
		{"retry-later", "The service asks to wait. Nothing was lost.", "Nothing to do: a later sync tries again."},
		{"passphrase", "The passphrase does not fit, so the saved passwords cannot be read.", "Set ZOHOSYNC_PASSPHRASE to the passphrase that was chosen at first."},
		{"bad-input", "This command cannot be understood. Nothing was changed.", "Correct it; --help shows how it is written."},
	}
}

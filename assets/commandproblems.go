package assets

// signInProblems stop a sign-in, or an account that can no longer stay signed in.
func signInProblems() []problem {
	return []problem{
		{"signed-out", "The account is not signed in. Nothing was lost.", "Sign in to this account again."},
		{"revoked", "Access was withdrawn, or the password was changed. Nothing was lost.", "Sign in to this account again."},
		{"code-expired", "This code was used already, is too old, or belongs to another client.", "Generate a new one and use it within a few minutes."},
		{"client", "Zoho does not know this client ID, or its secret does not fit.", "Check both in Zoho’s API console, and ZOHOSYNC_CLIENT_SECRET."},
		{"multi-dc", "This client is not enabled for the data centre of the Zoho account.", "In Zoho’s API console open the settings of the client and switch the data centre on."},
		{"redirect", "Zoho refuses the address to which the browser returns.", "Register the redirect addresses that the README lists for this client in Zoho’s API console."},
		{"scope", "Zoho does not give this client the permissions it needs.", "Sign in again and accept all of them; an administrator may have to allow them first."},
		{"denied", "Reject was chosen on Zoho’s page. Nothing was changed.", "Sign in once more and choose Accept."},
		{"too-many-tokens", "This Zoho account already has as many active tokens as Zoho allows.", "On Zoho’s page open Sessions > Connected Apps, remove an old entry, then try again."},
		{"throttled", "Zoho refuses more sign-ins for now. Nothing was lost.", "Wait ten minutes, then try again."},
		{"ports", "Every port on which the browser could return is taken by other programs.", "Quit the program that uses them, then try again."},
		{"browser", "The browser could not be opened.", "Open the address that is shown in a browser on this computer."},
		{"answer", "The sign-in server gave an answer that makes no sense.", "Check the address of the data centre, then try again."},
		{"password", "The server refused this user name or password. Nothing was changed.", "Check both. Servers with two-factor sign-in want an app password."},
		{"no-service", "There is no CalDAV or CardDAV service at this address.", "Check the address; the provider’s help names the right one."},
		{"host", "Another server than that of the account wants its password, so it was not sent.", "Check the address of the account."},
	}
}

// rulesProblems say why an item does not belong to a pair, or why a pair stopped while it wrote.
func rulesProblems() []problem {
	return []problem{
		{"guard-failing", "Several new items in a row were refused for the same reason, so nothing was deleted.", "Look at the reasons listed for them, then choose whether the pair goes on without them."},
		{"other-kind", "This object holds something else than this folder is synced for, so it is left alone.", "Nothing to do: it stays as it is on its own side."},
		{"other-owner", "It belongs to somebody else in Zoho CRM, so it is left alone.", "Use --any-owner for the pair to include it."},
		{"other-category", "It has none of the categories that this pair syncs, so it is left alone.", "Give it one of these categories, or change those of the pair."},
		{"drift", "Both sides hold different values although neither was changed.", "zohosync check --fix settles it by the rule of the pair."},
		{"other-view", "The view of Zoho CRM that this pair syncs does not show it, so it is left alone.", "Change it so that the view shows it, or choose another view for the pair."},
		{"out-of-window", "It lies outside the time range of this pair, so it is left alone.", "Change the time range of the pair to include it."},
		{"other-pair", "Another pair brought it into Zoho CRM, so it is left alone.", "Nothing to do: it stays in step with its own folder."},
	}
}

// commandProblems stop one command.
func commandProblems() []problem {
	return []problem{
		{"no-tray", "This program was built without tray and windows.", "Use a command instead: zohosync sync, zohosync status; --help lists them all."},
		{"no-display", "There is no display here to show a tray icon on.", "Use a command instead: zohosync sync, zohosync status; --help lists them all."},
		{"plan-moved", "Something changed since this plan was shown, so nothing at all was written.", "Look at the new plan, and confirm its name if that is what you want."},
		{"no-run", "The history holds no run of this number. Runs are kept for 30 days, and are lost with their pair or the data of ZohoSync.", "Choose one that is listed by zohosync history."},
		{"no-marks", "Nothing tells which items ZohoSync created there: what it knew is lost, and the items bear no marks. Nothing was changed.", "In Zoho CRM, list the module by Created By and Created Time, and delete there what is no longer wanted."},
		{"needs-yes", "This command asks before it changes anything, and nobody can answer here. Nothing was changed.", "Look at what it would do with --dry-run, then add --yes."},
		{"unsent", "Changes wait that were not carried out yet, and nobody can say here whether to leave them. Nothing was changed.", "Sync first, or add --yes: both sides keep what they hold."},
		{"shared", "This folder belongs to somebody else than the person who signed in. Nothing was changed.", "Look whether it is the right one, then add --yes."},
		{"stopped", "Stopped. What was carried out until then is kept.", "Nothing to do: the next sync goes on from here."},
		{"undo-stopped", "Stopped. What was taken back until then stays so; the rest is as it was.", "No sync goes on with it. To take the rest back too, say again:"},
		{"failed", "The command could not be carried out. Nothing was lost.", "Look at the cause named below, then try again."},
		{"no-question", "There is no such question any more. Nothing was changed.", "zohosync questions lists what waits for an answer."},
		{"no-answer", "This question cannot be answered so. Nothing was changed.", "Choose one of the answers that are named."},
		{"no-such", "There is nothing of this name.", "Choose one that is listed by zohosync account list, zohosync pair list or zohosync collections."},
		{"name-taken", "There is one of this name already. Nothing was changed.", "Choose another name, or remove that one first."},
		{"in-use", "Pairs use this account, so it was not removed.", "Remove these pairs first; their items stay on both sides."},
		{"other-account", "This is another account than the one of this name before. Nothing was changed.", "Add it under a new name, or remove the pairs of the old one first."},
		{"not-revoked", "You are signed out here, but Zoho could not be told to make the token worthless.", "On Zoho’s page open Sessions > Connected Apps and remove the entry of ZohoSync."},
		{"no-client", "This program has no OAuth client of its own for Zoho CRM.", "Register one in Zoho’s API console and enter its client ID in Settings."},
		{"no-conflict", "There is no conflict of this number.", "Choose one that zohosync conflicts lists. They are kept for 30 days."},
		{"value-edited", "The field was changed since, so the other value was not given back.", "Look at the item on both sides, and enter the value there if it is still wanted."},
		{"apart", "The items are no longer kept in step, so the other value was not given back.", "Enter the value on the side where it is wanted."},
		{"one-way", "The pair does not write on the side that lost, so the value was not given back.", "Enter the value there, or have the pair sync both ways."},
		{"not-taken", "The other side did not take the value back. Nothing else was changed.", "Look at the item there, then try again."},
		{"few-credits", "The API credits of the organisation are nearly used up, so the sync stopped. Nothing was lost.", "Nothing to do: credits come back over 24 hours, and a later sync goes on."},
		{"damaged-state", "The file of the state cannot be read. It was left untouched.", "zohosync settings restore sets it aside and brings accounts and pairs back; items that are in step are recognised."},
		{"no-copy", "There is no copy of accounts and pairs that could be brought back.", "Move state.db away and set up the pairs again: items that are in step are recognised."},
		{"settings-there", "Accounts are set up, and their file can be read, so nothing was brought back.", "Nothing to do. To begin anew, remove the accounts first."},
		{"damaged-calendars", "The file with the calendars of this computer cannot be read. It was left untouched.", "Put a copy of local.db back into the folder of ZohoSync’s data."},
		{"damaged-vault", "The file of saved passwords is damaged. It was left untouched.", "Put a copy of it back, or move it away and sign in to the accounts again."},
	}
}

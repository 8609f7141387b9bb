package assets

import "strings"

// Question is what the words for a question are made from.
type Question struct {
	Code           string
	Kind           string // "contact", "task" or "event"
	Number, Linked int
	Here, There    string // names of the side that it is about and of the other one
	HereFolder     string // titles of their folders
	ThereFolder    string
	HereBin        bool // what is deleted there lies in Zoho CRM's recycle bin
	ThereBin       bool
	Item           string // the name of the first item
	Fields         string // labels of the fields in question
	Stops          bool   // the pair waits for the answer
}

// one says whether the question is about a single item that is named.
func (q Question) one() bool { return q.Number <= 1 && q.Item != "" }

// Asks returns the heading of a question and what there is to know about it.
func (w *Words) Asks(q Question) (heading, words string) {
	sentence, _ := Problem(q.Code)
	words = w.T(sentence)
	switch q.Code {
	case "guard-many":
		heading, words = w.gone(q), w.listed(q)
	case "guard-all":
		heading = w.kindN(q, q.Here, "All {{.n}} contacts changed at once in {{.name}}", "All {{.n}} tasks changed at once in {{.name}}", "All {{.n}} meetings changed at once in {{.name}}")
		words = w.T("Where nobody edited them, a wrong clock, another time zone or another program is the likely cause.")
	case "guard-empty":
		heading = w.empty(q)
		words = w.N("“{{.folder}}” held {{.n}} at the last sync.", q.Number, "folder", q.HereFolder)
	case "guard-failing":
		heading = w.kindN(q, q.Here, "{{.name}} refused the first {{.n}} new contacts", "{{.name}} refused the first {{.n}} new tasks", "{{.name}} refused the first {{.n}} new meetings")
		words = w.T("All of them for the same reason.")
	case "guard-first":
		heading = w.kindN(q, q.Here, "The first sync would create {{.n}} contacts, most of them in {{.name}}", "The first sync would create {{.n}} tasks, most of them in {{.name}}", "The first sync would create {{.n}} meetings, most of them in {{.name}}")
		words = w.T("Both sides hold items already, and {{.n}} were recognised on both. If more of them are the same, or this is the wrong folder, decide later.", "n", q.Linked)
	case "gone":
		heading = w.T("“{{.folder}}” is gone from {{.name}}", "folder", q.HereFolder, "name", q.Here)
	default:
		return w.asksItem(q), words
	}
	return heading, words
}

// asksItem is the heading of a question for which only its items wait.
func (w *Words) asksItem(q Question) string {
	switch q.Code {
	case "deletion-waits", "guests-deletion":
		if q.one() {
			return w.T("“{{.item}}” is gone from {{.name}}", "item", q.Item, "name", q.There)
		}
		return w.gone(q)
	case "ambiguous":
		return w.T("Which one in {{.name}} is “{{.item}}”?", "item", q.Item, "name", q.There)
	case "orphan":
		if q.one() {
			return w.T("“{{.item}}” lost its partner in {{.name}}", "item", q.Item, "name", q.There)
		}
		return w.N("{{.n}} items lost their partners in {{.name}}", q.Number, "name", q.There)
	case "returned":
		if q.one() {
			return w.T("“{{.item}}” is back in {{.name}}", "item", q.Item, "name", q.Here)
		}
		return w.N("{{.n}} items are back in {{.name}}", q.Number, "name", q.Here)
	case "unsure":
		return w.T("Did “{{.item}}” arrive in {{.name}}?", "item", q.Item, "name", q.There)
	case "loop":
		return w.T("“{{.item}}” is changed back again and again: {{.fields}}", "item", q.Item, "fields", q.Fields)
	case "conflict":
		return w.T("Both sides changed “{{.item}}” differently: {{.fields}}", "item", q.Item, "fields", q.Fields)
	}
	return w.T("This pair is stopped")
}

// Choice names the outcome of an answer, and what it means. partner is the name of the item that a choice links with.
func (w *Words) Choice(choice string, q Question, partner string) (label, meaning string) {
	// Where something is empty, what is left lies on the other side.
	left, gone := q.Here, q.There
	if q.Code == "guard-empty" {
		left, gone = gone, left
		q.HereFolder, q.HereBin = q.ThereFolder, q.ThereBin
	}
	switch choice {
	case "delete":
		return w.N("Delete {{.n}} in {{.name}}", q.Number, "name", left), w.deletes(q)
	case "bring-back":
		return w.N("Bring {{.n}} back to {{.name}}", q.Number, "name", gone), w.T("Writes them again from {{.name}}.", "name", left)
	case "keep":
		return w.N("Keep {{.n}} in {{.name}}", q.Number, "name", left), w.T("They stay there on their own.")
	case "go-on":
		return w.goOn(q)
	case "put-back":
		return w.N("Put {{.n}} back in {{.name}}", q.Number, "name", q.Here), w.T("Writes there what {{.name}} holds. The changed values stay in the history.", "name", q.There)
	case "left", "right":
		name := map[bool]string{true: q.Here, false: q.There}[choice == "left"]
		return w.T("Take the values of {{.name}}", "name", name), w.T("The other values stay in the history.")
	case "both":
		return w.T("Keep both"), w.T("The other version becomes an item of its own on both sides.")
	case "new":
		return w.N("Create {{.n}} in {{.name}}", max(q.Number, 1), "name", q.There), w.T("It is an item of its own, and gets a partner there.")
	case "leave":
		return w.N("Leave {{.n}} alone", max(q.Number, 1)), w.T("It stays as it is, and nothing flows.")
	case "again":
		return w.T("Send it again to {{.name}}", "name", q.There), w.T("Should it have arrived after all, it is there twice.")
	case "look-again":
		return w.T("Look again now"), w.T("Deletes nothing: if they are back, the pair goes on.")
	case "remove":
		return w.T("Forget this pair, keep all items"), w.T("Nothing is deleted on either side.")
	case "later":
		return w.T("Decide later"), w.later(q)
	}
	if strings.HasPrefix(choice, "link:") {
		return w.T("It is “{{.item}}” in {{.name}}", "item", partner, "name", q.There), w.T("Links the two. What differs is settled by the rules of the pair.")
	}
	return choice, ""
}

// deletes says what becomes of items that are deleted where they are left.
func (w *Words) deletes(q Question) string {
	if q.HereBin {
		return w.T("Moves them to Zoho CRM’s recycle bin.")
	}
	return w.T("Removes them from “{{.folder}}”.", "folder", q.HereFolder)
}

func (w *Words) goOn(q Question) (label, meaning string) {
	switch q.Code {
	case "guard-all":
		return w.N("Write {{.n}} changes to {{.name}}", q.Number, "name", q.There), w.T("Replaces the values there by those of {{.name}}.", "name", q.Here)
	case "guard-failing":
		return w.N("Leave {{.n}} out, go on in {{.name}}", q.Number, "name", q.Here), w.T("They stay listed under Problems, with the reason.")
	case "guard-first":
		return w.N("Create {{.n}}", q.Number), w.T("Each side gets what only the other one holds.")
	case "loop":
		return w.T("Go on with it"), w.T("Should it be changed back as often again, you are asked again.")
	}
	return w.N("Go on with {{.n}} in {{.name}}", q.Number, "name", q.Here), w.T("Carries out what this pair was stopped for.")
}

func (w *Words) later(q Question) string {
	if q.Stops {
		return w.T("This pair stays stopped, and you are not asked again. You find the question in the Sync window.")
	}
	return w.T("It waits, and you are not asked again. Everything else goes on.")
}

// Names lists a few of the items that a question is about: Ana Lima, Bruno Costa and 209 more.
func (w *Words) Names(names []string, number int) string {
	list := strings.Join(names, ", ")
	if more := number - len(names); more > 0 && list != "" {
		return w.N("{{.names}} and {{.n}} more", more, "names", list)
	}
	return list
}

func (w *Words) gone(q Question) string {
	return w.kindN(q, q.There, "{{.n}} contacts are gone from {{.name}}", "{{.n}} tasks are gone from {{.name}}", "{{.n}} meetings are gone from {{.name}}")
}

// listed tells how many are left of how many.
func (w *Words) listed(q Question) string {
	if q.Linked <= q.Number {
		return w.T("“{{.folder}}” no longer lists them.", "folder", q.ThereFolder)
	}
	return w.T("“{{.folder}}” lists {{.left}} instead of {{.all}}.", "folder", q.ThereFolder, "left", q.Linked-q.Number, "all", q.Linked)
}

func (w *Words) empty(q Question) string {
	switch q.Kind {
	case "contact":
		return w.T("{{.name}} suddenly lists no contacts", "name", q.Here)
	case "task":
		return w.T("{{.name}} suddenly lists no tasks", "name", q.Here)
	}
	return w.T("{{.name}} suddenly lists no meetings", "name", q.Here)
}

// kindN says the sentence for the kind of the question's items.
func (w *Words) kindN(q Question, name, contacts, tasks, meetings string) string {
	sentence := meetings
	switch q.Kind {
	case "contact":
		sentence = contacts
	case "task":
		sentence = tasks
	}
	return w.N(sentence, q.Number, "name", name)
}

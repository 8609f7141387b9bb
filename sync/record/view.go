package record

import "strings"

// viewPrefix stands before the id of a view in the name of its field.
const viewPrefix = "view:"

// InView is the value of a View field of an item that belongs to the view.
const InView = "yes"

// View returns the field that says whether an item belongs to a view: a filter that people keep in the service under this
// id. An item that belongs to it holds InView there, any other nothing. It is never written.
func View(id string) Field { return viewPrefix + Field(id) }

// ViewID returns the id of the view that a field stands for, and whether it stands for one.
func ViewID(f Field) (string, bool) { return strings.CutPrefix(string(f), viewPrefix) }

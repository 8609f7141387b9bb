package provider

import "zohosync/sync/record"

// Maker is implemented by collections whose items tell who made them. A mark alone does not: a copy that a person makes
// bears it too.
type Maker interface {
	// Marks says whether what is created here bears its mark for good; where it does not, an item tells nothing.
	Marks() bool
	// Made says whether an item that bears a mark was made by a Create with this key, and is no copy of such a one.
	Made(it record.Item, key string) bool
}

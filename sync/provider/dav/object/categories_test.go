package object

import (
	"strings"
	"testing"

	"zohosync/sync/record"
)

// C-28: a word that the other side has in another case keeps the spelling that it has here.
func TestCategoriesKeepTheirCase(t *testing.T) {
	body := event("DTSTART:20260701T100000Z", "CATEGORIES;LANGUAGE=en:MEETING,Été", "CATEGORIES:Work")
	out, err := codec(t, record.Event).Edit([]byte(body), record.Patch{record.Categories: record.Join("meeting", "vip", "WORK", "été")})
	if err != nil {
		t.Fatal(err)
	}
	wantChanges(t, body, string(out), append(stamps(), "-CATEGORIES:Work", "+CATEGORIES:Work,vip")...)
}

// Thousands of categories take no quadratic time: a test that hangs is its failure.
func TestManyCategories(t *testing.T) {
	const n = 100_000
	var words []string
	for i := range n {
		words = append(words, "w"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/2600))
	}
	body := event("DTSTART:20260701T100000Z", "CATEGORIES:"+strings.Join(words, ","))
	out, err := codec(t, record.Event).Edit([]byte(body), record.Patch{record.Categories: record.Join(append(words[n/2:], "new")...)})
	if err != nil || !strings.Contains(string(out), "new") {
		t.Error(err)
	}
}

package plan

import (
	"testing"

	"zohosync/sync/record"
)

func TestTheSameQuestionHasTheSameName(t *testing.T) {
	ask := func(change func(*Question)) Question {
		q := Question{Code: CodeAmbiguous, Side: Left, Items: [2][]record.ID{{"a", "b"}, {"c"}}, Fields: []record.Field{record.Title, record.When}}
		if change != nil {
			change(&q)
		}
		return q
	}
	name := ask(nil).Named("p", "v").ID
	if len(name) != 10 {
		t.Fatalf("name %q", name)
	}
	again := ask(func(q *Question) {
		q.Items[Left] = []record.ID{"b", "a"}
		q.Fields = []record.Field{record.When, record.Title}
		q.Number, q.Linked = 7, 9
	})
	if got := again.Named("p", "v").ID; got != name {
		t.Fatalf("another order is another question: %s, %s", got, name)
	}
	others := map[string]string{
		"pair":   ask(nil).Named("q", "v").ID,
		"value":  ask(nil).Named("p", "w").ID,
		"values": ask(nil).Named("p", "v", "").ID,
		"code":   ask(func(q *Question) { q.Code = CodeOrphan }).Named("p", "v").ID,
		"side":   ask(func(q *Question) { q.Side = Right }).Named("p", "v").ID,
		"item":   ask(func(q *Question) { q.Items[Right] = []record.ID{"d"} }).Named("p", "v").ID,
		"moved":  ask(func(q *Question) { q.Items = [2][]record.ID{{"a"}, {"b", "c"}} }).Named("p", "v").ID,
		"field":  ask(func(q *Question) { q.Fields = q.Fields[:1] }).Named("p", "v").ID,
	}
	for what, other := range others {
		if other == name {
			t.Errorf("another %s is the same question", what)
		}
	}
}

func TestPartnerOfAChoice(t *testing.T) {
	if id, ok := Linking("a:b").Partner(); !ok || id != "a:b" {
		t.Fatalf("%q, %v", id, ok)
	}
	if _, ok := ChoiceNew.Partner(); ok {
		t.Fatal("new names a partner")
	}
}

func TestAnswersAreFoundByQuestionAndByItem(t *testing.T) {
	a := NewAnswers([]Answer{
		{Question: "1", Code: CodeMany, Choice: ChoiceDelete, Items: [2][]record.ID{{"x"}, nil}},
		{Question: "2", Code: CodeMany, Choice: ChoiceLater, Items: [2][]record.ID{{"y"}, nil}},
	})
	if a.To("1") != ChoiceDelete || a.To("3") != "" || (Answers{}).To("1") != "" {
		t.Fatal("not found by question")
	}
	if one, ok := a.about(Left, "x", CodeMany); !ok || one.Choice != ChoiceDelete {
		t.Fatalf("%+v, %v", one, ok)
	}
	for _, id := range []record.ID{"y", "z"} {
		if _, ok := a.about(Left, id, CodeMany); ok {
			t.Errorf("somebody decided about %s", id)
		}
	}
	if _, ok := a.about(Left, "x", CodeEmptied); ok {
		t.Error("a decision about something else counts")
	}
}

// Nothing is made where the rules let us write nothing, whoever wanted it back before they changed.
func TestAnAnswerBringsNothingBackWhereNothingIsWritten(t *testing.T) {
	base := record.Record{record.LastName: "A"}
	r := rules()
	r.Answers = NewAnswers([]Answer{{Question: "q", Code: CodeMany, Choice: ChoiceBringBack, Items: [2][]record.ID{{"l"}, {"r"}}}})
	if got := sketch(Make(linked(base, base, nil), r)); got != "create right map[last_name:A]; " {
		t.Fatalf("%q", got)
	}
	r.Direction = ToLeft
	if st := Make(linked(base, base, nil), r); st.Acts[Right] != nil || st.Acts[Left] == nil && st.Fate != Keep {
		t.Fatalf("%q", sketch(st))
	}
}

// Who left an item alone left it alone as it was known then: under another name it is looked at like any other.
func TestWhatIsLeftAloneIsLeftAloneAsItWas(t *testing.T) {
	r := rules()
	it := item("l", record.Record{record.LastName: "A"})
	answer := Answer{Question: "q", Code: CodeAmbiguous, Choice: ChoiceLeave, Items: [2][]record.ID{{"l"}}, Seen: map[record.ID]string{"l": r.known(it)}}
	r.Answers = NewAnswers([]Answer{answer})
	if got := outline(Match([2][]*Seen{{it}, nil}, r, standing)); got != "l?left-alone" {
		t.Errorf("as it was: %s", got)
	}
	it.Record = record.Record{record.LastName: "B"}
	if got := outline(Match([2][]*Seen{{it}, nil}, r, standing)); got != "l" {
		t.Errorf("under another name: %s", got)
	}
}

// Package assets holds what people see and read: the icons, and every sentence of the program in each of its languages.
// The English sentence is the key of its translations (files lang/*.json), plural forms follow Unicode CLDR.
package assets

import (
	"embed"
	"encoding/json"
	"os"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed lang/*.json
var langFiles embed.FS

// Languages returns the languages of the program, English first. To add one, add lang/TAG.json and its tag here.
func Languages() []string { return []string{"en", "fr", "pt-BR"} }

// Words are the sentences of one language. They are safe for concurrent use.
type Words struct {
	tag     language.Tag
	say     *i18n.Localizer
	numbers *message.Printer
}

// Speak returns the words for a locale such as "pt_BR.UTF-8" or "fr-CA". "" asks the environment as POSIX says
// (LC_ALL, LC_MESSAGES, LANG). A language that the program does not speak becomes English.
func Speak(locale string) *Words {
	if locale == "" {
		locale = environment()
	}
	var tags []language.Tag
	for _, name := range Languages() {
		tags = append(tags, language.Make(name))
	}
	spoken := 0
	if wanted, err := language.Parse(localeTag(locale)); err == nil {
		if _, i, confidence := language.NewMatcher(tags).Match(wanted); confidence > language.No {
			spoken = i
		}
	}
	tag, bundle := tags[spoken], i18n.NewBundle(language.English)
	for i, name := range Languages() {
		if i != spoken && tags[i] != language.English {
			continue // It takes longer to read a language than to carry out many a command.
		}
		// A file that cannot be read leaves the English sentences; a test reads them all.
		if messages, err := readLanguage(name); err == nil {
			bundle.MustAddMessages(tags[i], messages...)
		}
	}
	return &Words{tag: tag, say: i18n.NewLocalizer(bundle, tag.String()), numbers: message.NewPrinter(tag)}
}

// Language returns the tag of the language spoken, one of Languages.
func (w *Words) Language() string { return w.tag.String() }

// T returns the sentence in the language of w. args are pairs of a name and a value for the placeholders {{.name}};
// whole numbers are written with the language's separators. A sentence without a translation stays English.
func (w *Words) T(sentence string, args ...any) string { return w.speak(sentence, nil, args) }

// N is T for a sentence that counts: it chooses the plural form for n, which is also the placeholder {{.n}}.
func (w *Words) N(sentence string, n int, args ...any) string {
	return w.speak(sentence, n, append([]any{"n", n}, args...))
}

func (w *Words) speak(sentence string, count any, args []any) string {
	values := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		values[name] = w.value(args[i+1])
	}
	said, err := w.say.Localize(&i18n.LocalizeConfig{
		DefaultMessage: &i18n.Message{ID: sentence, Other: sentence},
		TemplateData:   values,
		PluralCount:    count,
	})
	if said == "" && err != nil {
		return sentence
	}
	return said
}

func (w *Words) value(v any) any {
	switch v.(type) {
	case int, int64, int32:
		return w.numbers.Sprint(number.Decimal(v))
	}
	return v
}

// forms are the plural forms of one sentence; a sentence that does not count has only Other.
type forms struct {
	One   string `json:"one"`
	Many  string `json:"many"`
	Other string `json:"other"`
}

// UnmarshalJSON takes a plain string for a sentence that does not count.
func (f *forms) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &f.Other)
	}
	type plain forms
	return json.Unmarshal(data, (*plain)(f))
}

func readLanguage(name string) ([]*i18n.Message, error) {
	data, err := langFiles.ReadFile("lang/" + name + ".json")
	if err != nil {
		return nil, err
	}
	var sentences map[string]forms
	if err := json.Unmarshal(data, &sentences); err != nil {
		return nil, err
	}
	messages := make([]*i18n.Message, 0, len(sentences))
	for key, f := range sentences {
		messages = append(messages, &i18n.Message{ID: key, One: f.One, Many: f.Many, Other: f.Other})
	}
	return messages, nil
}

func environment() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

// localeTag turns a POSIX locale (language_TERRITORY.CODESET@modifier) into a BCP 47 tag; "C" and "POSIX" are none.
func localeTag(locale string) string {
	locale, _, _ = strings.Cut(locale, ".")
	locale, _, _ = strings.Cut(locale, "@")
	return strings.ReplaceAll(locale, "_", "-")
}

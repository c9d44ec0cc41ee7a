package plan

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	htmltemplate "html/template"
	"log"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"text/template"

	burnt "github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	pelletier "github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

const canary = "sk-CANARY-0123456789abcdefXYZ"

// The ways in which values hold a Secret.
type (
	exported   struct{ Key Secret }
	unexported struct {
		note string
		key  Secret
	}
	nested  struct{ Inner *unexported }
	wrapped struct{ any }
	keyErr  struct{ key Secret }
)

func (e keyErr) Error() string { return fmt.Sprint("bad key ", e.key) }

// holders are a Secret, and everything that one may hide in.
func holders(s Secret) map[string]any {
	return map[string]any{
		"itself": s, "pointer": &s, "exported": exported{s}, "unexported": unexported{"note", s},
		"pointer to unexported": &unexported{"note", s}, "nested": nested{&unexported{"note", s}},
		"slice": []Secret{s}, "array": [1]Secret{s}, "map": map[string]Secret{"key": s}, "map key": map[*Secret]int{&s: 1},
		"interface": wrapped{s}, "any slice": []any{"a", s}, "error": keyErr{s}, "wrapped error": fmt.Errorf("x: %w", keyErr{s}),
		"desired": Desired{Secret: &Wanted{Ref: "env:X", Value: s}}, "observed": Observed{Auth: Auth{Key: s}},
	}
}

// leaks are the forms of the canary that must not be seen: whole, any 12 characters
// of it, and what encoders make of it.
func leaks(text string) bool {
	lower := strings.ToLower(text)
	for i := 0; i+12 <= len(canary); i++ {
		if strings.Contains(lower, strings.ToLower(canary[i:i+12])) {
			return true
		}
	}
	for pad := range 3 {
		e := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", pad) + canary))
		if strings.Contains(text, e[8:len(e)-8]) {
			return true
		}
	}
	raw := fmt.Sprint([]byte(canary)) // [115 107 45 …
	return strings.Contains(lower, hex.EncodeToString([]byte(canary))) || strings.Contains(text, raw[1:len(raw)-1]) ||
		strings.Contains(text, url.QueryEscape(canary))
}

// ways turn a value into text: every formatter, encoder and logger at hand. What
// refuses to encode gives its error.
func ways() map[string]func(any) string {
	all := map[string]func(any) string{
		"Sprint":   func(v any) string { return fmt.Sprint(v) },
		"Sprintln": func(v any) string { return fmt.Sprintln(v) },
		"Errorf":   func(v any) string { return fmt.Errorf("%v", v).Error() },
		"Append":   func(v any) string { return string(fmt.Append(nil, v)) },
		"log":      func(v any) string { return buffer(func(b *bytes.Buffer) { log.New(b, "", 0).Println(v) }) },
		"slog text": func(v any) string {
			return buffer(func(b *bytes.Buffer) { slog.New(slog.NewTextHandler(b, nil)).Info("x", "v", v) })
		},
		"slog JSON": func(v any) string {
			return buffer(func(b *bytes.Buffer) { slog.New(slog.NewJSONHandler(b, nil)).Info("x", "v", v) })
		},
		"slog group": func(v any) string {
			return buffer(func(b *bytes.Buffer) {
				slog.New(slog.NewTextHandler(b, nil)).With("w", v).WithGroup("g").Info("x", slog.Any("v", v))
			})
		},
		"JSON":        func(v any) string { b, err := json.Marshal(v); return string(b) + text(err) },
		"JSON indent": func(v any) string { b, err := json.MarshalIndent(v, "", " "); return string(b) + text(err) },
		"XML":         func(v any) string { b, err := xml.Marshal(v); return string(b) + text(err) },
		"YAML":        func(v any) string { b, err := yaml.Marshal(v); return string(b) + text(err) },
		"gob": func(v any) string {
			return buffer(func(b *bytes.Buffer) { b.WriteString(text(gob.NewEncoder(b).Encode(v))) })
		},
		"TOML": func(v any) string {
			return buffer(func(b *bytes.Buffer) { b.WriteString(text(burnt.NewEncoder(b).Encode(map[string]any{"v": v}))) })
		},
		"go-toml":       func(v any) string { b, err := pelletier.Marshal(map[string]any{"v": v}); return string(b) + text(err) },
		"text/template": func(v any) string { return buffer(func(b *bytes.Buffer) { plain.Execute(b, v) }) },
		"html/template": func(v any) string { return buffer(func(b *bytes.Buffer) { html.Execute(b, v) }) },
		"cmp.Diff":      func(v any) string { return cmp.Diff(v, nil, cmp.Exporter(func(reflect.Type) bool { return true })) },
		"expvar":        func(v any) string { return expvar.Func(func() any { return v }).String() },
		"errors.Join":   func(v any) string { return errors.Join(fmt.Errorf("%+v", v), nil).Error() },
		"reflect":       func(v any) string { return fmt.Sprint(reflect.ValueOf(v)) },
		"TextMarshaler": func(v any) string { return marshaledText(v) },
	}
	for verb := 'A'; verb <= 'z'; verb++ {
		if verb <= 'Z' || verb >= 'a' {
			for _, flags := range []string{"", "+", "#", "-40", "040", " ", ".3", "[1]"} {
				format := "%" + flags + string(verb)
				all[format] = func(v any) string { return fmt.Sprintf(format, v) }
			}
		}
	}
	return all
}

var (
	plain = template.Must(template.New("").Parse(`{{.}} {{printf "%#v" .}}`))
	html  = htmltemplate.Must(htmltemplate.New("").Parse(`<a href="{{.}}">{{.}}</a><script>{{.}}</script>`))
)

func buffer(f func(*bytes.Buffer)) string {
	var b bytes.Buffer
	f(&b)
	return b.String()
}

// shown is what a way makes of a value; an encoder's panic counts as its text.
func shown(show func(any) string, v any) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprint(p)
		}
	}()
	return show(v)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func marshaledText(v any) string {
	m, ok := v.(interface{ MarshalText() ([]byte, error) })
	if !ok {
		return ""
	}
	b, err := m.MarshalText()
	return string(b) + text(err)
}

func TestSecretShowsNowhere(t *testing.T) {
	s, err := ParseSecret([]byte(canary + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for way, show := range ways() {
		for holder, v := range holders(s) {
			tried++
			if got := shown(show, v); leaks(got) {
				t.Errorf("%s of %s shows the key: %.200s", way, holder, got)
			}
		}
	}
	t.Logf("%d ways × %d holders: %d texts", len(ways()), len(holders(s)), tried)
}

// The test would notice: a plain string in place of the Secret is found.
func TestSecretTestBites(t *testing.T) {
	found := 0
	for _, show := range ways() {
		if leaks(shown(show, struct{ Key string }{canary})) {
			found++
		}
	}
	if found < 25 {
		t.Errorf("only %d ways show a plain string", found)
	}
}

// A panic with the Secret, and the stack of functions that have it, show nothing.
func TestSecretInPanic(t *testing.T) {
	if mode := os.Getenv("SECRET_PANIC"); mode != "" {
		s := NewSecret([]byte(canary))
		panic(holders(s)[mode])
	}
	for mode := range holders(NewSecret([]byte(canary))) {
		child := exec.Command(os.Args[0], "-test.run=^TestSecretInPanic$")
		child.Env = append(os.Environ(), "SECRET_PANIC="+mode, "GOTRACEBACK=system")
		out, err := child.CombinedOutput()
		if err == nil || !bytes.Contains(out, []byte("panic:")) {
			t.Fatalf("%s: no panic: %s", mode, out)
		}
		if leaks(string(out)) {
			t.Errorf("a panic with %s shows the key:\n%s", mode, out)
		}
	}
}

func TestParseSecret(t *testing.T) {
	for raw, want := range map[string]string{
		canary:                    "",
		canary + "\n":             "",
		canary + "\r\n":           "",
		"12345678":                "",
		strings.Repeat("k", 4096): "",
		"":                        "the secret is empty",
		"\n":                      "the secret is empty",
		canary + "\n\n":           "line break at byte 30 of 30",
		" " + canary:              "space at byte 1",
		canary + "\t":             "tab at byte 30",
		"sk-\x00aaaaaaa":          "control character at byte 4",
		"sk-ключaaaaaaa":          "not ASCII at byte 4",
		"Bearer " + canary:        `starts with "Bearer "`,
		"bearer " + canary:        `starts with "Bearer "`,
		`"` + canary + `"`:        "quotes around it",
		"'" + canary + "'":        "quotes around it",
		"1234567":                 "7 bytes long",
		strings.Repeat("k", 4097): "4097 bytes long",
	} {
		s, err := ParseSecret([]byte(raw))
		if got := text(err); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("ParseSecret(%q): got error %q, want %q", raw, got, want)
		}
		if leaks(text(err)) {
			t.Errorf("the error for %q shows the key: %v", raw, err)
		}
		if err == nil && string(s.Reveal()) != strings.TrimRight(raw, "\r\n") {
			t.Errorf("ParseSecret(%q) holds %q", raw, s.Reveal())
		}
	}
}

func TestSecretEqual(t *testing.T) {
	a, b, other, none := NewSecret([]byte("a")), NewSecret([]byte("a")), NewSecret([]byte("b")), Secret{}
	for _, test := range []struct {
		x, y Secret
		want bool
	}{{a, b, true}, {a, other, false}, {a, none, false}, {none, a, false}, {none, none, true}, {NewSecret(nil), none, false}} {
		if got := test.x.Equal(test.y); got != test.want {
			t.Errorf("Equal: got %v, want %v", got, test.want)
		}
	}
}

// What the caller does to bytes given or taken does not reach the Secret.
func TestSecretKeepsItsOwnCopy(t *testing.T) {
	raw := []byte(canary)
	s := NewSecret(raw)
	clear(raw)
	clear(s.Reveal())
	if string(s.Reveal()) != canary {
		t.Error("the Secret shares its bytes with its callers")
	}
}

func TestFingerprint(t *testing.T) {
	s, k1, k2 := NewSecret([]byte(canary)), []byte("machine 1"), []byte("machine 2")
	if a := s.Fingerprint(k1); len(a) != 32 || a != s.Fingerprint(k1) {
		t.Errorf("fingerprint %q: want 32 digits, the same each time", a)
	}
	if s.Fingerprint(k1) == s.Fingerprint(k2) || s.Fingerprint(k1) == NewSecret([]byte("x")).Fingerprint(k1) {
		t.Error("two machines, or two keys, have one fingerprint")
	}
	if s.Fingerprint(nil) != "" || (Secret{}).Fingerprint(k1) != "" {
		t.Error("there is a fingerprint without key or value")
	}
}

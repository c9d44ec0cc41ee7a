package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// A stored plan shows the same when it is read again.
func TestDocumentRoundTrip(t *testing.T) {
	for i := range 40 {
		seed := make([]byte, 120)
		for j := range seed {
			seed[j] = byte((i*29 + j*j*11 + i*j*3) % 251)
		}
		d := &dice{seed}
		o, desired := d.observed(), d.desired()
		desired.Provider = &plan.Provider{BaseURL: "https://gw.example/v1"}
		desired.Confirm = plan.Confirm{Enabled: true, Models: []string{"m"}}
		want := plan.Make(desired, o).Document("test", noon)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		read, err := plan.ParseDocument(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if got := show(read.Plan().Document("test", noon)); got != string(text) {
			t.Fatalf("read again:\n%s\nstored:\n%s", got, text)
		}
	}
}

func TestParseDocumentRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"format_version":"2"}`:             `format "2"`,
		`{"format_version":"1","extra":1}`:   "unknown field",
		`not json`:                           "not a saved plan",
		`{"format_version":"1","files":[1]}`: "not a saved plan",
	} {
		if _, err := plan.ParseDocument([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

package ui

import (
	"encoding"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
)

// TestJSONReference keeps docs/reference/plan-json.md equal to what is printed:
// every member is described there, in order, and nothing else.
func TestJSONReference(t *testing.T) {
	data, err := os.ReadFile("../../../docs/reference/plan-json.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(data), "\n## ")
	for i, doc := range []any{planDocument{}, applyDocument{}, confirmDocument{}, Failure{}} {
		want := members("", reflect.TypeOf(doc))
		var got []string
		for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| \\w").FindAllStringSubmatch(sections[i+1], -1) {
			got = append(got, row[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("plan-json.md, section %d (-printed +described):\n%s", i+1, diff)
		}
	}
}

// described elsewhere are types with a section, or a spelling, of their own.
var elsewhere = []reflect.Type{
	reflect.TypeFor[Failure](), reflect.TypeFor[confirmDocument](), reflect.TypeFor[plan.Document](),
	reflect.TypeFor[plan.Value](),
}

// members are the paths of all members of a document.
func members(prefix string, t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, members(prefix, f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		out = append(out, prefix+name)
		below, path := f.Type, prefix+name+"."
		if below.Kind() == reflect.Pointer {
			below = below.Elem()
		}
		if below.Kind() == reflect.Slice {
			below, path = below.Elem(), prefix+name+"[]."
		}
		if below.Kind() == reflect.Struct && !below.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && !known(below) {
			out = append(out, members(path, below)...)
		}
	}
	return out
}

func known(t reflect.Type) bool {
	for _, e := range elsewhere {
		if t == e {
			return true
		}
	}
	return false
}

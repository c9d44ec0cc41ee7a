package codex

import (
	"slices"
	"strings"
	"testing"
)

// TablesUntil makes a test's tables end with a version, so that a later Codex is newer
// than all that they know.
func TablesUntil(t *testing.T, last Version) {
	t.Helper()
	was, wasNewest := measured, newest
	set := func(list []Version, end Version) {
		measured, newest = list, end
		looked.Lock()
		defer looked.Unlock()
		clear(looked.keys)
	}
	for i, v := range measured {
		if v == last {
			set(measured[:i+1], v)
		}
	}
	if newest != last {
		t.Fatalf("the tables have no version %s", last)
	}
	t.Cleanup(func() { set(was, wasNewest) })
}

// Requirements are the keys of requirements.toml that any version knows.
func Requirements() []string {
	var names []string
	for text := range strings.Lines(string(newTable(requirementsText))) {
		if name := strings.Fields(text)[0]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// RequirementOf is the kind and the values of a key of requirements.toml, "" for none.
func RequirementOf(name string, v Version) (string, []string) {
	r, _ := requirementOf(name, v)
	return r.kind, r.values
}

// Filled is a table without the tables in it that have no keys.
var Filled = filled

package codex

import "testing"

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

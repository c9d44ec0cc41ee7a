package plan

import (
	"fmt"
	"testing"
)

// TestFindIndexed asks ledgers with and without an index for every key: the answers
// are the same, also once the entries are others.
func TestFindIndexed(t *testing.T) {
	var l Ledger
	for i := range 3 * fewEntries {
		for _, file := range []string{ConfigFile, AuthFile} {
			l.Entries = append(l.Entries, Entry{File: file, Address: Address{"t", fmt.Sprint(i % (2 * fewEntries))}, Version: fmt.Sprint(i)})
		}
	}
	same := func(x Ledger) {
		t.Helper()
		plain := Ledger{Entries: x.Entries}
		for i := range 4 * fewEntries {
			for _, file := range []string{ConfigFile, AuthFile, "other"} {
				want, there := plain.Find(file, Address{"t", fmt.Sprint(i)})
				if got, ok := x.Find(file, Address{"t", fmt.Sprint(i)}); ok != there || got.Version != want.Version {
					t.Errorf("%s %d: got %v, %v, want %v, %v", file, i, got.Version, ok, want.Version, there)
				}
			}
		}
	}
	x := l.indexed()
	if !x.index.fits(x.Entries) {
		t.Fatal("not indexed")
	}
	same(x)
	x.Entries = x.Entries[:len(x.Entries)-5]
	same(x)
	x.Entries = append([]Entry{{File: ConfigFile, Address: Address{"t", "0"}, Version: "new"}}, x.Entries[1:]...)
	same(x)
}

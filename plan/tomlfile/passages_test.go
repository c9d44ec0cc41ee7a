package tomlfile

import (
	"strings"
	"testing"
)

// A long file is proved in passages: together they are the file, and a difference in any
// of them is seen.
func TestProofInPassages(t *testing.T) {
	src := string(lived(24_000))
	if strings.Contains(src, "[[") || len(src) < 4*long {
		t.Fatalf("%d bytes: not the file for this test", len(src))
	}
	x, err := read(src, false)
	if err != nil {
		t.Fatal(err)
	}
	want, joined := x.root.table(), ""
	passages := x.passages(want)
	for _, p := range passages {
		joined += p.text
		if len(p.text) > 2*long {
			t.Errorf("a passage of %d bytes", len(p.text))
		}
	}
	if joined != src || len(passages) < 4 {
		t.Fatalf("%d passages are not the file", len(passages))
	}
	if err := prove(x, want); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for i := len(src) / 7; i < len(src); i += len(src) / 7 {
		at := strings.Index(src[i:], `"trusted"`)
		if at < 0 {
			continue
		}
		tried++
		x.text = src[:i+at] + `"untrust"` + src[i+at+9:]
		if prove(x, want) == nil {
			t.Errorf("another value at %d is proved", i+at)
		}
	}
	if tried < 4 {
		t.Errorf("only %d values were changed", tried)
	}
	if x, err = read(src+"\n[[list]]\na = 1\n", false); err != nil {
		t.Fatal(err)
	}
	if n := len(x.passages(want)); n != 1 {
		t.Errorf("a file with an array of tables has %d passages", n)
	}
}

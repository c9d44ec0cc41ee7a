package tomlfile

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// TestProve gives the proof outcomes that no edit should have: each of its
// decoders has something to say no to.
func TestProve(t *testing.T) {
	const honest = "[a.b.c]\nz = 9\nt = 1\n"
	tests := []struct {
		name, text, says string
		want             string // a file that says what was wanted
	}{
		{"right", honest, "", honest},
		{"right, in another spelling", "a = { b = { c = { t = 0x1, z = 9 } } }", "", honest},
		{"a key too many", honest, "BurntSushi/toml reads", "[a.b.c]\nz = 9\n"},
		{"another value", strings.Replace(honest, "9", "8", 1), "", honest},
		{"a float for an integer", strings.Replace(honest, "9", "9.0", 1), "", honest},
		{"no TOML", honest + "[", "refuses", honest},
		{"a table reopened with dotted keys, which BurntSushi/toml reads", "[a.b.c]\nz = 9\n[a]\nb.c.t = 1\n", "go-toml refuses", honest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x, err := read(tt.want, false)
			if err != nil {
				t.Fatal(err)
			}
			want := x.root.table()
			x.text = tt.text // the proof must not believe the index
			err = prove(x, want)
			right := strings.HasPrefix(tt.name, "right")
			if (err == nil) != right || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	x, err := read(honest, false)
	if err != nil {
		t.Fatal(err)
	}
	other := &data{value: x.root.table()}
	other.set(plan.Address{"a", "b", "c", "z"}, plan.Int(8))
	if prove(x, other.whole()) == nil {
		t.Error("a value that is not the wanted one is proved")
	}
}

// TestProofOfLargeFiles has more keys than the third decoder is asked about.
func TestProofOfLargeFiles(t *testing.T) {
	src := lived(20_000)
	r, err := Apply(src, guide())
	if err != nil {
		t.Fatal(err)
	}
	taking, err := backwards(src, guide(), r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Apply(r.Data, taking)
	if err != nil || string(back.Data) != string(src) {
		t.Errorf("not the original bytes, or %v", err)
	}
}

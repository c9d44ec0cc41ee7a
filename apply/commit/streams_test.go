package commit

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// streamChain is a buffer as Windows fills it, each entry at a multiple of eight.
func streamChain(names ...string) []byte {
	var all []byte
	for i, name := range names {
		units := utf16.Encode([]rune(name))
		entry := make([]byte, (24+2*len(units)+7)/8*8)
		if i < len(names)-1 {
			binary.LittleEndian.PutUint32(entry, uint32(len(entry)))
		}
		binary.LittleEndian.PutUint32(entry[4:], uint32(2*len(units)))
		for j, u := range units {
			binary.LittleEndian.PutUint16(entry[24+2*j:], u)
		}
		all = append(all, entry...)
	}
	return append(all, make([]byte, 64)...)
}

func TestStreamNames(t *testing.T) {
	long := streamChain("::$DATA", ":a:$DATA")
	broken := append([]byte{}, long...)
	binary.LittleEndian.PutUint32(broken[44:], 1<<30) // the length of the second name
	far := append([]byte{}, long...)
	binary.LittleEndian.PutUint32(far, 1<<31)
	for name, c := range map[string]struct {
		buf  []byte
		want []string
	}{
		"no stream at all":   {nil, nil},
		"the content alone":  {streamChain("::$DATA"), nil},
		"two more":           {streamChain("::$DATA", ":Zone.Identifier:$DATA", ":notizé:$DATA"), []string{":Zone.Identifier:$DATA", ":notizé:$DATA"}},
		"a length too far":   {broken, nil},
		"a next one too far": {far, nil},
		"half an entry":      {long[:30], nil},
		"nothing but zeros":  {make([]byte, 100), nil},
	} {
		if diff := cmp.Diff(c.want, streamNames(c.buf)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

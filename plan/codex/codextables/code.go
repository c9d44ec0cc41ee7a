package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"regexp"
	"slices"
)

// A table whose names are matched one by one has no list of them: they stand in the
// code, a name of up to 16 bytes as one or two numbers, a longer one as one or two
// pieces of 16 bytes, the second of which may overlap the first.

// piece is a part of a name at a place in the code.
type piece struct {
	at   int
	text []byte
}

// coded are names that stand near one another in the code of a program, true ones and
// many that only look so: runs of them, in the order of the code.
func coded(program string) ([][]string, error) {
	f, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	code, texts := f.Section(".text"), f.Section(".rodata")
	if code == nil || texts == nil {
		return nil, nil
	}
	text, err := code.Data()
	if err != nil {
		return nil, err
	}
	constants, err := texts.Data()
	if err != nil {
		return nil, err
	}
	return runs(pieces(text, func(i, disp int) []byte {
		at := int64(code.Addr) + int64(i) + int64(disp) - int64(texts.Addr)
		if at < 0 || at+16 > int64(len(constants)) {
			return nil
		}
		return constants[at : at+16]
	})), nil
}

// pieces finds the numbers and the constants of 16 bytes that are letters.
func pieces(text []byte, constant func(next, disp int) []byte) []piece {
	var out []piece
	take := func(at int, b []byte) {
		if len(b) > 0 && letters(b) {
			out = append(out, piece{at, b})
		}
	}
	for i := 0; i+12 < len(text); i++ {
		switch c := text[i]; {
		case (c == 0x48 || c == 0x49) && text[i+1]&0xf8 == 0xb8: // a number of 8 bytes
			take(i, text[i+2:i+10])
		case c == 0x0f && (text[i+1] == 0x6f || text[i+1] == 0x74 || text[i+1] == 0xef) && text[i+2]&0xc7 == 0x05:
			take(i, constant(i+7, int(int32(binary.LittleEndian.Uint32(text[i+3:])))))
		case c == 0x81 && text[i+1]&0xf8 == 0x38, c == 0x81 && text[i+1]&0xf8 == 0xf0, c == 0x81 && text[i+1]&0xf8 == 0xf8:
			take(i, text[i+2:i+6])
		case c == 0x81 && text[i+1]&0xf8 == 0x78:
			take(i, text[i+3:i+7])
		case c == 0x35, c == 0x3d, c&0xf8 == 0xb8:
			take(i, text[i+1:i+5])
		}
	}
	return out
}

func letters(b []byte) bool {
	for _, c := range b {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

const (
	reach = 96   // bytes of code between the pieces of one name
	apart = 2048 // bytes of code between names that have nothing to do with one another
)

// runs joins the pieces to names.
func runs(all []piece) [][]string {
	var out [][]string
	var run []string
	last := 0
	for i, p := range all {
		if p.at-last > apart && run != nil {
			out, run = append(out, run), nil
		}
		last = p.at
		run = append(run, string(p.text))
		for j := max(0, i-3); j < len(all) && j < i+4; j++ {
			q := all[j]
			if j == i || len(q.text) != len(p.text) || max(p.at, q.at)-min(p.at, q.at) > reach {
				continue
			}
			for n := range len(p.text) {
				if bytes.Equal(p.text[len(p.text)-n:], q.text[:n]) {
					run = append(run, string(p.text)+string(q.text[n:]))
				}
			}
		}
	}
	out = append(out, run)
	for i := range out {
		out[i] = slices.DeleteFunc(out[i], func(name string) bool { return !nameOfTwo.MatchString(name) })
	}
	return slices.DeleteFunc(out, func(run []string) bool { return len(run) < 3 })
}

// nameOfTwo is a name as tables have it, such as a_name, a-name and aName.
var nameOfTwo = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+|[A-Z][a-z0-9]+)*$`)

// nearby are the names that stand in one run with a name, of runs that were not seen.
func nearby(runs [][]string, name string, seen map[int]bool) []string {
	var out []string
	for n, run := range runs {
		if seen[n] || !slices.Contains(run, name) {
			continue
		}
		if seen[n] = true; len(run) < 20_000 {
			out = append(out, run...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

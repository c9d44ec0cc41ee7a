package main

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// word is a name as keys of config.toml have it: a_name, a-name, aName, AName.
var word = regexp.MustCompile(`^([a-z][a-z0-9]*([_-][a-z0-9]+)*|[a-z]+([A-Z][a-z]+){1,3}|([A-Z][a-z]+){1,4})$`)

// lists are the lists of names that a program holds: pointers to texts that stand
// behind one another. Lists of several tables may stand together as one.
func lists(program string) ([][]string, error) {
	f, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, texts := f.Section(".data.rel.ro"), f.Section(".rodata")
	if data == nil || texts == nil {
		return nil, fmt.Errorf("%s: not the kind of program that is read here", program)
	}
	pointers, err := data.Data()
	if err != nil {
		return nil, err
	}
	bytes, err := texts.Data()
	if err != nil {
		return nil, err
	}
	addends := relocated(f)
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(pointers[i:]) }
	var all [][]string
	var run []string
	for i := 0; i+16 <= len(pointers); {
		start, n := at(i), at(i+8)
		if add, ok := addends[data.Addr+uint64(i)]; ok {
			start = add
		}
		if start >= texts.Addr && n > 0 && n < 64 && start < texts.Addr+uint64(len(bytes)) && start+n <= texts.Addr+uint64(len(bytes)) {
			if w := string(bytes[start-texts.Addr : start-texts.Addr+n]); word.MatchString(w) {
				run = append(run, w)
				i += 16
				continue
			}
		}
		if run != nil {
			all = append(all, run)
			run = nil
		}
		i += 8
	}
	return all, nil
}

// relocated are the pointers that the loader fills in, in the form that older
// programs have.
func relocated(f *elf.File) map[uint64]uint64 {
	out := map[uint64]uint64{}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_RELA {
			continue
		}
		data, err := s.Data()
		if err != nil {
			continue
		}
		for i := 0; i+24 <= len(data); i += 24 {
			if binary.LittleEndian.Uint32(data[i+8:]) == uint32(elf.R_X86_64_RELATIVE) {
				out[binary.LittleEndian.Uint64(data[i:])] = binary.LittleEndian.Uint64(data[i+16:])
			}
		}
	}
	return out
}

// words are all names of the lists, once each.
func words(all [][]string) []string {
	var out []string
	for _, l := range all {
		out = append(out, l...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// window is the list of n names that holds all of known, nil when there is none or
// more than one.
func window(all [][]string, n int, known []string) []string {
	var found []string
	for _, l := range all {
		for i := 0; i+n <= len(l); i++ {
			w := l[i : i+n]
			if !slices.ContainsFunc(known, func(k string) bool { return !slices.Contains(w, k) }) && unique(w) {
				if found != nil && strings.Join(found, " ") != strings.Join(w, " ") {
					return nil
				}
				found = w
			}
		}
	}
	return found
}

// neighbours are the names that stand near one in the lists.
func neighbours(all [][]string, name string) []string {
	var out []string
	for _, l := range all {
		for i, n := range l {
			if n == name {
				out = append(out, l[max(0, i-60):min(len(l), i+60)]...)
			}
		}
	}
	if len(out) > 1000 { // a name that is everywhere says nothing
		return nil
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func unique(w []string) bool {
	sorted := slices.Sorted(slices.Values(w))
	return len(slices.Compact(sorted)) == len(w)
}

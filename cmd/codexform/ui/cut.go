package ui

import (
	"fmt"
	"slices"
)

// middle is a text with its middle replaced by how long it is, where it is too long.
func middle(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	mark := length(s)
	room := width - cells(mark)
	head := taken([]rune(s), room-room/2)
	tail := []rune(s)
	slices.Reverse(tail)
	back := []rune(taken(tail, room/2))
	slices.Reverse(back)
	return head + mark + string(back)
}

// taken is as much of the beginning of a text as has room.
func taken(s []rune, width int) string {
	for i := range s {
		if cells(string(s[:i+1])) > width {
			return string(s[:i])
		}
	}
	return string(s)
}

// length is the mark in the place of what is cut: how long the whole is.
func length(s string) string { return fmt.Sprintf("…(%d characters)…", len([]rune(s))) }

// around is a text cut to a width in which the place stays where it differs from another
// one, with as much around it as has room.
func around(s, other string, width int) string {
	if cells(s) <= width {
		return s
	}
	runes := []rune(s)
	from, to := apart(runes, []rune(other))
	from, to = max(0, from-context), min(len(runes), to+context)
	if from == 0 && to == len(runes) { // next to nothing is alike
		return middle(s, width)
	}
	room := width - cells(length(s)) - cells("…")
	if cells(string(runes[from:to])) > room {
		return marked(s, runes, from, to, ends(runes[from:to], room))
	}
	for grown := true; grown; {
		grown = false
		if from > 0 && cells(string(runes[from-1:to])) <= room {
			from, grown = from-1, true
		}
		if to < len(runes) && cells(string(runes[from:to+1])) <= room {
			to, grown = to+1, true
		}
	}
	return marked(s, runes, from, to, string(runes[from:to]))
}

// context is how many letters stand beside a difference at least.
const context = 4

// marked is what is kept of a text between the marks of what is missing before and after it.
func marked(s string, runes []rune, from, to int, kept string) string {
	switch {
	case from == 0:
		return kept + length(s)
	case to < len(runes):
		kept += "…"
	}
	return length(s) + kept
}

// ends are the beginning and the end of a text, as much as has room.
func ends(s []rune, room int) string {
	room -= cells("…")
	back := slices.Clone(s)
	slices.Reverse(back)
	tail := []rune(taken(back, room/2))
	slices.Reverse(tail)
	return taken(s, room-room/2) + "…" + string(tail)
}

// apart is where a text differs from another one: from the first letter that is not
// the same up to behind the last one.
func apart(s, other []rune) (from, to int) {
	for from < len(s) && from < len(other) && s[from] == other[from] {
		from++
	}
	to = len(s)
	for at := len(other); to > from && at > from && s[to-1] == other[at-1]; at-- {
		to--
	}
	return from, to
}

package ui

import (
	"iter"
	"strings"

	"github.com/codexform/codexform/plan"
)

// wrap breaks text at blanks, and a word that no line has room for behind a mark in it;
// later lines stand under the first one's words.
func wrap(lead, text string, width int) []string {
	margin := cells(lead)
	if margin+len(text) <= width && plan.Plain(text) && strings.TrimSpace(text) == text && !strings.Contains(text, "  ") {
		return []string{lead + text} // most texts, where nothing is to be broken
	}
	var lines []string
	line, used, begun := append(make([]byte, 0, len(lead)+len(text)), lead...), margin, false
	for word := range wordsWithin(text, max(width-margin, minCut)) {
		more := cells(word)
		if begun && used+1+more > width {
			lines = append(lines, string(line))
			line, used, begun = append(line[:0], strings.Repeat(" ", margin)...), margin, false
		}
		if begun {
			line, used = append(line, ' '), used+1
		}
		line, used, begun = append(line, word...), used+more, true
		if strings.HasPrefix(word, string(plan.Pictured)) { // as wide as the sign before it makes it
			used = cells(string(line))
		}
	}
	return append(lines, string(line))
}

// wordsWithin are the words of a text, those that are wider than a line in parts.
func wordsWithin(text string, room int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range strings.FieldsSeq(text) {
			for cells(word) > room {
				head := broken(word, room)
				if !yield(head) {
					return
				}
				word = word[len(head):]
			}
			if word != "" && !yield(word) {
				return
			}
		}
	}
}

// broken is the first part of a word that is wider than its room: up to the last mark
// that paths and lists have, where there is one in the second half.
func broken(word string, room int) string {
	head := taken([]rune(word), room)
	if at := strings.LastIndexAny(head, "/=,;&?."); at >= len(head)/2 {
		return head[:at+1]
	}
	return head
}

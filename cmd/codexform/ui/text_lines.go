package ui

import (
	"fmt"
	"math"
	"strings"
)

// proseWidth is how wide sentences run on a terminal that is wider.
const proseWidth = 100

// say prints one line of the answer.
func (v *textView) say(line string) { fmt.Fprintln(v.out, line) }

// unwrapped is a width that every sentence has room in.
const unwrapped = math.MaxInt32

// lineWidth is how wide sentences run: no wider than people read well, nor than the
// terminal. Where there is none, a sentence is one line, for what reads lines.
func (v *textView) lineWidth() int {
	if v.Width <= 0 {
		return unwrapped
	}
	return min(proseWidth, v.Width)
}

// prose prints a sentence over as many lines as it needs, all as far in as the
// first one's blanks.
func (v *textView) prose(lead, text string) {
	for _, line := range wrap(lead, v.plain(Visible(text)), v.lineWidth()) {
		v.say(line)
	}
}

// sentence prints a sentence in a colour.
func (v *textView) sentence(m meaning, text string) {
	for _, line := range wrap("", v.plain(text), v.lineWidth()) {
		v.say(v.style.paint(m, line))
	}
}

// led prints a sentence behind a coloured word.
func (v *textView) led(m meaning, lead, text string) {
	for i, line := range wrap(lead, v.plain(text), v.lineWidth()) {
		if i == 0 {
			line = v.style.paint(m, strings.TrimRight(lead, " ")) + " " + strings.TrimPrefix(line, lead)
		}
		v.say(line)
	}
}

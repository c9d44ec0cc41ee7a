// Package drawing draws what a program prints at a terminal: Record runs it, Rows lays
// its lines out as the terminal would, SVG draws them, and Text reads a drawing again,
// so that a test can hold a picture against the program.
package drawing

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Run is a piece of a row in one look.
type Run struct {
	Text string
	Look string // the parameters of the terminal's sequence, such as "33;1"; "" is plain
}

// Row is one row of the screen.
type Row []Run

var look = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// Rows lays out what was printed. A line that is too long goes on in the next row, as
// in a terminal.
func Rows(printed string, columns int) []Row {
	var rows []Row
	now := ""
	for line := range strings.SplitSeq(strings.TrimRight(printed, "\r\n"), "\n") {
		var row Row
		row, now = parse(strings.TrimRight(line, "\r"), now)
		rows = append(rows, wrap(row, columns)...)
	}
	return rows
}

// parse cuts a line where its look changes, and says which look is on at its end.
func parse(line, now string) (Row, string) {
	var row Row
	for line != "" {
		at := look.FindStringSubmatchIndex(line)
		if at == nil {
			return append(row, Run{line, now}), now
		}
		if at[0] > 0 {
			row = append(row, Run{line[:at[0]], now})
		}
		if now = line[at[2]:at[3]]; now == "0" {
			now = ""
		}
		line = line[at[1]:]
	}
	return row, now
}

func wrap(row Row, columns int) []Row {
	rows := []Row{nil}
	left := columns
	for _, run := range row {
		for run.Text != "" {
			if left == 0 {
				rows, left = append(rows, nil), columns
			}
			head := first(run.Text, left)
			last := len(rows) - 1
			rows[last] = append(rows[last], Run{head, run.Look})
			left -= utf8.RuneCountInString(head)
			run.Text = run.Text[len(head):]
		}
	}
	return rows
}

// first is the beginning of a text, at most n characters of it.
func first(text string, n int) string {
	for at := range text {
		if n == 0 {
			return text[:at]
		}
		n--
	}
	return text
}

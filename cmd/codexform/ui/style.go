package ui

// meaning is what a piece of text stands for; a style gives it a colour.
type meaning int

const (
	plain meaning = iota
	added
	changed
	removed
	secret
	faint
	heading
	warning
	failure
	success
)

// style colours by meaning. The zero style colours nothing.
type style struct{ colour bool }

var codes = [...]string{
	added: "32", changed: "33", removed: "31", secret: "35", faint: "2",
	heading: "1", warning: "33;1", failure: "31;1", success: "32;1",
}

// paint is text in the colour of its meaning.
func (s style) paint(m meaning, text string) string {
	if !s.colour || m == plain || text == "" {
		return text
	}
	return "\x1b[" + codes[m] + "m" + text + "\x1b[0m"
}

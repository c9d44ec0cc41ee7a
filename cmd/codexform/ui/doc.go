// Package ui says things to people and to machines: the same content as text for
// a terminal, as Markdown for a pull request, and as one JSON document.
//
// A View is what can be said; Text, Markdown and JSON say it. They take values of
// the packages plan, sources and apply, and ask nothing of them: what a view prints
// depends on its arguments and its Options alone. Everything that came from outside
// the program goes through Visible, so no file, variable or gateway can move a
// terminal's cursor.
package ui

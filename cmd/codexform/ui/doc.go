// Package ui says things to people and to machines: the same content as text for
// a terminal, as Markdown for a pull request, and as one JSON document.
//
// A View (view.go) is what can be said, and there is one for each Format: text,
// Markdown, JSON, and the formats of CI systems. How to add one:
// .github/CONTRIBUTING.md, An output format. They take values of the packages
// plan, sources and apply, and ask nothing of them: what a view prints
// depends on its arguments and its Options alone. Everything that came from outside
// the program goes through Visible, so no file, variable or gateway can move a
// terminal's cursor.
package ui

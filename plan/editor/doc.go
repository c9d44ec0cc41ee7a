// Package editor is what the editors of Codex's files have in common: how they refuse a
// file or an edit. tomlfile edits config.toml, jsonfile auth.json; both say in the same
// Error what is wrong and where, and look at the bytes of a file in the same way before
// they read it.
package editor

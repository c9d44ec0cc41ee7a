package plan

// Note is what an editor wrote down about one of its edits, to take it back byte
// for byte: opaque to all but the editor, valid UTF-8, "" for an edit that changed
// nothing.
type Note string

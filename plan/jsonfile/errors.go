package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/codexform/codexform/plan/editor"
)

// check refuses what is no single JSON document in UTF-8.
func check(src []byte) error {
	if e := editor.Check(src); e != nil {
		return e
	}
	switch {
	case len(bytes.Trim(src, " \t\r\n")) == 0:
		return &editor.Error{Kind: editor.Empty, Message: "empty: not even an object", Damaged: true}
	case bytes.HasPrefix(src, []byte(editor.Mark)):
		return editor.At(src, 0, editor.Encoding, "begins with a byte order mark, which Codex does not read here: remove it")
	}
	return checkSyntax(src)
}

func checkSyntax(src []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(src, &raw)
	var e *json.SyntaxError
	if !errors.As(err, &e) {
		return nil
	}
	offset := max(int(e.Offset)-1, 0)
	if strings.Contains(e.Error(), "max depth") {
		return editor.At(string(src), offset, editor.Limit, "nested more than %d levels deep", editor.MaxDepth)
	}
	if e.Offset >= int64(len(src)) && strings.Contains(e.Error(), "unexpected end") {
		return editor.DamagedAt(src, len(src), editor.Syntax, "damaged: the file ends in the middle of the object")
	}
	return editor.At(string(src), offset, editor.Syntax, "%s", reason(src, offset, e))
}

// reason is what is wrong at an offset; the standard library's words may quote a
// character of a secret.
func reason(src []byte, offset int, e *json.SyntaxError) string {
	switch {
	case strings.Contains(e.Error(), "after top-level value"):
		return "more data behind the object"
	case strings.Contains(e.Error(), "looking for beginning of object key") && bytes.IndexByte(src[offset:], '}') == 0:
		return "a comma behind the last member"
	case src[offset] == '/':
		return "a comment, which JSON does not have"
	}
	return "not JSON"
}

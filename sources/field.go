package sources

import (
	"context"
	"encoding/json"
	"strings"
)

// fieldSource is one field of a file that holds more than the key.
type fieldSource struct {
	disk
	path, format, field string
}

func (s fieldSource) Ref() Ref { return Ref("file:" + s.path + "#" + s.field) }

func (s fieldSource) Fetch(context.Context) (Fetched, error) {
	data, warnings, err := readSecretFile(s.disk, s.path, s.Ref())
	if err != nil {
		return Fetched{}, err
	}
	find := jsonField
	if s.format == "dotenv" {
		find = dotenvField
	}
	value, problem := find(data, s.field)
	if problem != "" {
		return Fetched{}, &Error{Kind: KindField, Ref: s.Ref(), Message: problem}
	}
	return fetched(s.Ref(), []byte(value), warnings...)
}

const noField = "the file has no such field"

// jsonField finds a text in a JSON object: by its exact name, else step by step
// along the dots of the name.
func jsonField(data []byte, name string) (value, problem string) {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return "", "the file is not a JSON object"
	}
	raw, ok := members[name]
	if !ok {
		first, rest, dotted := strings.Cut(name, ".")
		inner, ok := members[first]
		if !dotted || !ok || len(inner) == 0 || inner[0] != '{' {
			return "", noField
		}
		return jsonField(inner, rest)
	}
	var text *string
	if json.Unmarshal(raw, &text) != nil || text == nil {
		return "", "the field is not a text"
	}
	return *text, ""
}

// dotenvField finds the last NAME=value of a name. Quotes around a value are cut, a
// comment behind an unquoted one too; nothing is expanded.
func dotenvField(data []byte, name string) (value, problem string) {
	problem = noField
	for line := range strings.Lines(string(data)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		key, rest, ok := strings.Cut(line, "=")
		if ok && strings.TrimSpace(key) == name {
			value, problem = dotenvValue(strings.TrimSpace(rest))
		}
	}
	return value, problem
}

func dotenvValue(s string) (value, problem string) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		value, _, _ = strings.Cut(s, " #")
		return strings.TrimSpace(value), ""
	}
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return "", "the value's quote is not closed on its line"
	}
	return s[1 : 1+end], ""
}

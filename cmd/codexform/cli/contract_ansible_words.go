package cli

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// What Ansible's own modules make of an argument, no reader of JSON does: a task on a
// command line has nothing but strings, and a template may have made a map of a text.

// ansibleBool is a truth in each of Ansible's words.
type ansibleBool bool

func (b *ansibleBool) UnmarshalJSON(data []byte) error {
	word := strings.ToLower(strings.Trim(string(data), `"`))
	*b = ansibleBool(slices.Contains([]string{"y", "yes", "on", "1", "true", "t"}, word))
	if !bool(*b) && !slices.Contains([]string{"n", "no", "off", "0", "false", "f", "null"}, word) {
		return errors.New("yes or no is wanted, and not " + string(data))
	}
	return nil
}

// ansibleList is a list, or its items in one string with commas between.
type ansibleList []string

func (l *ansibleList) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return json.Unmarshal(data, (*[]string)(l))
	}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

// ansibleText is a text, or a map that is the same policy: JSON is YAML.
type ansibleText string

func (t *ansibleText) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*t = ansibleText(text)
	return nil
}

package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// field makes a secret of one field.
func (c *Client) field(fields map[string]any) (plan.Secret, error) {
	name := c.config.Field
	value, ok := fields[name]
	if !ok {
		return plan.Secret{}, &Error{
			Kind:    KindField,
			Message: fmt.Sprintf("%s has no field %q", c.place(), name), Hint: otherFields(fields),
		}
	}
	text, ok := value.(string)
	if !ok {
		return plan.Secret{}, &Error{
			Kind:    KindField,
			Message: fmt.Sprintf("the field %q of %s is %s", name, c.place(), jsonType(value)),
			Hint:    "a key has to be a text: write it as a string",
		}
	}
	secret, err := plan.ParseSecret([]byte(text))
	if errors.Is(err, plan.ErrNoSecret) {
		err = errors.New("it is empty")
	}
	if err != nil {
		return plan.Secret{}, &Error{
			Kind:    KindValue,
			Message: fmt.Sprintf("the field %q of %s cannot be a key: %s", name, c.place(), err),
			Hint:    "write the key alone into the field, as the gateway shows it",
		}
	}
	return secret, nil
}

// otherFields names what is there, as far as a name cannot be a value that
// somebody wrote into the wrong place.
func otherFields(fields map[string]any) string {
	var names []string
	for name := range fields {
		if len(name) <= 20 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "set field to a field that the secret has"
	}
	return "set field to one that the secret has: " + strings.Join(names[:min(len(names), 8)], ", ")
}

func jsonType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	}
	return "an object"
}

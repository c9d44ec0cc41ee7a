package codex

import (
	"slices"
	"strconv"
	"strings"
)

// namedKeys are the keys of tui.keymap that have a name; a single character is its own.
var namedKeys = []string{
	"enter", "return", "esc", "escape", "tab", "space", "spacebar", "backspace", "delete", "del",
	"up", "down", "left", "right", "home", "end", "pageup", "page-up", "pgup", "pagedown", "page-down", "pgdn",
}

// The first measured versions that read more than one key and a modifier: "minus", F13
// to F24, two keys after one another, and the command key.
var (
	minusNamed    = Version{0, 135, 0}
	manyFunctions = Version{0, 140, 0}
	twoKeys       = Version{0, 148, 0}
	commandKey    = Version{0, 164, 0}
)

// shortcut reports whether a version reads a text as keys to press, such as ctrl-t.
func shortcut(text string, v Version) bool {
	keys := strings.Fields(strings.ToLower(text))
	if len(keys) == 0 || len(keys) > 2 || len(keys) == 2 && v.Compare(twoKeys) < 0 {
		return false
	}
	return !slices.ContainsFunc(keys, func(key string) bool { return !pressed(key, v) })
}

func pressed(key string, v Version) bool {
	var held []string
	for {
		modifier, rest, ok := strings.Cut(key, "-")
		name := modifiers[modifier]
		if !ok || name == "" || name == "cmd" && v.Compare(commandKey) < 0 {
			break
		}
		if slices.Contains(held, name) {
			return false
		}
		held, key = append(held, name), rest
	}
	switch {
	case len(key) == 1:
		return key[0] > ' ' && key[0] < 0x7f && key != "-"
	case key == "minus":
		return v.Compare(minusNamed) >= 0
	case len(key) > 1 && key[0] == 'f' && key[1] != '0':
		n, err := strconv.Atoi(key[1:])
		return err == nil && n >= 1 && (n <= 12 || n <= 24 && v.Compare(manyFunctions) >= 0)
	}
	return slices.Contains(namedKeys, key)
}

var modifiers = map[string]string{
	"ctrl": "ctrl", "control": "ctrl", "alt": "alt", "option": "alt", "shift": "shift",
	"cmd": "cmd", "command": "cmd", "super": "cmd",
}

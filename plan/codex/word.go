package codex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// Word is what a Codex that is newer than the tables says of a config.toml itself. It
// counts before what they say.
type Word struct {
	// Loads reports that Codex starts with the file.
	Loads bool
	// Unknown are the keys that it does not know; meaningless unless Strict.
	Unknown []plan.Address
	// Strict reports that it was asked for them, to the last.
	Strict bool
	// Stages are those of its features, by name; nil when it did not say.
	Stages map[string]string
	// Windows are the context windows of its models; nil when it did not say.
	Windows map[string]int64
}

// After reports whether a version came after the tables.
func (v Version) After() bool { return v.Compare(newest) > 0 }

// maxUnknown bounds how many unknown keys are asked for, one start each.
const maxUnknown = 24

// Word asks the program about a config.toml: whether it starts with it, which keys it
// does not know, its features, and its models.
func (b Binary) Word(ctx context.Context, config []byte) (Word, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	var bad *LoadError
	err := b.Loads(ctx, config)
	if err != nil && !errors.As(err, &bad) {
		return Word{}, err
	}
	w := Word{Loads: err == nil}
	if w.Loads {
		w.Unknown, w.Strict = b.unknown(ctx, config)
	}
	s, err := b.scratch("", nil)
	if err != nil {
		return Word{}, err
	}
	defer s.remove()
	if out, err := b.run(ctx, s, "features", "list"); err == nil {
		w.Stages = stages(out.stdout)
	}
	if out, err := b.run(ctx, s, "debug", "models"); err == nil {
		w.Windows = windows(out.stdout)
	}
	return w, nil
}

var unknownField = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("unknown configuration field `([^`]*)`") })

// unknown are the keys that a strict start names. It names one at a time, which is then
// taken out of the file. It is false when not all of them are known.
func (b Binary) unknown(ctx context.Context, config []byte) ([]plan.Address, bool) {
	var found []plan.Address
	for range maxUnknown {
		var bad *LoadError
		switch err := b.LoadsStrictly(ctx, config); {
		case err == nil:
			return found, true
		case !errors.As(err, &bad):
			return nil, false
		}
		m := unknownField().FindStringSubmatch(bad.Detail)
		if m == nil {
			return nil, false
		}
		doc, err := tomlfile.Parse(config)
		if err != nil {
			return nil, false
		}
		a := named(doc.Root, m[1])
		rest, ok := without(config, a, bad.Line)
		if a == nil || !ok {
			return nil, false
		}
		found, config = append(found, a), rest
	}
	return found, false
}

// without is a file without a key. One in an item of a list goes with its line.
func without(config []byte, a plan.Address, line int) ([]byte, bool) {
	if !slices.Contains(a, item) {
		if out, err := tomlfile.Apply(config, []tomlfile.Edit{{Address: a}}); err == nil {
			return out.Data, !bytes.Equal(out.Data, config)
		}
		return withoutTables(config, a)
	}
	lines := bytes.SplitAfter(config, []byte("\n"))
	if line < 1 || line > len(lines) {
		return nil, false
	}
	rest := bytes.Join(slices.Delete(lines, line-1, line), nil)
	_, err := tomlfile.Parse(rest)
	return rest, err == nil
}

// withoutTables is a file without the tables of a list, and those below it.
func withoutTables(config []byte, a plan.Address) ([]byte, bool) {
	var rest []byte
	drop, name := false, []byte(a.String())
	for line := range bytes.Lines(config) {
		if header := bytes.TrimLeft(line, " \t["); len(header) < len(line) && bytes.TrimLeft(line, " \t")[0] == '[' {
			end := bytes.TrimLeft(bytes.TrimPrefix(header, name), " \t")
			drop = bytes.HasPrefix(header, name) && len(end) > 0 && (end[0] == ']' || end[0] == '.')
		}
		if !drop {
			rest = append(rest, line...)
		}
	}
	_, err := tomlfile.Parse(rest)
	return rest, err == nil && len(rest) < len(config)
}

// named is the address in a file that Codex writes with dots alone: a key may hold dots
// itself, and an item of a list is its number.
func named(v plan.Value, text string) plan.Address {
	if items := v.Items(); len(items) > 0 {
		number, rest, ok := strings.Cut(text, ".")
		if n, err := strconv.Atoi(number); ok && err == nil && n < len(items) {
			if below := named(items[n], rest); below != nil {
				return append(plan.Address{item}, below...)
			}
		}
		return nil
	}
	for _, m := range v.Members() {
		rest, ok := strings.CutPrefix(text, m.Key)
		switch {
		case ok && rest == "":
			return plan.Address{m.Key}
		case ok && rest[0] == '.':
			if below := named(m.Value, rest[1:]); below != nil {
				return append(plan.Address{m.Key}, below...)
			}
		}
	}
	return nil
}

// stages reads a list of features.
func stages(out []byte) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) > 2 {
			found[words[0]] = strings.TrimPrefix(strings.Join(words[1:len(words)-1], " "), "under ")
		}
	}
	return found
}

// windows reads a catalogue of models, nil when it is none.
func windows(out []byte) map[string]int64 {
	var catalogue struct {
		Models []struct {
			Slug    string
			Default int64 `json:"context_window"`
			Max     int64 `json:"max_context_window"`
		}
	}
	if json.Unmarshal(out, &catalogue) != nil || len(catalogue.Models) == 0 {
		return nil
	}
	found := map[string]int64{}
	for _, m := range catalogue.Models {
		found[m.Slug] = max(m.Default, m.Max)
	}
	return found
}

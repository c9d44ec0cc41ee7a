package sources

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
)

// written turns what came from ${env.NAME} back into what the policy says: what a
// policy reads from the environment of a machine is shown to nobody. In a review the
// other placeholders count too.
type written struct{ texts, values []pair }

type pair struct{ is, says string }

// add remembers a whole text, also as it reads with ~ for the user's home.
func (w *written) add(is, says, home string) {
	if is != "" && is != says {
		w.texts = append(w.texts, pair{is, says})
		if rest, below := strings.CutPrefix(is, home+"/"); below && home != "" {
			w.texts = append(w.texts, pair{"~/" + rest, says})
		}
	}
}

// variable remembers the value of a variable alone.
func (w *written) variable(is, name, home string) {
	if is == "" {
		return
	}
	says := "${" + name + "}"
	w.values = append(w.values, pair{is, says})
	if rest, below := strings.CutPrefix(is, home+"/"); below && home != "" {
		w.values = append(w.values, pair{"~/" + rest, says})
	}
}

// text is s as it was written. Whole texts go first, the longest before the others;
// of the rest a value counts as a word of its own.
func (w *written) text(s string) string {
	if w == nil || len(w.values)+len(w.texts) == 0 {
		return s
	}
	longest := func(a, b pair) int { return cmp.Compare(len(b.is), len(a.is)) }
	for _, p := range slices.SortedFunc(slices.Values(w.texts), longest) {
		s = replaceWord(s, p)
	}
	for _, p := range slices.SortedFunc(slices.Values(w.values), longest) {
		s = replaceWord(s, p)
	}
	return s
}

// replaceWord replaces what does not stand in the middle of a word; a long text counts
// wherever it stands.
func replaceWord(s string, p pair) string {
	var b strings.Builder
	for {
		i := strings.Index(s, p.is)
		if i < 0 {
			return b.String() + s
		}
		end := i + len(p.is)
		says := p.says
		if len(p.is) < 12 && (i > 0 && wordByte(s[i-1]) && wordByte(p.is[0]) || end < len(s) && wordByte(s[end]) && wordByte(s[end-1])) {
			says = p.is
		}
		b.WriteString(s[:i] + says)
		s = s[end:]
	}
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c >= 0x80
}

// asWritten is a source that says where its secret is in the policy's own words.
type asWritten struct {
	Source
	written *written
}

func (s asWritten) Ref() Ref { return Ref(s.written.text(string(s.Source.Ref()))) }

func (s asWritten) Fetch(ctx context.Context) (Fetched, error) {
	got, err := s.Source.Fetch(ctx)
	got.Ref = Ref(s.written.text(string(got.Ref)))
	for i, text := range got.Warnings {
		got.Warnings[i] = s.written.text(text)
	}
	var e *Error
	if errors.As(err, &e) {
		said := *e
		said.Ref, said.Message, said.Hint = Ref(s.written.text(string(e.Ref))), s.written.text(e.Message), s.written.text(e.Hint)
		err = &said
	}
	return got, err
}

// Close gives back what the source obtained.
func (s asWritten) Close(ctx context.Context) error {
	c, ok := s.Source.(closer)
	if !ok {
		return nil
	}
	err := c.Close(ctx)
	if err == nil {
		return nil
	}
	return errors.New(s.written.text(err.Error()))
}

// SingleUse reports that a fetch spends the credential.
func (s asWritten) SingleUse() bool {
	once, ok := s.Source.(interface{ SingleUse() bool })
	return ok && once.SingleUse()
}

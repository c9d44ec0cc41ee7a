package cli

import "io"

// shown puts texts in the words of the policies of this run: what they read from the
// environment of this machine is never printed.
type shown struct{ words []func(string) string }

func (s *shown) add(words func(string) string) {
	if s != nil {
		s.words = append(s.words, words)
	}
}

func (s *shown) text(text string) string {
	if s == nil {
		return text
	}
	for _, words := range s.words {
		text = words(text)
	}
	return text
}

// shownWriter is a stream on which texts are shown so.
type shownWriter struct {
	to    io.Writer
	shown *shown
}

func (w *shownWriter) Write(p []byte) (int, error) {
	text := w.shown.text(string(p))
	if text == string(p) {
		return w.to.Write(p)
	}
	if _, err := io.WriteString(w.to, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

package cli

import (
	"io"
	"sync"

	"github.com/codexform/codexform/plan/stall"
)

// shown puts texts in the words of the policies of this run: what they read from the
// environment of this machine is never printed.
type shown struct {
	mu    sync.Mutex
	words []func(string) string
}

func (s *shown) add(words func(string) string) {
	if s != nil {
		s.mu.Lock()
		s.words = append(s.words, words)
		s.mu.Unlock()
	}
}

func (s *shown) text(text string) string {
	if s == nil {
		return text
	}
	s.mu.Lock()
	all := s.words
	s.mu.Unlock()
	for _, words := range all {
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
	defer stall.Enter(stall.Wait, "", "a stream").Leave() // of which nobody may be reading the other end
	text := w.shown.text(string(p))
	if text == string(p) {
		return w.to.Write(p)
	}
	if _, err := io.WriteString(w.to, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

package editor

import "testing"

// A place is the same whether one is asked for or many.
func TestLines(t *testing.T) {
	for _, text := range []string{"", "a", "\n", "ä = 1\n\nb = \"ключ\"\r\n x", Mark + "a = 1\nb = 2\n", "\n\n\n"} {
		lines := LinesOf(text)
		for at := range len(text) + 1 {
			if got, want := lines.PlaceAt(text, at), PlaceAt(text, at); got != want {
				t.Errorf("%q, byte %d: got %v, want %v", text, at, got, want)
			}
		}
	}
}

package codex

import (
	"strings"
	"testing"
)

// TestVersionsOfTables reads every version of the tables as any other text is read.
func TestVersionsOfTables(t *testing.T) {
	n := 0
	for _, text := range []string{keysText, featuresText} {
		for line := range strings.Lines(text) {
			for word := range strings.FieldsSeq(line) {
				_, span, dated := strings.Cut(word, "@")
				if !dated || strings.HasPrefix(line, "#") {
					continue
				}
				for from := range strings.SplitSeq(strings.ReplaceAll(span, "|", ".."), "..") {
					if want, err := ParseVersion(from); err == nil {
						if n++; mustVersion(from) != want {
							t.Errorf("%s: %s is read as %s", line, from, mustVersion(from))
						}
					}
				}
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d versions were seen", n)
	}
}

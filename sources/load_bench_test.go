package sources_test

import (
	"testing"

	"github.com/codexform/codexform/sources"
)

func BenchmarkLoad(b *testing.B) {
	w := world(&testing.T{}, map[string]string{"codex.yaml": wholePolicy}, nil)
	for b.Loop() {
		if _, err := sources.Load(w, []string{"codex.yaml"}); err != nil {
			b.Fatal(err)
		}
	}
}

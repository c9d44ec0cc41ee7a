package sources

import (
	"slices"

	"github.com/codexform/codexform/docs/schema"
)

// Schema is the JSON Schema of the desired state, for editors. It says what the
// reader says, as far as a schema can.
func Schema() []byte { return slices.Clone(schema.Codex) }

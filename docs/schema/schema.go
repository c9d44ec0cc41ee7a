// Package schema holds the JSON Schemas that codexform prints.
package schema

import _ "embed"

// Codex is the JSON Schema of the desired state, codex.yaml.
//
//go:embed codex.schema.json
var Codex []byte

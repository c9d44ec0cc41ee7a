package vault

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/vault/api"
)

// The first version of a secret is 1: an answer with another count is none of KV version
// 2, and its data is not taken for the key.
func TestVersionsBeginAtOne(t *testing.T) {
	c := &Client{config: Config{Mount: "secret", Path: "codex"}}
	for number, good := range map[json.Number]bool{"1": true, "7": true, "0": false, "-1": false, "": false, "1.5": false} {
		answer := &api.Secret{Data: map[string]any{
			"data": map[string]any{"api_key": "x"}, "metadata": map[string]any{"version": number},
		}}
		fields, version, err := c.unpack(answer)
		if good && (err != nil || version != string(number)) || !good && (err != errOtherEngine || fields != nil) {
			t.Errorf("version %q: %v, %q, %v", number, fields, version, err)
		}
	}
}

//go:build current

package main

import "github.com/hashicorp/vault/audit"

var auditBackends = map[string]audit.Factory{"file": audit.NewFileBackend}

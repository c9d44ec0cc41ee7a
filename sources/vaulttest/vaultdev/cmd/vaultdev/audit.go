//go:build !current

package main

import (
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/audit/file"
)

var auditBackends = map[string]audit.Factory{"file": file.Factory}

// Package azurekeyvault stands in for the cloud wrapper of the same name in the Vault
// of our tests, which is sealed by hand: it keeps an unused SDK out of the build.
package azurekeyvault

import wrapping "github.com/hashicorp/go-kms-wrapping/v2"

// Wrapper wraps nothing.
type Wrapper struct{ wrapping.Wrapper }

// NewWrapper makes a Wrapper that nobody may call.
func NewWrapper() *Wrapper { return &Wrapper{} }

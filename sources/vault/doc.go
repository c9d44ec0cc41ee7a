// Package vault reads one secret from HashiCorp Vault: it logs in, reads a field of
// a KV secret, and revokes the token that it got.
//
// A Session is what one run shares. It makes a Client for each Config, and clients
// whose logins are the same share one token. Close gives the tokens back.
//
//	session := vault.NewSession(world)
//	defer session.Close(ctx)
//	client, err := session.Client(vault.Config{Path: "codex"})
//	secret, version, err := client.Fetch(ctx)
//
// Whatever goes wrong is an *Error: what happened, where (address, mount, path,
// role) and what to do about it. It never holds a value or a server's words; those
// are looked at to tell one situation from another, and then dropped.
package vault

package gateway

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"slices"
)

// anchored refuses what crypto/x509 takes for a server's certificate and Codex does not:
// it would not connect, whatever the gateway answers here.
func anchored(state tls.ConnectionState) error {
	var why string
	for _, chain := range state.VerifiedChains {
		if why = untrusted(chain); why == "" {
			return nil
		}
	}
	if why == "" {
		return nil // nothing was verified that could be judged
	}
	return &guardError{outcome{class: TLSError, detail: "the certificate " + why + ": Codex would never connect"}}
}

// untrusted says what Codex has against a chain, "" where there is nothing. It follows
// "the certificate".
func untrusted(chain []*x509.Certificate) string {
	leaf := chain[0]
	switch {
	case len(chain) == 1 && !bytes.Equal(leaf.RawIssuer, leaf.RawSubject):
		return "is trusted by itself, and its authority is not"
	case slices.ContainsFunc(chain, oddRSA):
		return "or its authority has an RSA key of fewer than 2048 bits, or of more than 8192"
	}
	return ""
}

func oddRSA(c *x509.Certificate) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && (key.N.BitLen() < 2048 || key.N.BitLen() > 8192)
}

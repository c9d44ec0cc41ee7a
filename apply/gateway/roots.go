package gateway

import (
	"crypto/x509"
	"sync"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/codex"

	"github.com/spf13/afero"
)

const bundleMax = 4 << 20

// trust is what a Client has read of certificate authorities: they cost more than the
// request, and a run asks more than once.
type trust struct {
	once sync.Once
	pool *x509.CertPool
	bad  *outcome
}

// roots are the computer's certificate authorities and those of the first of
// CODEX_CA_CERTIFICATE and SSL_CERT_FILE that is set; nil means the computer's own.
// They are read once.
func (c *Client) roots() (*x509.CertPool, *outcome) {
	c.trust.once.Do(func() { c.trust.pool, c.trust.bad = c.readRoots() })
	return c.trust.pool, c.trust.bad
}

func (c *Client) readRoots() (*x509.CertPool, *outcome) {
	for _, name := range codex.AuthorityVariables {
		path := c.getenv(name)
		if path == "" {
			continue
		}
		data, err := readBundle(path)
		if err != nil {
			return nil, &outcome{class: TLSError, detail: name + " names a file that cannot be read: Codex would never connect"}
		}
		authorities, err := codex.Authorities(data)
		if err != nil {
			return nil, &outcome{class: TLSError, detail: name + " names a file that " + err.Error() + ": Codex would never connect"}
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		for _, a := range authorities {
			pool.AddCert(a)
		}
		return pool, nil
	}
	return nil, nil
}

// readBundle reads a regular file of bounded size: a FIFO would hang.
func readBundle(path string) ([]byte, error) {
	data, _, err := bounded.File(afero.NewOsFs(), path, bundleMax)
	return data, err
}

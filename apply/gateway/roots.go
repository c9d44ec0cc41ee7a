package gateway

import (
	"crypto/x509"
	"errors"
	"io"
	"os"
)

const bundleMax = 4 << 20

// roots are the computer's certificate authorities and those of the first of
// CODEX_CA_CERTIFICATE and SSL_CERT_FILE that is set; nil means the computer's own.
func (c *Client) roots() (*x509.CertPool, *outcome) {
	for _, name := range []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"} {
		path := c.getenv(name)
		if path == "" {
			continue
		}
		pem, err := readBundle(path)
		if err != nil {
			return nil, &outcome{class: TLSError, detail: name + " names a file that cannot be read: Codex would never connect"}
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, &outcome{class: TLSError, detail: name + " names a file without a certificate"}
		}
		return pool, nil
	}
	return nil, nil
}

// readBundle reads a regular file of bounded size: a FIFO would hang.
func readBundle(path string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, os.ErrInvalid)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bundleMax))
}

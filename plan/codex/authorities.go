package codex

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"strings"
)

// AuthorityVariables name extra certificate authorities; the first that is set counts.
var AuthorityVariables = []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"}

// certificateBlocks are the kinds of PEM blocks that Codex takes for certificates.
var certificateBlocks = map[string]bool{"CERTIFICATE": true, "X509 CERTIFICATE": true, "TRUSTED CERTIFICATE": true}

// decodedBlocks are the other kinds that it decodes; of all the rest it reads nothing.
var decodedBlocks = map[string]bool{
	"PUBLIC KEY": true, "PRIVATE KEY": true, "RSA PRIVATE KEY": true, "EC PRIVATE KEY": true,
	"X509 CRL": true, "CERTIFICATE REQUEST": true, "ECHCONFIG": true,
}

// Authorities reads a file of certificates as Codex does, which connects to nothing
// when one block of it cannot be read. The error ends the sentence "names a file that".
func Authorities(data []byte) ([]*x509.Certificate, error) {
	blocks, err := pemBlocks(string(data))
	if err != nil {
		return nil, err
	}
	var out []*x509.Certificate
	for _, b := range blocks {
		der, err := pemText(b.text)
		switch {
		case !certificateBlocks[b.kind] && !decodedBlocks[b.kind]:
			continue
		case err != nil:
			return nil, errors.New("has a block that is not base64")
		case !certificateBlocks[b.kind]:
			continue
		}
		// Behind a trusted certificate it says what it is trusted for.
		var first asn1.RawValue
		if rest, err := asn1.Unmarshal(der, &first); err == nil {
			der = der[:len(der)-len(rest)]
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, errors.New("has a block that is not a certificate")
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("holds no certificate")
	}
	return out, nil
}

type pemBlock struct{ kind, text string }

// pemText is what the lines of a block hold; its padding may be left out.
func pemText(text string) ([]byte, error) {
	text = strings.NewReplacer(" ", "", "\t", "", "\r", "").Replace(text)
	bare := strings.TrimRight(text, "=")
	if padding := len(text) - len(bare); padding > 2 || padding > 0 && len(text)%4 != 0 {
		return nil, base64.CorruptInputError(len(bare))
	}
	return base64.RawStdEncoding.DecodeString(bare)
}

func pemBlocks(data string) ([]pemBlock, error) {
	var out []pemBlock
	var at *pemBlock
	for line := range strings.FieldsFuncSeq(data, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.TrimRight(line, " \t")
		if kind, begins := strings.CutPrefix(strings.TrimPrefix(line, "\ufeff"), "-----BEGIN "); begins {
			if kind, begins = strings.CutSuffix(kind, "-----"); begins && strings.HasSuffix(kind, "-") {
				return nil, errors.New("has a block that does not begin as one does")
			} else if begins && at == nil {
				at = &pemBlock{kind: kind}
			} else if begins {
				at.kind = kind // what the block held so far stays in it
			}
			continue
		}
		if at == nil {
			continue
		}
		if strings.HasPrefix(line, "-----END "+at.kind+"-----") {
			out, at = append(out, *at), nil
			continue
		}
		at.text += line
	}
	if at != nil {
		return nil, errors.New("ends inside a block")
	}
	return out, nil
}

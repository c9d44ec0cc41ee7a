package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/codexform/codexform/plan/connerr"
)

// passes reports whether the same request may well succeed a moment later. When it
// must not be sent twice, only a connection that never came about counts.
func passes(err error, once bool) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	return !once && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || connerr.Reset(err))
}

// broken says why there was no answer. The error is looked at and dropped.
func (c *conn) broken(ctx context.Context, err error) *Error {
	e := &Error{Kind: KindUnreachable, Retryable: true}
	var redirect *redirectError
	switch {
	case errors.As(err, &redirect):
		return c.redirected(ctx, redirect)
	case errors.Is(err, errTooLarge):
		e.Kind, e.Retryable = KindTooLarge, false
		e.Message = c.where + " answers with more than 1 MiB"
		e.Hint = "that is not Vault: look at the address, and at what stands in front of it"
	case errors.Is(err, errNotVault):
		e.Kind, e.Retryable = KindProtocol, false
		e.Message = c.where + " does not answer like Vault"
		e.Hint = hintNotVault
	case errors.Is(ctx.Err(), context.Canceled):
		e.Kind, e.cause, e.Retryable = KindCanceled, context.Canceled, false
		e.Message = "stopped while waiting for " + c.where
	case isTimeout(err):
		e.Kind, e.cause = KindTimeout, context.DeadlineExceeded
		e.Message = fmt.Sprintf("%s does not answer within %s", c.where, c.timeout)
		e.Hint = "is it the right address, and does a firewall drop what goes there? A slow server needs a longer timeout"
	case c.distrusted(e, err):
	default:
		c.unreachable(e, err)
	}
	return e
}

const hintNotVault = "is the address Vault's own? A sign-in page, a proxy or another server may answer in its place"

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

func (c *conn) unreachable(e *Error, err error) {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		e.Message = c.where + ": the host is not known to DNS"
		e.Hint = "look at the spelling; a name of an internal network needs its VPN"
	case errors.Is(err, syscall.ENOENT) && strings.HasPrefix(c.where, "unix:"):
		e.Message = c.where + ": there is no such socket"
		e.Hint = "start the Vault agent or proxy that makes it"
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		e.Message = c.where + ": we may not connect"
		e.Hint = "the socket, or a rule of this machine, does not let this user in"
	case connerr.Refused(err):
		e.Message = c.where + " refuses the connection"
		e.Hint = "is Vault running there, and is the port right?"
	default:
		e.Message = c.where + ": the connection broke"
		e.Hint = "look at what stands between this machine and Vault: a proxy, a VPN, a load balancer"
	}
}

// distrusted fills e when err is about TLS.
func (c *conn) distrusted(e *Error, err error) bool {
	message, hint := tlsTrouble(err)
	if message == "" {
		return false
	}
	e.Kind, e.Retryable = KindTLS, false
	e.Message, e.Hint = c.where+": "+message, hint
	return true
}

func tlsTrouble(err error) (message, hint string) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var op *net.OpError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return "its certificate is signed by an authority that this machine does not know",
			"give the authority's certificate with ca_cert, or VAULT_CACERT"
	case errors.As(err, &host):
		return "its certificate is for another name", "use the name that is in the certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate is expired or not valid yet", "renew it, or set this machine's clock"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "its certificate cannot be trusted", "look at it with openssl s_client -connect"
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &notTLS):
		return "it does not speak TLS", "is the scheme http://, or is the port another server's?"
	case errors.As(err, &op) && op.Op == "remote error": // an alert: its text is crypto/tls's own
		return "it breaks the TLS handshake off: " + op.Err.Error(),
			"it may want a client certificate: client_cert and client_key"
	}
	return "", ""
}

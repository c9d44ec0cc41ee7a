package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/codexform/codexform/plan/connerr"
)

// How far a try came, for the text of a timeout.
const (
	looking int32 = iota
	connecting
	handshaking
	waiting
	reading
)

var stageText = [...]string{"looking up the name", "connecting", "in the TLS handshake", "waiting for the answer", "reading the answer"}

// stage is how far a try came. The transport reports from goroutines of its own.
type stage struct{ at atomic.Int32 }

func (s *stage) set(at int32) { s.at.Store(at) }

func (s *stage) text() string { return stageText[s.at.Load()] }

func (s *stage) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart:      func(string, string) { s.set(connecting) },
		TLSHandshakeStart: func() { s.set(handshaking) },
		WroteRequest:      func(httptrace.WroteRequestInfo) { s.set(waiting) },
	})
}

// failed sorts the error of a try. The standard library's texts quote servers, so
// none of them is kept. ctx is that of the whole call.
func (s session) failed(ctx context.Context, err error, progress *stage) outcome {
	var guard *guardError
	var proxy *proxyError
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return outcome{class: Canceled, detail: "stopped while " + progress.text()}
	case errors.As(err, &guard):
		return guard.outcome
	case errors.As(err, &proxy):
		return outcome{class: ProxyError, status: proxy.status, detail: proxy.Error()}
	case errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect"):
		return outcome{class: ProxyError, again: true, detail: "no connection to the proxy"}
	case errors.As(err, &dns):
		return lookupFailed(dns)
	}
	if o, ok := s.tlsFailed(err, progress); ok {
		return o
	}
	o := broken(err, progress)
	if s.proxied && o.class != Timeout && progress.at.Load() == connecting {
		return outcome{class: ProxyError, again: true, detail: "the proxy gave no HTTP answer"}
	}
	return o
}

func lookupFailed(err *net.DNSError) outcome {
	o := outcome{class: DNSError, again: !err.IsNotFound, detail: "the name server did not answer for " + plain(err.Name)}
	if err.IsNotFound {
		o.detail = "no address is known for " + plain(err.Name)
	}
	return o
}

func broken(err error, progress *stage) outcome {
	var timeout interface{ Timeout() bool }
	var op *net.OpError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return outcome{class: Timeout, again: true, detail: "no time left while " + progress.text()}
	case connerr.Reset(err):
		return outcome{class: Interrupted, again: true, detail: "the connection was cut while " + progress.text()}
	case connerr.Refused(err):
		return outcome{class: ConnRefused, again: true, detail: "nothing listens on that host and port"}
	case errors.As(err, &op) && op.Op == "dial":
		return outcome{class: Unreachable, again: true, detail: "the network knows no way to the host"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &op):
		return outcome{class: Interrupted, again: true, detail: "the connection broke while " + progress.text()}
	case strings.Contains(err.Error(), "response headers exceeded"): // net/http has no value for it
		return outcome{class: TooLarge, detail: "an answer with more than 64 KiB of headers"}
	}
	return outcome{class: NotAModelList, detail: "the answer is not HTTP"}
}

// tlsFailed recognises what goes wrong in a handshake. The key was not sent then,
// but where a gateway wants a certificate of ours: TLS 1.3 says so later.
func (s session) tlsFailed(err error, progress *stage) (outcome, bool) {
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	var alert *net.OpError
	detail := ""
	switch {
	case errors.As(err, &host):
		detail = "the certificate is for another host" + s.names(host.Certificate)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		detail = "the certificate is not valid today: it is from " + day(invalid.Cert.NotBefore) + " to " + day(invalid.Cert.NotAfter)
	case errors.As(err, &unknown):
		detail = "the certificate comes from an authority that this computer does not know"
	case errors.As(err, &verify):
		detail = "the certificate cannot be trusted"
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &notTLS):
		detail = "no TLS is spoken on that port"
	case errors.As(err, &alert) && alert.Op == "remote error":
		detail = "the other side ended TLS: it may be older than TLS 1.2, or want a client certificate"
	case progress.at.Load() == handshaking && strings.Contains(err.Error(), "tls: "): // no type for the rest
		detail = "no agreement on TLS 1.2 or newer"
	default:
		return outcome{}, false
	}
	return outcome{class: TLSError, detail: detail}, true
}

// names are a few of the hosts that a certificate is for.
func (s session) names(cert *x509.Certificate) string {
	if cert == nil || len(cert.DNSNames) == 0 {
		return ""
	}
	names := cert.DNSNames[:min(3, len(cert.DNSNames))]
	return ": " + s.echo.clean(strings.Join(names, ", "))
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

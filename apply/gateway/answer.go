package gateway

import "time"

// Class says what one model-list call came to.
type Class string

// The classes. docs/reference/confirmation.md explains each.
const (
	OK             Class = "ok"
	ModelMissing   Class = "model_missing"    // a list, without a wanted model
	Unauthorized   Class = "unauthorized"     // 401
	Forbidden      Class = "forbidden"        // 403
	NotFound       Class = "not_found"        // 404
	Rejected       Class = "rejected"         // any other 4xx
	RateLimited    Class = "rate_limited"     // 429
	GatewayError   Class = "gateway_error"    // 5xx
	NotAModelList  Class = "not_a_model_list" // an answer that is not a model list: HTML, other JSON, no HTTP
	Redirected     Class = "redirected"       // 3xx, not followed
	TooLarge       Class = "too_large"        // more than we read
	TLSError       Class = "tls_error"        // no trusted connection; the key was not sent
	DNSError       Class = "dns_error"        // the host's name has no address
	ConnRefused    Class = "refused"          // nothing listens there
	Unreachable    Class = "unreachable"      // no way to the host
	Interrupted    Class = "interrupted"      // the connection broke before the whole answer was there
	Timeout        Class = "timeout"          // a limit of time passed
	ProxyError     Class = "proxy"            // the proxy refused or cannot be used
	InvalidURL     Class = "invalid_url"      // base_url cannot be used; nothing was sent
	Insecure       Class = "insecure"         // the key would travel in clear; nothing was sent
	ForbiddenPlace Class = "unsafe_address"   // link-local or metadata address; nothing was sent
	Canceled       Class = "canceled"         // the caller stopped it
	NoCredential   Class = "no_credential"    // nobody was asked: Codex would have no key to send; List never says so
	NotAsked       Class = "not_asked"        // nobody was asked: the key is not for that host; List never says so
)

// Answer is what a model-list call came to. All its texts are one line, printable
// ASCII where they come from the server, and never hold the key.
type Answer struct {
	URL     string // what was asked, without query
	Class   Class
	Status  int // HTTP status, 0 when there was none
	Wanted  []string
	Missing []string            // wanted and not listed, in the order of Wanted
	Near    map[string][]string // per missing model the nearest listed names, best first
	Listed  int                 // how many models the gateway listed
	Every   bool                // one of them is "*", which stands for every model
	// Attempts counts the tries at URL, 0 when the call was refused before the first.
	Attempts int
	Elapsed  time.Duration
	Date     time.Time // by the server's clock, zero when it did not say
	KeySent  bool      // a credential went along
	Detail   string    // what was seen
	Fix      string    // what to do about it, where nobody was asked and it is more than the class says
	// Fixed is the base_url that would have answered: base_url with /v1 behind it.
	// Empty when it was not tried or did not answer with a model list.
	Fixed string
}

// OK reports whether the gateway took the key and lists every wanted model.
func (a Answer) OK() bool { return a.Class == OK }

// Definite reports a no that asking again will not change: the gateway or the URL
// is wrong, or the key is. Everything else but OK is an outage on the way.
func (a Answer) Definite() bool {
	switch a.Class {
	case ModelMissing, Unauthorized, Forbidden, NotFound, Rejected, NotAModelList,
		Redirected, TooLarge, TLSError, InvalidURL, Insecure, ForbiddenPlace, NoCredential, NotAsked:
		return true
	}
	return false
}

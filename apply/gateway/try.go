package gateway

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// header is what goes along with each try: the provider's own headers, and over
// them the key. What cannot stand in a header is left out, as Codex leaves it out.
func header(c *Client, r Request) http.Header {
	h := http.Header{"User-Agent": {"codexform"}}
	if c.UserAgent != "" {
		h.Set("User-Agent", c.UserAgent)
	}
	set := func(name, value string) {
		if httpguts.ValidHeaderFieldName(name) && httpguts.ValidHeaderFieldValue(value) {
			h.Set(name, value)
		}
	}
	for name, value := range r.Header {
		set(name, value)
	}
	if r.Key.Known() {
		set("Authorization", "Bearer "+string(r.Key.Reveal()))
	}
	h.Set("Accept", "application/json")
	h.Set("Accept-Encoding", "identity")
	return h
}

// try asks once.
func (s session) try(ctx context.Context, t target) outcome {
	limit := s.request.Timeout
	if limit <= 0 {
		limit = timeoutUsual
	}
	progress := &stage{}
	once, cancel := context.WithTimeout(progress.watch(ctx), limit)
	defer cancel()
	resp, err := s.transport.RoundTrip(s.build(once, t))
	if err != nil {
		return s.failed(ctx, err, progress)
	}
	defer resp.Body.Close()
	progress.set(reading)
	o := s.judge(resp)
	if o.class == "" {
		o = s.read(ctx, resp, progress)
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		o.date = at
	}
	return o
}

func (s session) build(ctx context.Context, t target) *http.Request {
	u := *t.url
	u.RawQuery = askedQuery(s.request.Query)
	r := &http.Request{
		Method: http.MethodGet, URL: &u, Host: cmp.Or(s.header.Get("Host"), u.Host), Header: s.header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	return r.WithContext(ctx)
}

// askedQuery is a query as Codex makes it of query_params: it joins names and values as
// they stand, and only what no URL may hold is escaped. So a + stays one, an escape is
// one, and a # ends it.
func askedQuery(params map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		pairs = append(pairs, name+"="+params[name])
	}
	text, _, _ := strings.Cut(strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(strings.Join(pairs, "&")), "#")
	text = strings.TrimRight(text, " ") // as at the end of any URL
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"'<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// judge looks at status and header. It leaves the class empty where the body is
// worth reading.
func (s session) judge(resp *http.Response) outcome {
	o := outcome{status: resp.StatusCode, detail: statusText(resp.StatusCode)}
	o.class = statusClass(resp.StatusCode)
	switch o.class {
	case Redirected:
		o.detail += s.location(resp)
	case RateLimited, GatewayError, Timeout:
		o.again = true
		o.pause = retryAfter(resp.Header, s.client.now())
		if o.pause.time > retryAfterMax {
			o.detail += fmt.Sprintf("; the gateway asks to wait %s", o.pause.time.Round(time.Second))
		}
	case "":
		o.class, o.detail = wrongHeader(resp)
	}
	return o
}

func statusClass(status int) Class {
	switch status {
	case http.StatusOK:
		return ""
	case http.StatusUnauthorized:
		return Unauthorized
	case http.StatusForbidden:
		return Forbidden
	case http.StatusNotFound:
		return NotFound
	case http.StatusProxyAuthRequired:
		return ProxyError
	case http.StatusRequestTimeout:
		return Timeout
	case http.StatusTooManyRequests:
		return RateLimited
	}
	switch status / 100 {
	case 3:
		return Redirected
	case 4:
		return Rejected
	case 5:
		return GatewayError
	}
	return NotAModelList
}

// wrongHeader says why a 200 is no model list before its body is touched.
func wrongHeader(resp *http.Response) (Class, string) {
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return NotAModelList, "200, but compressed, which was not asked for"
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return NotAModelList, "200 without a content type that can be read"
	case kind == "text/html":
		return NotAModelList, "200 with a web page (text/html)"
	case kind != "application/json":
		return NotAModelList, "200 with something other than application/json"
	case resp.ContentLength > listBytes:
		return TooLarge, fmt.Sprintf("200 with %d bytes; a model list has at most 2 MiB", resp.ContentLength)
	}
	return "", ""
}

// statusText is the status in our words: the server's reason phrase is its own text.
func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// location is where a redirect leads, without query and fragment, which may hold
// tokens.
func (s session) location(resp *http.Response) string {
	u, err := resp.Location()
	if err != nil {
		return ""
	}
	return " to " + s.echo.clean(u.Scheme+"://"+u.Host+u.EscapedPath())
}

// read reads the model list.
func (s session) read(ctx context.Context, resp *http.Response, progress *stage) outcome {
	body := &limited{r: resp.Body, max: listBytes}
	list, err := readList(body, s.request.Models)
	o := outcome{status: resp.StatusCode, list: list}
	if broken := body.failure(); broken != nil {
		err = broken
	}
	switch {
	case err == nil && list.every:
		o.class, o.detail = OK, `lists "*", which stands for every model`
	case err == nil && len(list.found) == len(distinct(s.request.Models)):
		o.class, o.detail = OK, "lists "+count(list.listed)
	case err == nil:
		o.class, o.detail = ModelMissing, "lists "+count(list.listed)+", but not every wanted one"
	case err == errTooLarge || err == errTooLong || err == errTooMany:
		o.class, o.detail = TooLarge, "200 with "+err.Error()
	case err == errNotJSON || err == errNoList || err == errTooDeep:
		o.class, o.detail = NotAModelList, "200 with "+err.Error()
	default:
		o = s.failed(ctx, err, progress)
		o.status = resp.StatusCode
	}
	return o
}

func distinct(models []string) map[string]bool {
	set := map[string]bool{}
	for _, m := range models {
		set[m] = true
	}
	return set
}

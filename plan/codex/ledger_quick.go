package codex

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// quick reads a ledger as this program writes it, in a tenth of the time that
// encoding/json takes: most runs read one and change nothing. It knows no more of
// JSON than EncodeLedger writes. Whatever else it meets it leaves to encoding/json,
// which decides.
type quick struct {
	text string
	i    int
	bad  bool
}

// quickLedger is the ledger in a text, false when encoding/json has to be asked.
func quickLedger(text string) (ledgerDoc, bool) {
	q := quick{text: text}
	var doc ledgerDoc
	if !utf8.ValidString(text) {
		return doc, false
	}
	q.object(func(name string) {
		switch name {
		case "format":
			doc.Format = int(q.int())
		case "oldest_reader":
			doc.Oldest = int(q.int())
		case "fingerprint_key":
			doc.Key = q.bytes()
		case "policy":
			doc.Policy = q.policy()
		case "facts":
			doc.Facts = q.facts()
		case "entries":
			doc.Entries = slices.Grow(doc.Entries, 1+len(text[q.i:])/256)
			q.list(func() { doc.Entries = append(doc.Entries, q.entry()) })
		default:
			q.bad = true
		}
	})
	q.space()
	return doc, !q.bad && q.i == len(q.text)
}

func (q *quick) facts() *[]factDoc {
	facts := []factDoc{}
	q.list(func() {
		var f factDoc
		q.object(func(name string) {
			switch name {
			case "path":
				q.list(func() { f.Path = append(f.Path, q.string()) })
			case "value":
				f.Value = q.value(0)
			default:
				q.bad = true
			}
		})
		facts = append(facts, f)
	})
	return &facts
}

func (q *quick) policy() *plan.Policy {
	var p plan.Policy
	q.object(func(name string) {
		switch name {
		case "files":
			q.list(func() { p.Paths = append(p.Paths, q.string()) })
		case "digest":
			p.Digest = q.string()
		case "applied":
			p.Time = q.time()
		default:
			q.bad = true
		}
	})
	return &p
}

func (q *quick) entry() entryDoc {
	var e entryDoc
	q.object(func(name string) {
		switch name {
		case "file":
			e.File = q.string()
		case "path":
			q.list(func() { e.Path = append(e.Path, q.string()) })
		case "last":
			e.Last = q.value(0)
		case "prior":
			e.Prior = q.value(0)
		case "secret":
			e.Secret = q.bool()
		case "fingerprint":
			e.Fingerprint = q.string()
		case "version":
			e.Version = q.string()
		case "host":
			e.Host = q.string()
		case "prior_lost":
			e.PriorLost = q.bool()
		case "made":
			e.Made = int(q.int())
		case "displaced":
			e.Displaced = q.bool()
		case "new_file":
			e.NewFile = q.bool()
		case "default":
			e.Default = q.bool()
		case "adopted":
			e.Adopted = q.bool()
		case "moved_to":
			q.list(func() { e.MovedTo = append(e.MovedTo, q.string()) })
		case "undo":
			e.Note = plan.Note(q.string())
		case "since":
			e.Since = q.time()
		default:
			q.bad = true
		}
	})
	return e
}

func (q *quick) space() {
	for q.i < len(q.text) && (q.text[q.i] == ' ' || q.text[q.i] == '\n') {
		q.i++
	}
}

// next is the next character but blanks, 0 at the end and after a fault.
func (q *quick) next() byte {
	q.space()
	if q.bad || q.i == len(q.text) {
		return 0
	}
	return q.text[q.i]
}

// take takes a character, if it comes next.
func (q *quick) take(c byte) bool {
	if q.next() != c {
		return false
	}
	q.i++
	return true
}

func (q *quick) want(c byte) { q.bad = !q.take(c) || q.bad }

// object gives each member's name once; what is called reads the value.
func (q *quick) object(member func(name string)) {
	seen := make([]string, 0, 16)
	q.want('{')
	for !q.bad && !q.take('}') {
		if len(seen) > 0 {
			q.want(',')
		}
		name := q.string()
		for _, s := range seen {
			q.bad = q.bad || s == name
		}
		seen = append(seen, name)
		q.want(':')
		if !q.bad {
			member(name)
		}
	}
}

func (q *quick) list(item func()) {
	q.want('[')
	for first := true; !q.bad && !q.take(']'); first = false {
		if !first {
			q.want(',')
		}
		item()
	}
}

func (q *quick) word(w string) bool {
	if q.next(); q.bad || !strings.HasPrefix(q.text[q.i:], w) {
		return false
	}
	q.i += len(w)
	return true
}

func (q *quick) bool() bool {
	if q.word("true") {
		return true
	}
	q.bad = !q.word("false") || q.bad
	return false
}

func (q *quick) int() int64 {
	q.next()
	start := q.i
	for q.i < len(q.text) && (q.text[q.i] == '-' || q.text[q.i] >= '0' && q.text[q.i] <= '9') {
		q.i++
	}
	digits := q.text[start:q.i]
	n, err := strconv.ParseInt(digits, 10, 64)
	q.bad = q.bad || err != nil || strconv.FormatInt(n, 10) != digits
	return n
}

func (q *quick) time() (t time.Time) {
	q.bad = t.UnmarshalText([]byte(q.string())) != nil || q.bad
	return t
}

func (q *quick) bytes() []byte {
	if q.word("null") {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(q.string())
	q.bad = q.bad || err != nil
	return b
}

// string is a string; one without escapes is a part of the text.
func (q *quick) string() string {
	if q.want('"'); q.bad {
		return ""
	}
	rest := q.text[q.i:]
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '"':
			q.i += i + 1
			return rest[:i]
		case c == '\\':
			start := q.i
			q.i += i
			return q.escaped(start)
		case c < ' ':
			q.bad = true
			return ""
		}
	}
	q.bad = true
	return ""
}

func (q *quick) escaped(start int) string {
	var b strings.Builder
	b.Grow(64)
	for q.i+1 < len(q.text) {
		switch c := q.text[q.i]; {
		case c == '"':
			b.WriteString(q.text[start:q.i])
			q.i++
			return b.String()
		case c < ' ':
			q.bad = true
			return ""
		case c == '\\':
			b.WriteString(q.text[start:q.i])
			r := simple(q.text[q.i+1])
			if r == 0 {
				q.bad = true // \u: encoding/json knows about pairs
				return ""
			}
			b.WriteByte(r)
			q.i += 2
			start = q.i
		default:
			q.i++
		}
	}
	q.bad = true
	return ""
}

// simple is what one letter stands for behind a backslash, 0 for no such thing.
func simple(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return 0
}

const maxQuick = 100 // levels of a value

// value is a value as plan.Value writes it.
func (q *quick) value(depth int) plan.Value {
	switch c := q.next(); {
	case depth > maxQuick:
		q.bad = true
	case c == '"':
		return plan.Str(q.string())
	case c == '[':
		var items []plan.Value
		q.list(func() { items = append(items, q.value(depth+1)) })
		return plan.List(items...)
	case c == '{':
		return q.table(depth)
	case q.word("null"):
	case c == 't' || c == 'f':
		return plan.Bool(q.bool())
	default:
		return plan.Int(q.int())
	}
	return plan.Value{}
}

func (q *quick) table(depth int) plan.Value {
	var members []plan.Member
	q.object(func(name string) {
		q.bad = q.bad || strings.HasPrefix(name, "$") // perhaps a float or a time
		members = append(members, plan.Member{Key: name, Value: q.value(depth + 1)})
	})
	return plan.Table(members...)
}

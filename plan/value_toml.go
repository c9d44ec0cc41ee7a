package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// TOML is v as TOML 1.0 writes it on one line: basic strings, plain decimal
// integers, inline tables. Absent is the empty text.
func (v Value) TOML() string {
	switch v.kind {
	case KindString:
		return Quote(v.text)
	case KindTime:
		return v.text
	case KindBool:
		return strconv.FormatBool(v.True())
	case KindInt:
		return strconv.FormatInt(v.num, 10)
	case KindFloat:
		return floatTOML(v.Float64())
	case KindList:
		texts := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			texts[i] = item.TOML()
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case KindTable:
		if len(v.Members()) == 0 {
			return "{}"
		}
		texts := make([]string, len(v.Members()))
		for i, m := range v.Members() {
			texts[i] = Address{m.Key}.TOML() + " = " + m.Value.TOML()
		}
		return "{ " + strings.Join(texts, ", ") + " }"
	}
	return ""
}

func floatTOML(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(s, ".e") {
		return s
	}
	return s + ".0"
}

// Quote is s as a TOML basic string: every control character, quote and
// backslash is escaped, everything else stands as it is.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

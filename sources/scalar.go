package sources

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/codexform/codexform/plan"
)

// resolve types a plain scalar as YAML 1.2 does, as far as YAML 1.1 agrees: true
// and false, decimal integers, decimal fractions; absent for null; text for the
// rest. Where readers differ, or where it does not fit, it returns what is wrong instead.
func resolve(s string) (v plan.Value, wrong *Problem) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return plan.Value{}, nil
	case "true", "false":
		return plan.Bool(s == "true"), nil
	}
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return ambiguous("write true, or quote it where it is text")
	case "false", "no", "off":
		return ambiguous("write false, or quote it where it is text")
	case ".inf", "+.inf", "-.inf", ".nan":
		return ambiguous("write a number, or quote it")
	}
	if !numeric(s) {
		return plan.Str(s), nil
	}
	if dated(s) {
		return ambiguous("quote the date")
	}
	return number(s)
}

func ambiguous(fix string) (plan.Value, *Problem) {
	return plan.Value{}, &Problem{Message: "YAML readers do not agree on what this is", Fix: fix}
}

// number types what begins like a number.
func number(s string) (plan.Value, *Problem) {
	switch digits := strings.TrimLeft(s, "+-"); {
	case len(s)-len(digits) > 1:
		return plan.Str(s), nil
	case wholeNumber(digits):
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return plan.Value{}, &Problem{Message: "an integer of more than 64 bits", Fix: "quote it if it is text"}
		}
		return plan.Int(n), nil
	case fraction(digits):
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(f, 0) {
			return plan.Value{}, &Problem{Message: "a number that is too large", Fix: "quote it if it is text"}
		}
		return plan.Float(f), nil
	case numberLike(digits):
		return ambiguous(plainNumber(s))
	}
	return plan.Str(s), nil
}

// plainNumber is the advice how to write a number that some readers take for another one.
func plainNumber(s string) string {
	bare := strings.ReplaceAll(s, "_", "")
	if f, err := strconv.ParseFloat(bare, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 && !strings.ContainsAny(bare, "xXpP") {
		return fmt.Sprintf("write %d, or quote it where it is text", int64(f))
	}
	return "write a plain decimal number, or quote it where it is text"
}

// numeric reports whether s could be taken for a number at all.
func numeric(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return s != "" && (isDigit(s[0]) || s[0] == '.' && len(s) > 1 && isDigit(s[1]))
}

// dated reports whether s begins like the timestamps of YAML 1.1.
func dated(s string) bool {
	if len(s) < 8 || !digits(s[:4]) || s[4] != '-' {
		return false
	}
	month, rest, ok := strings.Cut(s[5:], "-")
	day := strings.TrimLeft(rest, "0123456789")
	return ok && len(month) <= 2 && digits(month) && len(day) < len(rest) &&
		(day == "" || day[0] == 'T' || day[0] == 't' || day[0] == ' ')
}

// wholeNumber matches 0|[1-9][0-9]*.
func wholeNumber(s string) bool { return digits(s) && (s == "0" || s[0] != '0') }

// fraction matches whole.digits with an optional exponent.
func fraction(s string) bool {
	whole, rest, ok := strings.Cut(s, ".")
	if !ok || !wholeNumber(whole) {
		return false
	}
	mantissa, exponent, has := strings.Cut(strings.ToLower(rest), "e")
	if !digits(mantissa) {
		return false
	}
	return !has || digits(strings.TrimPrefix(strings.TrimPrefix(exponent, "-"), "+"))
}

// numberLike matches what some reader of YAML takes for a number: octal, hex and
// binary, digits with underscores, exponents, base 60, leading zeros, a bare point.
func numberLike(s string) bool {
	s = strings.ReplaceAll(strings.ToLower(s), "_", "")
	if len(s) > 2 && s[0] == '0' && strings.Contains("xob", s[1:2]) {
		return strings.Trim(s[2:], "0123456789abcdef") == ""
	}
	if fields := strings.Split(s, ":"); len(fields) > 1 {
		return baseSixty(fields)
	}
	mantissa, exponent, has := strings.Cut(s, "e")
	exponent = strings.TrimPrefix(strings.TrimPrefix(exponent, "-"), "+")
	return strings.Count(mantissa, ".") <= 1 && digits(strings.Replace(mantissa, ".", "", 1)) &&
		(!has || digits(exponent))
}

func baseSixty(fields []string) bool {
	last := len(fields) - 1
	fields[last], _, _ = strings.Cut(fields[last], ".")
	for i, field := range fields {
		if !digits(field) || i > 0 && (len(field) > 2 || len(field) == 2 && field[0] > '5') {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

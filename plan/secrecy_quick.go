package plan

// The words with which the shapes of keys begin. A text without one of them, behind
// anything but a letter or a digit, has no shape: the expression need not be asked,
// nor built at all in most runs.
var shapeWords = [...]string{
	"sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "hvs.", "hvb.", "hvr.", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
	"github_pat_", "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-", "xox", "xapp-", "AKIA", "ASIA", "AIza",
	"ya29.", "hf_", "tvly-", "gsk_", "xai-", "pplx-", "r8_", "npm_", "pypi-", "dop_v1_", "SG.", "shpat_", "shpss_",
	"shpca_", "shppa_", "lin_api_", "ntn", "figd", "secret", "fc", "dapi", "sntrys", "sntryu", "atlasv1", "ATATT3", "eyJ",
	"-----BEGIN", "AccountKey=", "s.", "AGE-SECRET-KEY-1",
}

// shapeStarts are the bytes that the words begin with.
var shapeStarts = func() (starts [256]bool) {
	for _, w := range shapeWords {
		starts[w[0]] = true
	}
	return starts
}()

// mayHaveShape is false only for a text that shapes does not match.
func mayHaveShape(s string) bool {
	for i := range len(s) {
		if i > 0 && letterOrDigit(s[i-1]) {
			continue
		}
		if rest := s[i:]; startsAs(rest) {
			return true
		}
	}
	return false
}

func startsAs(s string) bool {
	if shapeStarts[s[0]] {
		for _, w := range shapeWords {
			if w[0] == s[0] && len(s) >= len(w) && s[:len(w)] == w {
				return true
			}
		}
	}
	if s[0]|0x20 != 'b' || len(s) <= len("bearer") {
		return false
	}
	return equalFold(s[:6], "bearer") || equalFold(s[:5], "basic") || equalFold(s[:2], "ba") && s[2:4] == "ſ" // an s too
}

func equalFold(s, lower string) bool {
	for i := range len(lower) {
		if s[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

func letterOrDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

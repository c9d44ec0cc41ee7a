package plan

import "strings"

// The words with which the shapes of keys begin, in order. A text without one of them,
// behind anything but a letter or a digit, has no shape: the expression need not be asked,
// nor built at all in most runs.
var shapeWords = [...]string{
	"-----BEGIN", "AGE-SECRET-KEY-1", "AIza", "AKIA", "ASIA", "ATATT3", "AccountKey=", "GOCSPX-", "SG.",
	"atlasv1-", "atlasv1_", "ctx7sk-", "dapi-", "dapi_", "dckr_oat_", "dckr_pat_", "dop_v1_", "dp.ct.", "dp.pt.",
	"dp.sa.", "dp.st.", "eyJ", "fc-", "fc_", "figd-", "figd_", "fm2_", "fw_", "gho_", "ghp_", "ghr_", "ghs_",
	"ghu_", "github_pat_", "glagent-", "glcbt-", "gldt-", "glffct-", "glft-", "glimt-", "gloas-", "glpat-",
	"glptt-", "glrt-", "glrtr-", "glsoat-", "glwt-", "gsk_", "hf_", "hvb.", "hvr.", "hvs.", "jina_", "lin_api_",
	"lsv2_pt_", "lsv2_sk_", "npm_", "ntn-", "ntn_", "nvapi-", "ops_eyJ", "pk-", "pk_", "pplx-", "pypi-",
	"r8_", "rk-", "rk_", "s.", "sb_secret_", "sbp_", "secret-", "secret_", "shpat_", "shpca_", "shppa_", "shpss_",
	"sk-", "sk_", "sntrys-", "sntrys_", "sntryu-", "sntryu_", "tgp_v1_", "tskey-", "tvly-", "whsec_", "xai-",
	"xapp-", "xox", "ya29.",
}

// shapeStarts are the places, from 1, of the first words that begin with each byte.
var shapeStarts = func() (starts [256]uint8) {
	for i := len(shapeWords); i > 0; i-- {
		starts[shapeWords[i-1][0]] = uint8(i)
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
	if first := shapeStarts[s[0]]; first > 0 {
		for _, w := range shapeWords[first-1:] {
			if w[0] != s[0] {
				break
			}
			if len(s) > 1 && s[1] == w[1] && strings.HasPrefix(s, w) {
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

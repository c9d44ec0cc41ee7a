package plan

import (
	"regexp"
	"strings"
	"sync"
)

// The shapes of keys and tokens, wherever they stand. What comes before one is
// anything but a letter or a digit.
var shapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9])(?:` + strings.Join([]string{
		`[spr]k[-_][A-Za-z0-9_-]{8,}`,                                            // OpenAI, Anthropic, Stripe
		`hv[sbr]\.[A-Za-z0-9_.-]{16,}`,                                           // Vault
		`gh[pousr]_[A-Za-z0-9]{16,}`,                                             // GitHub
		`github_pat_[A-Za-z0-9_]{16,}`,                                           //
		`gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|rtr|soat|wt)-[\w.=-]{16,}`, // GitLab
		`xox[a-z]-[A-Za-z0-9-]{10,}`,                                             // Slack
		`xapp-[A-Za-z0-9-]{10,}`,                                                 //
		`A(?:KIA|SIA)[A-Z0-9]{16}`,                                               // AWS
		`AIza[A-Za-z0-9_-]{30,}`,                                                 // Google
		`ya29\.[A-Za-z0-9_-]{16,}`,                                               //
		`hf_[A-Za-z0-9]{16,}`,                                                    // Hugging Face
		`tvly-[A-Za-z0-9-]{12,}`,                                                 // Tavily
		`gsk_[A-Za-z0-9]{16,}`,                                                   // Groq
		`xai-[A-Za-z0-9]{16,}`,                                                   // xAI
		`pplx-[A-Za-z0-9]{16,}`,                                                  // Perplexity
		`r8_[A-Za-z0-9]{16,}`,                                                    // Replicate
		`npm_[A-Za-z0-9]{20,}`,                                                   // npm
		`pypi-[A-Za-z0-9_-]{20,}`,                                                // PyPI
		`dop_v1_[a-f0-9]{32,}`,                                                   // DigitalOcean
		`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`,                             // SendGrid
		`shp(?:at|ss|ca|pa)_[a-f0-9]{16,}`,                                       // Shopify
		`lin_api_[A-Za-z0-9]{16,}`,                                               // Linear
		`dckr_[op]at_[A-Za-z0-9_-]{16,}`,                                         // Docker
		`GOCSPX-[A-Za-z0-9_-]{20,}`,                                              // Google, of an OAuth client
		`whsec_[A-Za-z0-9+/=_-]{20,}`,                                            // Stripe, of a webhook
		`sb_secret_[A-Za-z0-9_-]{20,}`,                                           // Supabase
		`sbp_[a-f0-9]{32,}`,                                                      //
		`ctx7sk-[A-Za-z0-9-]{20,}`,                                               // Context7
		`lsv2_(?:pt|sk)_[A-Za-z0-9_]{20,}`,                                       // LangSmith
		`fw_[A-Za-z0-9]{20,}`,                                                    // Fireworks
		`jina_[A-Za-z0-9_-]{30,}`,                                                // Jina
		`nvapi-[A-Za-z0-9_-]{30,}`,                                               // NVIDIA
		`tgp_v1_[A-Za-z0-9_-]{30,}`,                                              // Together
		`tskey-[A-Za-z0-9-]{20,}`,                                                // Tailscale
		`fm2_[A-Za-z0-9+/=]{20,}`,                                                // Fly
		`ops_eyJ[A-Za-z0-9_=-]{20,}`,                                             // 1Password
		`dp\.(?:ct|pt|sa|st)\.[A-Za-z0-9_.-]{30,}`,                               // Doppler
		`(?:ntn|figd|secret|fc|dapi|sntrys|sntryu|atlasv1)[_-][A-Za-z0-9_-]{20,}`,
		`ATATT3[A-Za-z0-9_=-]{20,}`,                                    // Atlassian
		`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?`, // JWT
		`(?i:bearer|basic)\s+[A-Za-z0-9+/_.~=-]{8,}`,
		`-----BEGIN [A-Z ]*PRIVATE KEY`,
		`AccountKey=[A-Za-z0-9+/=]{16,}`,
		`s\.[A-Za-z0-9]{24}(?:[^A-Za-z0-9]|$)`, // Vault before 1.10
		`AGE-SECRET-KEY-1[A-Z0-9]{16,}`,
	}, "|") + `)`)
})

// hasShape reports whether a text holds something shaped like a key.
func hasShape(s string) bool { return len(s) >= 8 && mayHaveShape(s) && shapes().MatchString(s) }

// random reports whether a text looks drawn by lot: a long word of letters and
// digits, as keys without a shape of their own are.
func random(s string) bool {
	if len(s) < 20 {
		return false
	}
	var digits, lower, upper, other int
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z':
			lower++
		case r >= 'A' && r <= 'Z':
			upper++
		case strings.ContainsRune("+/=", r):
			other++
		default:
			return false
		}
	}
	return digits >= 3 && lower+upper >= 3 && strings.Count(s, "/") <= 4 && other <= 4+len(s)/16 && (lower > 0 && upper > 0 || digits >= 5 || hexadecimal(s))
}

func hexadecimal(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// measured reports whether a name is one of a hash, which looks drawn by lot too.
func measured(name string) bool {
	for _, w := range nameWords(name) {
		switch w {
		case "hash", "digest", "sha", "md", "checksum", "rev", "revision", "ref", "commit", "fingerprint", "integrity":
			return true
		}
	}
	return false
}

// variableShape is how names of variables are written.
func variableShape(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 64 && !hasShape(s) && !random(s) && !takesTurns(s, 12) && !byChance(s)
}

// reference reports whether a text only says where a secret is: $NAME, ${NAME}, {env:NAME}.
func reference(s string) bool {
	if rest, ok := strings.CutPrefix(s, "{env:"); ok {
		name, end := strings.CutSuffix(rest, "}")
		return end && variableShape(name)
	}
	rest, ok := strings.CutPrefix(s, "$")
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(rest, "$") // a literal one of a policy
	if inner, braced := strings.CutPrefix(rest, "{"); braced {
		name, end := strings.CutSuffix(inner, "}")
		return end && variableShape(strings.ReplaceAll(strings.TrimPrefix(name, "env."), ":", "_"))
	}
	return variableShape(rest) && strings.ToUpper(rest) == rest
}

// filePath reports whether a text is the path of a file.
func filePath(s string) bool {
	for _, start := range []string{"/", "~/", "./", "../", "${home}/", "$HOME/", `\\`} {
		if strings.HasPrefix(s, start) {
			end := base64End(s)
			return !random(strings.TrimLeft(s, "/")) && (end < 32 || !lot(s[:end]))
		}
	}
	return len(s) > 3 && s[1] == ':' && (s[2] == '\\' || s[2] == '/')
}

// pathName reports a key that is the path of a folder, as those of projects are: what is drawn
// by lot in it names a folder.
func pathName(key string) bool {
	rest := strings.TrimLeft(key, "/~")
	if len(rest) > 2 && rest[1] == ':' {
		rest = rest[3:]
	}
	return len(rest) < len(key) && strings.ContainsAny(rest, `/\`)
}

// harmlessAs reports a text that is no secret whatever is called so: a boolean, a number of
// up to three digits, and any number where the name counts something.
func harmlessAs(name, s string) bool {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return plainWord(s)
	}
	return len(s) < 4 || strings.HasSuffix(strings.ToLower(name), "tokens")
}

// numeric reports a number, written as a text too.
func numeric(s string) bool {
	return s != "" && len(s) <= 12 && strings.Trim(s, "0123456789.-") == "" && strings.ContainsAny(s, "0123456789")
}

// plainWord reports a text that is a boolean or a short number.
func plainWord(s string) bool {
	switch strings.ToLower(s) {
	case "", "true", "false", "yes", "no", "on", "off", "none", "null":
		return true
	}
	return len(s) <= 6 && strings.Trim(s, "0123456789.-") == ""
}

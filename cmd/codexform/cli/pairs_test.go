package cli_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/afero"
)

var (
	pairCases = flag.Int("pairs", 400, "how many homes TestPairs makes")
	pairSeed  = flag.Uint64("pairs.seed", 1, "where TestPairs begins")
)

// pairTally counts what a test saw.
type pairTally struct {
	sync.Mutex
	cases, requests, pairs, quiet, outside int
	kinds                                  map[string]bool
}

// TestPairs is the law of pairs over generated homes, policies and ledgers: no host is
// sent a credential that is not for it. Every host takes every key, so nothing but the
// program itself keeps one back. docs/figures/pairs.md has the figure.
func TestPairs(t *testing.T) {
	const shards = 4 // most of the time a case waits for a new host to settle
	tally, cases := pairTally{kinds: map[string]bool{}}, *pairCases
	if testing.Short() {
		cases /= 10
	}
	t.Run("shards", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				w := newWire(t)
				for n := shard; n < cases; n += shards {
					tally.play(t, *pairSeed+uint64(n), w)
				}
			})
		}
	})
	t.Logf("%d cases of %d kinds: %d requests with %d pairs, %d cases asked nobody, %d outside the law",
		tally.cases, len(tally.kinds), tally.requests, tally.pairs, tally.quiet, tally.outside)
	if tally.cases >= 400 && (tally.pairs < tally.cases/5 || tally.quiet < tally.cases/5) {
		t.Error("the cases prove little: too few send anything, or too few are refused")
	}
}

func (p *pairTally) play(t *testing.T, seed uint64, w *wire) {
	t.Helper()
	c := newPairCase(seed, w)
	seen, asked, law := playPair(t, c, w)
	bad := law.outside(seen)
	if len(bad) > 0 {
		t.Errorf("seed %d: %v: codexform %s\n%s", seed, bad, c.command, describe(c, law))
	}
	p.Lock()
	defer p.Unlock()
	p.cases, p.requests, p.pairs = p.cases+1, p.requests+asked, p.pairs+len(seen)
	p.kinds[c.command+"/"+c.tamper] = true
	if asked == 0 {
		p.quiet++
	}
	if len(bad) > 0 {
		p.outside++
	}
}

// TestPairsBites holds the test itself: a law that allows nothing must find every request.
func TestPairsBites(t *testing.T) {
	w := newWire(t)
	for seed := uint64(1); seed < 200; seed++ {
		c := newPairCase(seed, w)
		seen, _, l := playPair(t, c, w)
		if len(seen) == 0 {
			continue
		}
		l.c.command = "plan"
		if len(l.outside(seen)) != len(seen) {
			t.Fatalf("seed %d: %v pass a command that may ask nobody", seed, seen)
		}
		return
	}
	t.Fatal("nothing was ever sent")
}

var pairHomes atomic.Int64

// playPair builds a home, lives its life, and runs its command.
func playPair(t *testing.T, c pairCase, w *wire) ([]sighting, int, law) {
	t.Helper()
	m := &machine{t: t, user: filepath.Join(t.TempDir(), fmt.Sprint(pairHomes.Add(1))), vars: map[string]string{}, now: time.Now()}
	defer os.RemoveAll(m.user)
	etc := filepath.Join(m.user, "root", "etc", "codex")
	m.fs = etcFs{afero.NewOsFs(), filepath.Join(m.user, "root")}
	m.write(".codex/config.toml", c.entry)
	if c.auth != "" {
		m.write(".codex/auth.json", c.auth)
	}
	if c.layer != "" {
		m.write("root/etc/codex/"+c.layerIn, c.layer)
	}
	m.vars["HTTPS_PROXY"], m.vars["CODEX_CA_CERTIFICATE"] = w.proxy, w.authority
	m.vars["FIRST"], m.vars["SECOND"] = firstSecret, ""
	for name, v := range c.vars {
		m.vars[name] = v
	}
	if c.first != nil {
		m.run("apply", "--auto-approve", "--no-confirm", "--codex", "off", "-f", m.write("first.yaml", c.first.yaml("FIRST")))
	}
	if c.dotenv != "" {
		m.write(".codex/.env", c.dotenv)
	}
	tamper(m, c, w)
	w.seen(nil)

	args := []string{c.command}
	switch c.command {
	case "apply", "destroy", "rollback":
		args = append(args, "--auto-approve", "--codex", "off")
	case "status":
		args = append(args, "--confirm")
	case "plan", "doctor":
		args = append(args, "--codex", "off")
	}
	switch c.command {
	case "destroy", "rollback":
		args = append(args[:2], "--codex-home", m.home())
	default:
		if c.second == nil && c.command != "confirm" && c.command != "doctor" {
			args = nil
		}
	}
	if c.second != nil && c.command != "destroy" && c.command != "rollback" {
		m.vars["SECOND"] = c.second.secret
		args = append(args, "-f", m.write("second.yaml", c.second.yaml("SECOND")))
	}
	l := law{c, readDisk(m.home(), etc)}
	if args != nil {
		code, out, errs := m.run(args...)
		if c.command == "token" && code == 0 && out == c.second.secret+"\n" {
			out = "" // the one answer that it may give
		}
		for _, secret := range allCredentials {
			if strings.Contains(out+errs, secret) {
				t.Errorf("codexform %s (exit %d) shows %s:\n%s%s", c.command, code, secret, out, errs)
			}
		}
	}
	seen, asked := w.seen(allCredentials)
	return seen, asked, l
}

var (
	baseLine   = regexp.MustCompile(`(?m)^base_url *=.*$`)
	keyText    = regexp.MustCompile(`"OPENAI_API_KEY": *"[^"]*"`)
	hostMember = regexp.MustCompile(`\n *"host": "[^"]*",?`)
)

// tamper is what somebody, or a program, did after the first apply.
func tamper(m *machine, c pairCase, w *wire) {
	config, auth, ledger := ".codex/config.toml", ".codex/auth.json", ".codex/.codexform/ledger.json"
	text, err := os.ReadFile(filepath.Join(m.user, config))
	if err != nil {
		return
	}
	id := "custom"
	if c.first != nil {
		id = c.first.id
	}
	rewrite := func(s string) { m.write(config, s) }
	in := func(line string) {
		rewrite(strings.Replace(string(text), "[model_providers."+id+"]\n", "[model_providers."+id+"]\n"+line+"\n", 1))
	}
	switch c.tamper {
	case "drift":
		rewrite(baseLine.ReplaceAllString(string(text), fmt.Sprintf("base_url = %q", w.there)))
	case "lost":
		rewrite("model = \"gpt-5.4\"\n")
	case "empty":
		rewrite(baseLine.ReplaceAllString(string(text), `base_url = ""`))
	case "absent base":
		rewrite(baseLine.ReplaceAllString(string(text), ""))
	case "key":
		if data, err := os.ReadFile(filepath.Join(m.user, auth)); err == nil {
			m.write(auth, keyText.ReplaceAllString(string(data), `"OPENAI_API_KEY": "`+theirAuth+`"`))
		}
	case "ledger":
		os.RemoveAll(filepath.Join(m.user, filepath.Dir(ledger)))
	case "old ledger":
		if data, err := os.ReadFile(filepath.Join(m.user, ledger)); err == nil {
			m.write(ledger, hostMember.ReplaceAllString(string(data), ""))
		}
	case "other provider":
		rewrite(regexp.MustCompile(`(?m)^model_provider *=.*$`).ReplaceAllString(string(text), `model_provider = "else"`) +
			fmt.Sprintf("\n[model_providers.else]\nname = \"Else\"\nbase_url = %q\nrequires_openai_auth = true\n", w.there))
	case "header":
		in(`http_headers = { api-key = "` + theirHeader + `" }`)
	case "bearer":
		in(`experimental_bearer_token = "` + theirBearer + `"`)
	case "variable":
		in(`env_key = "THEIR_KEY"`)
	}
}

func describe(c pairCase, l law) string {
	var b strings.Builder
	fmt.Fprintf(&b, "disk: base %s, key %s\nentry: %s\nledger: %v, tampered: %s, .env: %q, layer %s: %q\nvars: %v\n", l.files.base, l.files.key, l.files.entry, l.remembered(), c.tamper, l.files.dotenv, c.layerIn, c.layer, c.vars)
	fmt.Fprintf(&b, "config before all:\n%s", c.entry)
	for name, p := range map[string]*aim{"first": c.first, "second": c.second} {
		if p != nil {
			fmt.Fprintf(&b, "%s policy, secret %s:\n%s", name, p.secret, p.yaml(strings.ToUpper(name)))
		}
	}
	return b.String()
}

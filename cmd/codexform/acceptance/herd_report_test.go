package acceptance

import (
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
)

// report writes the page and its picture, where the whole fleet has run.
func (h *herd) report() {
	if os.Getenv("HERD") == "" || h.t.Failed() {
		return
	}
	for name, text := range map[string]string{"herd.md": h.page(), "herd.svg": h.picture()} {
		if err := os.WriteFile("../../../docs/figures/"+name, []byte(text), 0o644); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *herd) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# A herd: what Vault and the gateway see of a fleet

Written by `+"`make herd`"+`. %d machines in one process, each with files of its own in memory, run the whole of `+"`codexform apply`"+` against
a real Vault (AppRole with batch tokens, `+"`secret.vault.version`"+` pinned) and a gateway on loopback, all on one machine of two cores that
others used too: the calls hold anywhere, the seconds do not. At most %d work at once, and %d behind a splay, where each machine begins at the place
that `+"`--splay`"+` would give it. A first apply needs two calls of Vault (login, read) and two of the gateway (before and after the write).

| scene | Vault | gateway | refused | busiest second | took | slowest machine | came to |
|---|---|---|---|---|---|---|---|
`, h.size, inFlight, inFlightSpread)
	for _, s := range h.scenes {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %.0f s | %.1f s | %s |\n", s.name, s.vault, s.gateway, s.refused, s.peak, s.took.Seconds(), s.slowest.Seconds(), cameTo(s.states))
	}
	b.WriteString(`
![Requests a second, scene by scene](herd.svg)

What must hold is a test, TestHerd in cmd/codexform/acceptance, which CI runs with sixty machines: no call of Vault in the steady state and no
call of anybody by ` + "`status`" + `; behind a splay two calls a machine, at most a twentieth more; a sealed Vault changes no byte and brings no request to
the gateway; after it everybody gets the new key; ` + "`Retry-After: 0`" + ` is no reason to ask at once.

What follows: a pinned ` + "`secret.vault.version`" + ` and a splay, of the policy, of ` + "`--splay`" + ` or of the scheduler, are what keeps a fleet off a quota;
retries alone are not, since they end after three tries, and the next run puts it right.
`)
	return b.String()
}

func cameTo(states map[string]int) string {
	var out []string
	for word, n := range states {
		out = append(out, fmt.Sprintf("%d %s", n, word))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

const (
	plotWidth, plotLeft, plotLine = 820, 20, 74
	plotHigh                      = 44
)

// picture draws each scene as a strip: what Vault was asked in each second upwards, what
// the gateway was asked downwards from the same line.
func (h *herd) picture() string {
	longest, most := 1, 1
	for _, s := range h.scenes {
		for _, per := range s.perSecond {
			longest = max(longest, len(per))
			most = max(most, slices.Max(append([]int{1}, per...)))
		}
	}
	var body strings.Builder
	width := float64(plotWidth-2*plotLeft) / float64(longest)
	for i, s := range h.scenes {
		top := 56 + i*(plotLine+40)
		base := top + plotHigh
		fmt.Fprintf(&body, `<text x="%d" y="%d" class="title">%s</text>`+"\n", plotLeft, top-6, html.EscapeString(s.name))
		fmt.Fprintf(&body, `<text x="%d" y="%d" class="note" text-anchor="end">busiest second %d, refused %d</text>`+"\n", plotWidth-plotLeft, top-6, s.peak, s.refused)
		for kind, per := range s.perSecond {
			for second, n := range per {
				high := float64(n) / float64(most) * plotHigh
				y := float64(base) - high
				if kind == 1 {
					y = float64(base)
				}
				if n > 0 {
					fmt.Fprintf(&body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" class="%s"/>`+"\n", plotLeft+float64(second)*width, y, max(width-0.6, 0.6), max(high, 0.7), []string{"vault", "gate"}[kind])
				}
			}
		}
		fmt.Fprintf(&body, `<line x1="%d" x2="%d" y1="%d" y2="%d"/>`+"\n", plotLeft, plotWidth-plotLeft, base, base)
	}
	high := 56 + len(h.scenes)*(plotLine+40)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-label="Requests a second, scene by scene">
<style>text{font:12px sans-serif;fill:#24292f}.title{font-weight:600}.note{fill:#57606a}.vault{fill:#0969da}.gate{fill:#bf8700}line{stroke:#57606a;stroke-width:0.6}rect.back{fill:#fff}</style>
<rect class="back" width="%[1]d" height="%[2]d"/>
<text x="%[3]d" y="20">%[4]d machines: requests a second, %[5]d s from left to right, %[6]d/s is the full height.</text>
<rect class="vault" x="%[7]d" y="10" width="10" height="10"/><text x="%[8]d" y="20">Vault</text>
<rect class="gate" x="%[9]d" y="10" width="10" height="10"/><text x="%[10]d" y="20">gateway</text>
%[11]s</svg>
`, plotWidth, high, plotLeft, h.size, longest, most, plotWidth-170, plotWidth-156, plotWidth-100, plotWidth-86, body.String())
}

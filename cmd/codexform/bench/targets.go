package main

import (
	"fmt"
	"strings"
	"time"
)

// target is what a figure is wanted to be, and why it is not, where it is not.
type target struct {
	what, wanted string
	measured     func(figures) (value float64, shown string)
	most         float64
	least        bool // most is the least that is wanted
	obstacle     string
}

// figures are all results, by name.
type figures map[string]result

func named(results []result) figures {
	f := figures{}
	for _, r := range results {
		f[r.name] = r
	}
	return f
}

// has reports that something was measured.
func (f figures) has(name string) bool { return len(f[name].runs) > 0 }

func million(name string) func(figures) (float64, string) {
	return func(f figures) (float64, string) {
		v := float64(f[name].counts.Instructions) / 1e6
		return v, fmt.Sprintf("%.2f million", v)
	}
}

func millis(name string) func(figures) (float64, string) {
	return func(f figures) (float64, string) {
		if !f.has(name) {
			return 0, ""
		}
		return float64(f[name].middle()) / float64(time.Millisecond), fmt.Sprintf("%s ms, least %s", ms(f[name].middle()), ms(f[name].low()))
	}
}

// ratio is how often the median of one program has that of another.
func ratio(one, other string) func(figures) (float64, string) {
	return func(f figures) (float64, string) {
		if !f.has(one) || !f.has(other) {
			return 0, ""
		}
		v := float64(f[one].middle()) / float64(f[other].middle())
		return v, fmt.Sprintf("%.2f, of the least %.2f", v, float64(f[one].low())/float64(f[other].low()))
	}
}

func megabytes(name string) func(figures) (float64, string) {
	return func(f figures) (float64, string) {
		v := float64(f[name].memory()) / 1e6
		return v, fmt.Sprintf("%.1f MB", v)
	}
}

func counted(name string, of func(counts) int) func(figures) (float64, string) {
	return func(f figures) (float64, string) {
		v := of(f[name].counts)
		return float64(v), fmt.Sprint(v)
	}
}

const (
	starts = "a program that only starts and says its version takes 3.7 million, 1.8 of them for the expressions that vault/api builds when it is loaded"
	pages  = "most CPU time of a short run is the system's, for pages touched first and for programs as large as this one; instructions hardly move it"
	begins = "a program that only starts and says its version takes nearly as long: see version below"
	layers = "each key passes a reader of YAML, the comparison, two decoders of the proof, the rules and the page that shows it, each of them linear"
)

// wanted are the targets, in the words of the tables above them.
func wanted() []target {
	reads, syncs := func(c counts) int { return c.Reads }, func(c counts) int { return c.Syncs }
	return []target{
		{"no-op plan, the guide's policy", "7 million instructions", million("codexform plan"), 7, false, starts},
		{"no-op plan, examples/recommended in its own home", "5.5 million instructions", million("codexform plan, examples/recommended"), 5.5, false, starts},
		{"no-op plan beside the bare check", "2.1 times the CPU time", ratio("codexform plan", "bare check (reads, parses, compares)"), 2.1, false, pages},
		{"consul-template beside a no-op plan", "1.5 times the CPU time", ratio("consul-template -dry, whole files", "codexform plan"), 1.5, true, pages},
		{
			"apply of both files beside consul-template", "1.0 times the CPU time", ratio("codexform apply", "consul-template, whole files"), 1, false,
			"it writes two files unseen, each with one sync; ours are one transaction with eight syncs, edited and proven with two decoders, and a ledger, a history and a status besides",
		},
		{"syncs of an apply of both files, host known", "8", counted("codexform apply", syncs), 8, false, ""},
		{"reads of config.toml in it", "4", counted("codexform apply", reads), 4, false, ""},
		{"reads of config.toml in an apply of 2,000 keys and its destroy", "4 each", counted("apply, then destroy, 2000 keys", reads), 4, false, ""},
		{"plan of 2,000 new keys", "60 ms", millis("plan, 2000 new keys"), 60, false, layers},
		{"apply of 2,000 keys", "150 ms", millis("apply, 2000 keys"), 150, false, layers},
		{"no-op plan of 2,000 keys", "50 ms", millis("no-op plan, 2000 keys"), 50, false, layers},
		{"apply to 600 KB", "400 ms", millis("apply, 600 KB of trust tables"), 400, false, layers},
		{"memory of it", "40 MB", megabytes("apply, 600 KB of trust tables"), 40, false, "the collector works beside the run: on a busy machine it comes late"},
		{"apply to 50,000 lines beside 5,000", "12 times the CPU time", ratio("apply, 50000 lines", "apply, 5000 lines"), 12, false, "a file above a megabyte has the collector run more often"},
		{"confirm over http with SSL_CERT_FILE", "4.5 ms", millis("codexform confirm, http, SSL_CERT_FILE set"), 4.5, false, begins + "; the file itself is only looked at"},
		{"token", "2.4 ms", millis("codexform token"), 2.4, false, begins},
		{"validate", "2.4 ms", millis("codexform validate"), 2.4, false, begins + "; it makes the edits in an empty home too, and judges them by all rules"},
	}
}

// targets is the table of them.
func targets(p *strings.Builder, results []result) {
	p.WriteString("## What is wanted\n\nCPU times are medians, and so are those of ratios.\n\n| | wanted | measured | what stands in the way |\n|---|---|---|---|\n")
	all := named(results)
	for _, t := range wanted() {
		value, shown := t.measured(all)
		sign, why := "at most ", ""
		if t.least {
			sign = "at least "
		}
		switch {
		case shown == "":
			shown, why = "not measured", "a program is missing: see below"
		case value > t.most && !t.least, value < t.most && t.least:
			shown, why = "**"+shown+"**", t.obstacle
		}
		fmt.Fprintf(p, "| %s | %s%s | %s | %s |\n", t.what, sign, t.wanted, shown, why)
	}
	p.WriteString("\n")
}

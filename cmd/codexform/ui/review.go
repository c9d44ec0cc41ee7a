package ui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// reviewed are the findings of one rule that a person should look at.
type reviewed struct {
	rule     string
	findings []plan.Diagnostic
}

// toReview groups the findings of severity review by rule, in the order of the rules; one
// with a crowd of findings pushes none out of sight.
func toReview(all []plan.Diagnostic) (groups []reviewed, total int) {
	for _, d := range all {
		if d.Severity != plan.Review {
			continue
		}
		total++
		i := 0
		for i < len(groups) && groups[i].rule != d.Rule {
			i++
		}
		if i == len(groups) {
			groups = append(groups, reviewed{rule: d.Rule})
		}
		groups[i].findings = append(groups[i].findings, d)
	}
	for i := range groups {
		groups[i].findings = eachKindFirst(groups[i].findings)
	}
	slices.SortStableFunc(groups, func(a, b reviewed) int { return cmp.Compare(len(a.findings)/crowd, len(b.findings)/crowd) })
	return groups, total
}

// crowd is how many findings of one rule are so many that the other rules go first.
const crowd = 20

// eachKindFirst orders the findings of a rule so that each kind of thing has had a turn
// before one has its second, and that in each turn the long ones come last: nothing hides
// behind a thousand of another kind, nor behind a text of many lines.
func eachKindFirst(all []plan.Diagnostic) []plan.Diagnostic {
	turns := map[string]int{}
	type placed struct {
		turn, bulk int
		d          plan.Diagnostic
	}
	order := make([]placed, len(all))
	for i, d := range all {
		kind := kindOf(d.Summary)
		order[i] = placed{min(turns[kind], 1), len(d.Summary) / bulky, d}
		turns[kind]++
	}
	slices.SortStableFunc(order, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.bulk, b.bulk))
	})
	out := make([]plan.Diagnostic, len(all))
	for i, p := range order {
		out[i] = p.d
	}
	return out
}

// bulky is how long a finding may be before one that is shorter goes first.
const bulky = 400

// kindOf is what a finding is about, without the names that somebody chose: the first
// segment of its address.
func kindOf(summary string) string {
	if i := strings.IndexAny(summary, ".: "); i > 0 {
		return summary[:i]
	}
	return summary
}

// title names a group and counts it.
func (r reviewed) title() string {
	if len(r.findings) == 1 {
		return r.rule
	}
	return fmt.Sprintf("%s (%d)", r.rule, len(r.findings))
}

// block is what is printed of a group at once.
type block struct {
	title    string
	findings []plan.Diagnostic
}

// firstLines are the lines that the findings have among the first ten of an answer.
const firstLines = 6

// inTurns are the groups as they are printed. Where not every rule has a finding among the
// first lines, each has its turn there, and what it has more follows behind all of them.
func inTurns(groups []reviewed) []block {
	each, before := math.MaxInt, 2
	for _, g := range groups[:max(0, len(groups)-1)] {
		before += 1 + len(g.findings)
	}
	if before > firstLines {
		each = max(1, firstLines/len(groups)-1)
	}
	var out, rest []block
	for _, g := range groups {
		n := len(g.findings)
		if n <= each {
			out = append(out, block{g.title(), g.findings})
			continue
		}
		out = append(out, block{fmt.Sprintf("%s (%d of %d)", g.rule, each, n), g.findings[:each]})
		rest = append(rest, block{fmt.Sprintf("%s (the other %d)", g.rule, n-each), g.findings[each:]})
	}
	return append(out, rest...)
}

// longest is how long a finding may be where a comment has no room for it whole.
const longest = 2000

// reviewLine is one finding to look at, in so many characters, with its place.
func reviewLine(d plan.Diagnostic, most int) string {
	line := oneLine(Visible(d.Summary))
	if most > 0 {
		line = middle(line, most)
	}
	if at := place(d.Origin); at != "" {
		line += "  " + at
	}
	return line
}

// reviewHeading counts the findings, and names every rule: whoever reads no further
// knows what there is.
func reviewHeading(groups []reviewed, total int) string {
	heading := "Look at this first: " + count(total, "finding")
	if len(groups) < 2 {
		return heading
	}
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = Visible(g.title())
	}
	return heading + ": " + strings.Join(names, ", ")
}

// inTurn orders findings to look at so that each rule has had a turn before one has its
// second: a CI system shows the first ten.
func inTurn(all []plan.Diagnostic) []plan.Diagnostic {
	groups, _ := toReview(all)
	var out []plan.Diagnostic
	for turn, any := 0, true; any; turn++ {
		any = false
		for _, g := range groups {
			if turn < len(g.findings) {
				out, any = append(out, g.findings[turn]), true
			}
		}
	}
	first := slices.IndexFunc(all, func(d plan.Diagnostic) bool { return d.Severity == plan.Review })
	if first < 0 {
		return all
	}
	others := slices.DeleteFunc(slices.Clone(all), func(d plan.Diagnostic) bool { return d.Severity == plan.Review })
	return slices.Concat(others[:first], out, others[first:])
}

func (v *textView) review(all []plan.Diagnostic) {
	groups, total := toReview(all)
	if total == 0 {
		return
	}
	v.say("")
	v.sentence(warning, reviewHeading(groups, total))
	for _, p := range inTurns(groups) {
		v.say("  " + v.style.paint(warning, "! "+Visible(p.title)))
		for _, d := range p.findings {
			v.prose("    ", reviewLine(d, 0))
		}
	}
}

// review is whole where a comment has room for it; else without the middle of long
// findings, then with those in one line that say the same of different names, and only
// where that does not fit either without the last ones of a rule.
func (v *markdownView) review(all []plan.Diagnostic) {
	fits := func(how reviewCut) bool { return utf8.RuneCountInString(reviewBlock(all, how)) < reviewSize }
	for _, how := range []reviewCut{{}, {most: longest}, {most: 500}, {most: 160}, {most: 160, fold: true}, {most: 40, fold: true}, {most: 20, fold: true}} {
		if fits(how) {
			fmt.Fprint(v.out, reviewBlock(all, how))
			return
		}
	}
	most := sort.Search(len(all), func(n int) bool { return !fits(reviewCut{most: 160, each: n + 1}) })
	fmt.Fprint(v.out, reviewBlock(all, reviewCut{most: 160, each: max(1, most)}))
}

// reviewSize is the part of a comment that findings to look at may take.
const reviewSize = commentSize - 5_000

// reviewCut is how findings to look at are made to fit.
type reviewCut struct {
	most int  // how long one may be, 0 for any length
	fold bool // those that say the same of different names stand in one line
	each int  // how many of a rule there are at most, 0 for all
}

// lines are a rule's findings, and how many have none.
func (c reviewCut) lines(all []plan.Diagnostic) (lines []string, left int) {
	shown := all
	if c.each > 0 {
		shown = all[:min(c.each, len(all))]
	}
	if c.fold && len(all) > firstLines { // those on top stand alone
		for _, g := range alikes(shown) {
			lines = append(lines, g.line(c.most))
		}
		return lines, 0
	}
	for _, d := range shown {
		lines = append(lines, reviewLine(d, c.most))
	}
	return lines, len(all) - len(shown)
}

// reviewBlock are the findings to look at.
func reviewBlock(all []plan.Diagnostic, how reviewCut) string {
	groups, total := toReview(all)
	if total == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n", mdText(reviewHeading(groups, total)))
	for _, p := range inTurns(groups) {
		lines, left := how.lines(p.findings)
		fmt.Fprintf(&b, "- **%s**\n", mdText(Visible(p.title)))
		for _, line := range lines {
			fmt.Fprintf(&b, "  - %s\n", mdText(line))
		}
		if left > 0 {
			fmt.Fprintf(&b, "  - **%s like these left out here; --format text shows all**\n", count(left, "finding"))
		}
	}
	return b.String() + "\n"
}

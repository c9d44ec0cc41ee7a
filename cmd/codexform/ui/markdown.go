package ui

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// markdownView is the View for a pull request's comment or a CI step's summary.
// Failures also go where the text view says them.
type markdownView struct {
	out  io.Writer
	raw  io.Writer // for documents
	text *textView
}

func (v *markdownView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	v.say("**codexform:** %s is valid.", mdText(list(d.Files, "and")))
	for _, d := range found {
		v.say("\n%s", finding(d))
	}
}

func (v *markdownView) Plan(p plan.Plan, f *Failure) { planWith(v, v.plan, p, f) }

func (v *markdownView) Review(plan.Plan) {}

// top is what a plan says first, whole.
func (v *markdownView) top(p plan.Plan) {
	switch {
	case policyAlone(p):
		v.say("### codexform: the policy changes, no key does%s\n", whose(p))
	case p.Empty():
		v.say("### codexform: nothing to do%s\n", whose(p))
	default:
		s := p.Summary()
		v.say("### codexform: %d to create, %d to update, %d to delete%s\n", s.Create, s.Update, s.Delete, whose(p))
	}
	if p.Interrupted {
		v.say("**An earlier run was cut off; the next apply first repairs what it left.**\n")
	}
	if line := held(p); line != "" {
		v.say("**%s**\n", mdText(line))
	}
	v.review(p.Diagnostics)
}

// whose names the files of a comparison: a pull request may have a comment for each.
func whose(p plan.Plan) string {
	if !p.Compared || len(p.Desired.Files) == 0 {
		return ""
	}
	return ", by " + mdText(middle(oneLine(list(p.Desired.Files, "and")), longestName))
}

// end sums a plan up.
func (v *markdownView) end(p plan.Plan) {
	if p.Empty() {
		return
	}
	v.say("%s", mdText(planned(p)))
	if line := then(p); line != "" {
		v.say("\n%s", mdText(line))
	}
}

func (v *markdownView) Apply(r apply.Result, f *Failure) {
	if r.Plan.Home != "" {
		v.plan(r.Plan)
		v.say("")
	}
	if line := applied(r, v.text.home(r.Plan.Home)); line != "" {
		v.say("**%s**\n", mdText(line))
	}
	if r.Confirm != nil && r.Confirm.OK() {
		v.say("%s\n", mdText(Visible(confirmed(*r.Confirm, r.Credential))))
	}
	for _, note := range notes(r) {
		v.say("- %s", mdText(Visible(note)))
	}
	if f != nil {
		v.Fail(f)
	}
}

func (v *markdownView) Confirm(c Confirmation, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	v.say("%s: %s", mdText(v.text.home(c.Home)), mdText(Visible(confirmed(c.Answer, c.Credential))))
}

func (v *markdownView) Demo(_ []Step, f *Failure) {
	if f != nil {
		v.Fail(f)
	}
}

func (v *markdownView) Version(b Build) { v.text.Version(b) }

func (v *markdownView) Document(doc []byte) { v.raw.Write(doc) }

func (v *markdownView) Text(name, text string) { v.text.Text(name, text) }

func (v *markdownView) Warn(text string) { v.text.Warn(text) }

func (v *markdownView) Fail(f *Failure) {
	v.text.Fail(f)
	v.say("### codexform: error\n\n%s\n", mdText(oneLine(Visible(f.Message))))
	for _, p := range f.Problems {
		v.say("- %s", mdText(Visible(p.line())))
	}
	for _, more := range append(f.hints[:len(f.hints):len(f.hints)], f.Notes...) {
		v.say("- %s", mdText(Visible(more)))
	}
}

func (v *markdownView) say(format string, args ...any) { fmt.Fprintf(v.out, format+"\n", args...) }

// mdText is s with nothing in it that Markdown, HTML or the page around them would act
// on. What would become a mention, a link or a reference stands as code, where
// nothing is either.
func mdText(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		before, word, after := bracketed(word)
		if alive(word) || begins(word) {
			word = mdCode(word)
		} else {
			word = mdEscaped(word)
		}
		words[i] = mdEscaped(before) + word + mdEscaped(after)
	}
	return strings.Join(words, " ")
}

// bracketed is a word without the brackets and the punctuation of the sentence that it
// stands in.
func bracketed(word string) (before, inner, after string) {
	inner = strings.TrimLeft(word, `(["`)
	before = word[:len(word)-len(inner)]
	end := len(strings.TrimRight(inner, `)]",;`))
	if strings.Contains(inner, "://") { // a URL in a sentence that goes on
		end = len(strings.TrimRight(inner[:end], `)]",;:.`))
	}
	return before, inner[:end], inner[end:]
}

// alive reports a word of which the page would make a mention, a link or a reference.
func alive(word string) bool {
	lower := strings.ToLower(word)
	for _, mark := range []string{"@", "://", "www.", "mailto:", "xmpp:", "gh-", "gl-", "$"} { // $: a formula
		if strings.Contains(lower, mark) {
			return true
		}
	}
	for i := 0; i+1 < len(word); i++ { // an issue, a merge request, an epic, a milestone, a label, an alert
		if strings.IndexByte("#!&%~^", word[i]) >= 0 && (word[i+1] == '"' || isAlnum(word[i+1])) {
			return true
		}
	}
	return strings.Count(word, ":") >= 2 /* :emoji: */ || hasCommit(lower)
}

// begins reports a word that would begin something at the beginning of a line: a heading
// above it, a list.
func begins(word string) bool {
	return word != "" && (strings.Trim(word, "=") == "" || strings.Trim(word, "0123456789") == ".")
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// hasCommit reports letters that may be the name of a commit, which becomes a link where
// there is one.
func hasCommit(word string) bool {
	for _, letters := range strings.FieldsFunc(word, func(r rune) bool { return r < 0x80 && !isAlnum(byte(r)) && r != '_' }) {
		if len(letters) >= 7 && len(letters) <= 40 && strings.Trim(letters, "0123456789abcdef") == "" {
			return true
		}
	}
	return false
}

// mdCode is a word as code, in more backquotes than it has itself.
func mdCode(word string) string {
	word = strings.ReplaceAll(word, "|", "¦") // it would end a cell of a table
	fence := "`"
	for strings.Contains(word, fence) {
		fence += "`"
	}
	if len(fence) > 1 || word[0] == '`' {
		return fence + " " + word + " " + fence
	}
	return fence + word + fence
}

func mdEscaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&' || r == '<' || r == '>':
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]()#+-!|~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// htmlText is s inside a tag of HTML, where Markdown does not count.
func htmlText(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		escaped := html.EscapeString(word)
		if alive(word) {
			escaped = "<code>" + escaped + "</code>"
		}
		words[i] = escaped
	}
	return strings.Join(words, " ")
}

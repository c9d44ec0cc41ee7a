package ui

import (
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/status"
)

// View is what the program can say about one command. A command calls Review
// before it asks and then exactly one other method. Every f is nil where all went
// well; the text view prints failures apart, on its second stream. How to add one, an
// output format: .github/CONTRIBUTING.md, "An output format".
type View interface {
	// Valid says what the desired state asks for, what is to be said of it, and what is
	// wrong with it.
	Valid(d plan.Desired, found []plan.Diagnostic, f *Failure)
	// Plan says what would change.
	Plan(p plan.Plan, f *Failure)
	// Review shows the plan that the person is asked about.
	Review(p plan.Plan)
	// Apply says what came of it.
	Apply(r apply.Result, f *Failure)
	// Confirm says what the gateway answered, and which credential it was shown.
	Confirm(c Confirmation, f *Failure)
	// History lists past applies, oldest first.
	History(records []plan.Record, home string)
	// Saved shows a stored plan.
	Saved(d plan.Document)
	// Initial says which first desired state was written.
	Initial(i Initial)
	// Doctor says what an examination found.
	Doctor(r Report)
	// Status says the state of homes, a line each.
	Status(all []status.Status, f *Failure)
	// Users says what came of a command for several users, a line each.
	Users(all []UserResult)
	// Demo says which steps a demo took; the text of each is there already.
	Demo(steps []Step, f *Failure)
	// Version says what this program is.
	Version(b Build)
	// Document says a JSON document of our own, which is the same in every format.
	Document(doc []byte)
	// Text says a text of our own, under a name that machines know it by.
	Text(name, text string)
	// Warn says what stops nothing, beside the answer.
	Warn(text string)
	// Fail says why there is no answer.
	Fail(f *Failure)
}

// Failure is why a command did not do what it was asked to.
type Failure struct {
	Code      string    `json:"code"`                // a word per exit code
	Kind      string    `json:"kind,omitempty"`      // of a source: a word per situation
	Retryable bool      `json:"retryable,omitempty"` // trying again later may help
	Exit      int       `json:"exit"`
	Message   string    `json:"message"`
	Hint      string    `json:"hint,omitempty"`  // the likeliest way out
	Notes     []string  `json:"notes,omitempty"` // what became of the files
	Problems  []Problem `json:"problems,omitempty"`

	hints []string
}

// SetHints keeps the advice, the likeliest first.
func (f *Failure) SetHints(hints ...string) {
	f.hints = hints
	f.Hint = strings.Join(hints, "; ")
}

// became is the message with what became of the files, for those who see one line of it.
func (f *Failure) became() string {
	return strings.Join(append([]string{f.Message}, f.Notes...), "; ")
}

// Problem is one thing wrong in the desired state: a sources.Problem as JSON says it.
type Problem struct {
	Origin  plan.Origin `json:"origin,omitzero"`
	Rule    string      `json:"rule,omitempty"`
	Message string      `json:"message"`
	Fix     string      `json:"fix,omitempty"`
	Line    string      `json:"-"` // of the file, for people
}

// Step is one command of a demo, and what came of it.
type Step struct {
	Command string `json:"command"`
	Exit    int    `json:"exit"`
	Output  string `json:"output"`
}

// Build says what this program is.
type Build struct {
	Version string    `json:"version"`
	Commit  string    `json:"commit,omitempty"`
	Time    time.Time `json:"date,omitzero"` // of the commit
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
}

// Format is how a View speaks.
type Format string

// The formats.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
	GitHub   Format = "github" // workflow commands
	GitLab   Format = "gitlab" // the report of a plan for a merge request's widget

	JUnit       Format = "junit"       // findings as a report of tests
	CodeQuality Format = "codequality" // findings as GitLab's code quality report
)

// Formats are all formats, the default first.
var Formats = []Format{Text, JSON, Markdown, GitHub, GitLab, JUnit, CodeQuality}

// UsersFormats are those that say the answers of several users, by View.Users.
var UsersFormats = []Format{Text, JSON, Markdown}

// Options are what a View depends on beside its arguments.
type Options struct {
	Format            Format
	Colour, ErrColour bool   // of answers, of everything else
	ASCII, ErrASCII   bool   // of the same: the terminal shows no other letters
	Width             int    // of the terminal, 0 where there is none
	Full              bool   // nothing is cut or folded
	Verbose           bool   // nothing is grouped
	UserHome          string // whose .codex is written as ~
	Version           string
	Now               time.Time
}

// New is the View of a format: answers go to out, everything else to err.
func New(out, err io.Writer, o Options) View {
	raw, rawErr := out, err
	out, err = &inert{to: out, colour: o.Colour, ascii: o.ASCII}, &inert{to: err, colour: o.ErrColour, ascii: o.ErrASCII}
	text := &textView{out: out, err: err, raw: raw, rawErr: rawErr, Options: o, style: style{o.Colour}, errStyle: style{o.ErrColour}}
	switch o.Format {
	case JSON:
		return &jsonView{out: raw, err: err, Options: o}
	case Markdown:
		return &markdownView{out: out, raw: raw, text: text}
	case GitHub:
		return &githubView{text}
	case GitLab:
		return newGitlabView(text)
	case JUnit:
		return &reportView{text, (*reportView).junit}
	case CodeQuality:
		return &reportView{text, (*reportView).codequality}
	}
	return text
}

// home is a Codex home as people say it: short where it is the user's own, in full
// where it is any other.
func (o Options) home(path string) string {
	if o.UserHome != "" && filepath.Clean(path) == filepath.Join(o.UserHome, ".codex") {
		if rest, ok := strings.CutPrefix(path, o.UserHome); ok {
			return "~" + rest // with the separators that it was named with
		}
		return filepath.Join("~", ".codex")
	}
	return Visible(path)
}

package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

// errand is work that another process, of root's, has asked this one for.
type errand struct {
	users.Request
	policies afero.Fs
	skipped  string // why there is nothing to do
}

// serve is the whole run of a process that works for one user, as that user.
func serve(ctx context.Context, env Env) int {
	line, r, err := users.Listen(env.Stdin, env.Stdout)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { <-line.Gone(); cancel() }() // what is begun is finished or undone
	if err == nil && r.UID != env.UID {
		err = errors.New("this is not the user that the work is for")
	}
	if err == nil {
		err = line.Answer(answerTo(ctx, env, line, r))
	}
	if err != nil {
		fmt.Fprintln(env.Stderr, ui.Visible(err.Error()))
		return exitFailed
	}
	return exitDone
}

func answerTo(ctx context.Context, env Env, line *users.Line, r users.Request) users.Answer {
	e := &errand{Request: r, policies: afero.NewMemMapFs()}
	for _, f := range r.Files {
		must(place(e.policies, f))
	}
	if why := e.homeless(env.Fs); why != "" {
		return users.Answer{Skipped: why}
	}
	var out bytes.Buffer
	env.Args, env.Stdout, env.Stdin = r.Args, &out, bytes.NewReader(r.Stdin)
	env.User, env.Home, env.Host, env.Dir = r.User, r.Home, r.Host, r.Dir
	env.StdinTerminal, env.StdoutTerminal, env.StderrTerminal = false, false, false
	if r.HasSecret {
		env.Given = &sources.Given{Ref: r.SecretRef, Pinned: r.SecretPin, Once: r.SecretOnce, Fetch: fetching(line, r.SecretRef)}
	}
	a := newApp(ctx, env)
	a.errand = e
	err := a.run(ctx)
	if e.skipped != "" {
		return users.Answer{Skipped: e.skipped}
	}
	s := a.stateAfter(err)
	answer := users.Answer{Exit: exitCode(err), Status: &s}
	if r.Tells {
		answer.Document = bytes.TrimSpace(out.Bytes())
	}
	return answer
}

// homeless says why a user's home cannot be worked in, "" where it can.
func (e *errand) homeless(f afero.Fs) string {
	info, err := f.Stat(e.Home)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the home " + e.Home + " is not there: not mounted, or gone"
	case errors.Is(err, fs.ErrPermission):
		return "the home " + e.Home + " is closed to its own user"
	case err != nil:
		return "the home " + e.Home + " could not be looked at"
	case !info.IsDir():
		return "the home " + e.Home + " is not a folder"
	}
	return ""
}

// errNoCodexHome ends the work for a user who does not use Codex, or who cannot.
var errNoCodexHome = errors.New("no Codex home")

// met hears of the Codex home that the command is about.
func (e *errand) met(f afero.Fs, home string) error {
	if e == nil {
		return nil
	}
	_, err := f.Stat(home)
	if err == nil {
		return nil
	}
	if e.skipped = e.foreign(f, home); e.skipped == "" && e.NeedsCodexHome && errors.Is(err, fs.ErrNotExist) {
		e.skipped = "no Codex home; apply --create makes one"
	}
	if e.skipped != "" {
		return &usageError{errNoCodexHome}
	}
	return nil
}

// foreign says why a Codex home that is not to be seen is not to be made: the folder that
// stands for the user's home is another account's, as is one on which nothing is mounted.
func (e *errand) foreign(f afero.Fs, home string) string {
	if rel, err := filepath.Rel(e.Home, home); err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	info, err := f.Stat(e.Home)
	if err != nil {
		return ""
	}
	if uid, known := commit.OwnerOf(info); known && strconv.FormatUint(uint64(uid), 10) != e.UID {
		return fmt.Sprintf("the home %s belongs to another account (uid %d): not mounted, or not this user's", e.Home, uid)
	}
	return ""
}

// world is the world of the desired state.
func (e *errand) world(w sources.World) sources.World {
	if e == nil {
		return w
	}
	w.Fs = e.policies
	own := w.LookupEnv
	w.LookupEnv = func(name string) (string, bool) {
		if value, ok := e.Variables[name]; ok {
			return value, true
		}
		return own(name)
	}
	return w
}

// fetching gets a secret from whoever has asked for the work.
func fetching(line *users.Line, ref string) func(context.Context) (sources.Fetched, error) {
	return func(context.Context) (sources.Fetched, error) {
		got, err := line.Secret()
		if err != nil {
			return sources.Fetched{}, &sources.Error{Kind: sources.KindUnavailable, Ref: sources.Ref(ref), Message: err.Error()}
		}
		if e := got.Error; e != nil {
			return sources.Fetched{}, &sources.Error{
				Kind: e.Kind, Ref: sources.Ref(cmp.Or(e.Ref, ref)), Message: e.Message, Hint: e.Hint, Retryable: e.Retryable,
			}
		}
		secret, err := plan.ParseSecret([]byte(got.Value))
		return sources.Fetched{Secret: secret, Version: got.Version, Ref: sources.Ref(got.Ref), Warnings: got.Warnings}, err
	}
}

// examined keeps what doctor has found, for whoever asks about several users.
func (a *app) examined(r ui.Report) {
	if a.errand == nil {
		return
	}
	s := a.unknown()
	for _, f := range r.Findings {
		if f.Severity == plan.Error {
			s.State, s.Code, s.Message = status.Failed, status.Rule, f.ID
			break
		}
	}
	a.state = &s
}

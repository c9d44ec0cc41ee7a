package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/afero"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

// commission is one command for several users: what every one of them is told, and the
// secrets, of which each one gets his own.
type commission struct {
	*app
	args  []string
	files []string
	kept  *policyFiles
	fence *fence
	crew  *users.Crew
	stdin []byte
	needs bool          // a user without a Codex home is skipped
	reads bool          // the command reads a desired state
	home  *sources.Home // all that counts of it, nil where the whole does

	mu       sync.Mutex
	resolved map[string]func() (plan.Desired, []string, error)
	open     []*sources.Policy
}

// commission reads the desired state, once, and judges it as far as it is the same for
// all.
func (a *app) commission(ctx context.Context, cmd *cobra.Command, args []string, o usersOptions, accounts []sought) (*commission, error) {
	fence, err := newFence(ctx, a.env.Dir)
	if err != nil {
		return nil, err
	}
	known := make([]users.Account, len(accounts))
	for i, account := range accounts {
		fence.add(account.Account)
		known[i] = account.Account
	}
	c := &commission{app: a, fence: fence, crew: users.Gather(known), needs: o.all && !o.create, resolved: map[string]func() (plan.Desired, []string, error){}}
	c.files, _ = cmd.Flags().GetStringArray("file")
	given := policyOptions{files: c.files, given: func() bool { return cmd.Flags().Changed("file") }}
	c.kept = &policyFiles{Fs: fence.around(bounded.Unwatched(a.env.Fs)), copies: afero.NewMemMapFs()}
	for name, text := range a.env.Texts { // what no file holds yet
		c.kept.kept = append(c.kept.kept, users.File{Name: name, Mode: 0o600, Data: text})
	}
	a.env.Fs = bounded.Watched(c.kept.Fs)
	c.args = c.childArgs(cmd, args)
	c.reads = c.readsPolicy(cmd, given)
	if !c.reads {
		c.files = nil
		return c, nil
	}
	if slices.Contains(c.files, "-") {
		if c.stdin, err = a.env.Pipes.Stream(a.env.Stdin, 64<<10); err != nil {
			return nil, err
		}
	}
	if givesBack(cmd) {
		home, err := sources.CodexHome(c.world(a.env.User, a.env.UID, a.env.Home), c.files)
		c.home, c.kept.whole = &home, true
		return c, err
	}
	p, err := sources.Load(c.world(a.env.User, a.env.UID, a.env.Home), c.files)
	c.kept.whole = true
	if err != nil {
		return nil, err
	}
	c.open = append(c.open, p)
	if p.Desired.System {
		return nil, &usageError{errors.New("layer: system is one folder for the whole machine: leave --user and --all-users away")}
	}
	if err := p.Trusted(); err != nil && asksOrWrites(cmd) {
		return nil, &usageError{err}
	}
	if err := fence.judge(a.env, p.Reads()); err != nil || a.dialect != nil {
		return c, err
	}
	_, err = a.spread(ctx, p, func() (*sources.Policy, error) { return p, nil })
	return c, err
}

// asksOrWrites reports whether a command may do what the policy names: run programs, or
// send a key somewhere.
func asksOrWrites(cmd *cobra.Command) bool {
	switch cmd.Name() {
	case "status":
		return cmd.Flags().Changed("confirm")
	case "plan":
		skip, _ := cmd.Flags().GetString("secrets")
		return skip != "skip"
	}
	return true
}

// readsPolicy reports whether the command needs a desired state: those that give back
// do not, but for a codex_home that somebody names, and doctor does where there is one.
func (c *commission) readsPolicy(cmd *cobra.Command, o policyOptions) bool {
	switch {
	case givesBack(cmd):
		return o.given() && !cmd.Flags().Changed("codex-home")
	case cmd.Name() == "doctor":
		return o.given() || !c.missingDefault(o)
	}
	return true
}

// givesBack reports a command that works with a broken policy: nothing but codex_home
// counts of it.
func givesBack(cmd *cobra.Command) bool {
	switch cmd.Name() {
	case "rollback", "destroy":
		return true
	case "plan":
		return cmd.Flags().Changed("destroy") || cmd.Flags().Changed("rollback")
	}
	return false
}

// childArgs is the command line for one user.
func (c *commission) childArgs(cmd *cobra.Command, args []string) []string {
	out := []string{cmd.Name()}
	ours := []string{"user", "all-users", "create", "contract", "file", "format", "color", "log-level", "log-format", "log-file", "auto-approve"}
	if !cmd.Flags().Changed("contract") {
		ours = append(ours, "splay") // waited for once, by us
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(ours, f.Name) {
			out = append(out, "--"+f.Name+"="+f.Value.String())
		}
	})
	if needsApproval(cmd) {
		out = append(out, "--auto-approve")
	}
	format := ui.Text // said to nobody
	if c.tells() {
		format = ui.JSON
	}
	return append(append(out, "--format="+string(format)), args...)
}

// tells reports whether what the command says of each user is printed, and not only what
// came of it.
func (c *commission) tells() bool { return ui.Format(c.format) == ui.JSON }

// world is the world of a desired state for a user. Nothing in it leads into a home.
func (c *commission) world(name, uid, home string) sources.World {
	w := c.env.World
	w.Fs, w.TokenHome = bounded.Watched(c.kept), c.env.Home
	w.User, w.UID, w.Home = name, uid, home
	if c.stdin != nil {
		w.Stdin = newStdin(c.stdin)
	}
	return w
}

// one does the work for one user.
func (c *commission) one(ctx context.Context, account sought) ui.UserResult {
	result := ui.UserResult{User: account.Name}
	answer, err := c.send(ctx, account)
	if err == nil && answer.Skipped == "" && answer.Status == nil {
		err = errors.New("the answer does not say what came of it")
	}
	if err == nil && answer.Exit == exitInterrupted && !ending(ctx) {
		err = errCutShort
	}
	if err != nil {
		result.Exit, result.Status = exitCode(err), c.unknown()
		result.Status.State, result.Status.Code, result.Status.Message = status.Failed, codeOf(err), firstLine(err)
		result.Document, _ = json.Marshal(map[string]any{"error": failure(err)})
	} else {
		result.Exit, result.Skipped, result.Document = answer.Exit, answer.Skipped, answer.Document
		if answer.Status != nil {
			result.Status = believed(*answer.Status)
		}
	}
	if result.Exit == exitInterrupted { // no code says so, and nothing is wrong there
		result.Skipped = "interrupted; nothing half-done is left"
	}
	result.Status.User = account.Name
	if result.Exit != exitDone && !slices.Contains(exitOrder, result.Exit) {
		result.Exit = exitFailed
	}
	return result
}

// errCutShort is work that the user whom it was for has ended, which any user may. It is not
// the end of this run, and no word for a console to take for compliance.
var errCutShort = errors.New("the work was interrupted by somebody who may, such as that user; nothing half-done is left")

// ending reports that this run is to end too. Who ends a service sends a signal to all of
// its processes, and ours may come last.
func ending(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	case <-time.After(200 * time.Millisecond):
		return false
	}
}

// believed is a status that another user's process has made, with words of ours only
// where they count.
func believed(s status.Status) status.Status {
	known := []status.State{status.InSync, status.Drift, status.Held, status.Failed, status.None}
	if !slices.Contains(known, s.State) {
		s.State, s.Code = status.Failed, status.Bug
	}
	if s.State == status.Failed && !slices.Contains(status.Codes, s.Code) {
		s.Code = status.Bug
	}
	return s
}

// send tells a user's process what is wanted and gets its answer.
func (c *commission) send(ctx context.Context, who sought) (users.Answer, error) {
	account := who.Account
	if err := cmp.Or(who.missing, account.Fault()); err != nil {
		return users.Answer{}, err
	}
	if why := account.Homeless(); why != "" {
		return users.Answer{Skipped: why}, nil
	}
	uid := strconv.FormatUint(uint64(account.UID), 10)
	r := users.Request{
		Args: slices.Clone(c.args), Stdin: c.stdin, Files: c.kept.files(),
		User: account.Name, UID: uid, Home: account.Home, Host: c.env.Host, Dir: c.env.Dir,
		NeedsCodexHome: c.needs, Tells: c.tells(),
	}
	if !c.reads {
		return c.crew.Run(ctx, account, c.childEnv(account), r, nil, users.Limit)
	}
	if c.home != nil {
		r.Args, r.Variables = c.withFiles(r.Args), c.home.Variables
		return c.crew.Run(ctx, account, c.childEnv(account), r, nil, users.Limit)
	}
	p, err := sources.Load(c.world(account.Name, uid, account.Home), c.files)
	if err != nil {
		return users.Answer{}, err
	}
	if err := c.fence.judge(c.env, p.Reads()); err != nil {
		return users.Answer{}, err
	}
	r.Args = c.withFiles(r.Args)
	r.Variables = p.Variables()
	if w := p.Desired.Secret; w != nil {
		r.HasSecret, r.SecretRef, r.SecretPin, r.SecretOnce = true, w.Ref, w.Pinned, p.SingleUse()
	}
	return c.crew.Run(ctx, account, c.childEnv(account), r, func() users.Secret { return c.secret(ctx, p) }, users.Limit)
}

func (c *commission) withFiles(args []string) []string {
	for _, name := range c.files {
		args = append(args, "--file="+name)
	}
	return args
}

// secret gets the secret of one user. Users whose policy asks for the same one in the
// same way share the asking.
func (c *commission) secret(ctx context.Context, p *sources.Policy) users.Secret {
	c.mu.Lock()
	get, ok := c.resolved[p.SecretID()]
	if !ok {
		get = once(func() (plan.Desired, []string, error) { return p.Resolve(ctx) })
		c.resolved[p.SecretID()] = get
		c.open = append(c.open, p)
	}
	c.mu.Unlock()
	d, warnings, err := get()
	var e *sources.Error
	switch {
	case errors.As(err, &e):
		return users.Secret{Error: &users.SecretError{Kind: e.Kind, Ref: string(e.Ref), Message: e.Message, Hint: e.Hint, Retryable: e.Retryable}}
	case err != nil:
		return users.Secret{Error: &users.SecretError{Kind: sources.KindCanceled, Message: err.Error()}}
	}
	return users.Secret{Value: string(d.Secret.Value.Reveal()), Version: d.Secret.Version, Ref: d.Secret.Ref, Warnings: warnings}
}

// close gives back the logins.
func (c *commission) close(ctx context.Context) {
	for _, p := range c.open {
		c.release(ctx, p)
	}
}

// passed are the variables of root that a user's process gets: how the network is
// reached, and whom to trust there.
var passed = []string{
	"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "CODEX_CA_CERTIFICATE",
}

const fixedPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

func (c *commission) childEnv(account users.Account) []string {
	env := []string{"HOME=" + account.Home, "USER=" + account.Name, "LOGNAME=" + account.Name, "PATH=" + fixedPath}
	for _, name := range passed {
		if value, ok := c.env.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

package sources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
)

// commandSource is a program that prints the key.
type commandSource struct {
	argv    []string
	dir     string
	environ func() []string
	hide    []string // variables that the program does not get
	timeout time.Duration
}

const (
	commandTimeout = 30 * time.Second
	// pipeDelay is how long the pipes of a program that has ended may stay open in
	// the hands of a daemon that it started.
	pipeDelay = 500 * time.Millisecond
	maxStderr = 4 << 10 // of it that is shown
)

// keyVariables hold keys that a program has no use for when it is asked for one.
var keyVariables = []string{"OPENAI_API_KEY", "CODEX_API_KEY"}

// Ref names the program alone: its arguments are the business of its owner.
func (s commandSource) Ref() Ref { return Ref("command:" + filepath.Base(s.argv[0])) }

func (s commandSource) Fetch(ctx context.Context) (Fetched, error) {
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	out, stderr := &capped{most: maxFile}, &capped{most: 4 * maxStderr}
	start := stall.Enter(stall.Look, "", s.argv[0])
	cmd := exec.CommandContext(limited, s.argv[0], s.argv[1:]...)
	cmd.Dir, cmd.Env = s.dir, s.environment()
	cmd.Stdout, cmd.Stderr = out, stderr
	cmd.WaitDelay = pipeDelay
	ownGroup(cmd)
	err := cmd.Start()
	start.Leave()
	if err == nil {
		err = cmd.Wait()
	}
	switch {
	case ctx.Err() != nil:
		return Fetched{}, s.error(KindCanceled, "interrupted", "")
	case limited.Err() != nil:
		return Fetched{}, s.error(KindTimeout, fmt.Sprintf("no answer within %s%s", s.timeout, s.said(out, stderr)), "")
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return Fetched{}, s.failed(err, s.said(out, stderr))
	case out.over:
		return Fetched{}, s.error(KindHelper, "the program printed more than 64 KiB", "its output must be the key alone")
	}
	return fetched(s.Ref(), out.buf.Bytes())
}

func (s commandSource) error(kind, message, hint string) *Error {
	return &Error{Kind: kind, Ref: s.Ref(), Message: message, Hint: hint}
}

func (s commandSource) failed(err error, said string) *Error {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return s.error(KindHelper, "the program failed ("+exit.ProcessState.String()+")"+said, "")
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return s.error(KindUnavailable, "there is no such program", "install it, or give its full path")
	case errors.Is(err, fs.ErrPermission):
		return s.error(KindHelper, "the program may not be run", "")
	}
	return s.error(KindHelper, "the program could not be started", "")
}

// said is ": " and what the program wrote to its standard error, fit to be shown: without
// its output, which may be the key, without values of secret variables, each in its usual
// encodings and good pieces of it too, without anything shaped like a key, and with control
// characters escaped.
func (s commandSource) said(out, stderr *capped) string {
	text := stderr.buf.String()
	known := s.secrets(out)
	var raw [][]byte
	for _, k := range known {
		text = strings.ReplaceAll(text, k, plan.Masked)
		raw = append(raw, []byte(k))
	}
	echo := plan.NewEcho(raw...)
	if stderr.over {
		text = withoutCut(text)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, escape(plan.MaskText(echo.Mask(line))))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	said := strings.Join(lines, "; ")
	if len(said) > maxStderr {
		said = strings.ToValidUTF8(said[:maxStderr], "") + "…"
	}
	return ": " + said
}

// withoutCut is a text that was cut off, without the word that was cut, which may be
// the beginning of a key.
func withoutCut(text string) string {
	if i := strings.LastIndexAny(text, " \t\r\n"); i >= 0 {
		return text[:i]
	}
	return text[:max(0, len(text)-maxStderr)]
}

// secrets are the texts that must not be shown, longest first.
func (s commandSource) secrets(out *capped) []string {
	known := strings.Fields(out.buf.String())
	for _, e := range s.environ() {
		name, value, _ := strings.Cut(e, "=")
		if plan.SecretName(name) || slices.Contains(s.hide, name) { // keyVariables have such names
			known = append(known, value)
		}
	}
	known = slices.DeleteFunc(known, func(k string) bool { return len(k) < 6 })
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	return known
}

// environment is ours without the keys.
func (s commandSource) environment() []string {
	return slices.DeleteFunc(s.environ(), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return slices.Contains(s.hide, name) || slices.Contains(keyVariables, name)
	})
}

// escape shows control characters and what cannot be seen as \u….
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if forbidden(r) != "" {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// capped keeps the first bytes that are written to it and swallows the rest.
type capped struct {
	buf  bytes.Buffer // not embedded: its ReadFrom would not know of the limit
	most int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	kept := p[:min(len(p), c.most-c.buf.Len())]
	c.over = c.over || len(kept) < len(p)
	c.buf.Write(kept)
	return len(p), nil
}

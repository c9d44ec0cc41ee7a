package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
)

// errDeclined is a person who did not say yes.
var errDeclined = errors.New("not approved: nothing was changed")

// ask puts a question to the person at the terminal; only "yes" is one.
func (a *app) ask(ctx context.Context, question string) error {
	fmt.Fprint(a.env.Stderr, question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(a.env.Stdin, 1024)).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(a.env.Stderr)
		return ctx.Err()
	case got := <-answer:
		if got != "yes" {
			return errDeclined
		}
		return nil
	}
}

// warn says on the second stream what stops nothing.
func (a *app) warn(text string) {
	a.line.clear()
	a.log.Warn(ui.Visible(text))
	a.view.Warn(text)
}

// liveLine is the one line that says what takes so long. It is there on a terminal
// only, and gone before anything else is printed.
type liveLine struct {
	out   io.Writer // nil where nobody looks
	log   *slog.Logger
	shown bool
}

const eraseLine = "\r\x1b[2K"

func (l *liveLine) show(step string) {
	l.log.Info("step", "what", ui.Visible(step))
	if l.out != nil {
		fmt.Fprint(l.out, eraseLine+ui.Visible(step)+" …")
		l.shown = true
	}
}

func (l *liveLine) clear() {
	if l.shown {
		fmt.Fprint(l.out, eraseLine)
		l.shown = false
	}
}

// progress shows a step until the returned func is called.
func (a *app) progress(step string) func() {
	a.line.show(step)
	return a.line.clear
}

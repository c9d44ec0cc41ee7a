package cli

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan/stall"
)

// wordsNow are those of the run that this process is: what ends it in the middle shows no
// more than it does.
var wordsNow atomic.Pointer[shown]

// lastWords is how long the end of a run that is stuck may take to be told.
const lastWords = 300 * time.Millisecond

// Stuck tells of a run that a call of the system holds, and returns the exit code. What is
// held cannot be asked, so it is told by somebody else, who does not wait either: where
// even that is held, the code alone tells.
func Stuck(env Env, s *stall.Stuck) int {
	var err error = s
	switch {
	case s.Halfway:
		err = &commit.StateError{InForce: commit.HalfWay, Err: s}
	case s.Told:
		err = context.Canceled
	}
	told := make(chan int, 1)
	go func() {
		defer func() { _ = recover() }() // the code tells
		told <- tellStuck(env, err)
	}()
	select {
	case code := <-told:
		return code
	case <-time.After(lastWords):
		return exitCode(err)
	}
}

func tellStuck(env Env, err error) int {
	if slices.Equal(env.Args, []string{users.Command}) {
		fmt.Fprintln(env.Stderr, ui.Visible(wordsNow.Load().text(err.Error())))
		return exitCode(err)
	}
	a := &app{env: env, format: formatIn(env.Args), colour: "auto"}
	a.env.Stdout, a.env.Stderr = &shownWriter{env.Stdout, wordsNow.Load()}, &shownWriter{env.Stderr, wordsNow.Load()}
	a.speaking()
	a.newView().Fail(failure(err))
	if d := a.dialect; d != nil {
		if d.quiet != nil && d.quiet.Len() > 0 {
			go toSystemLog(d.quiet.String()) // the log's file may be what holds the run
			d.quiet = nil
		}
		return a.answer(err)
	}
	return exitCode(err)
}

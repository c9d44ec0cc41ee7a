package users

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// The bounds of one child. Limit is long enough for a lock, a load check and a gateway
// that is slow; what a child says in that time is bounded too.
const (
	Limit     = 60 * time.Second
	grace     = 3 * time.Second // to undo and end, once told to
	maxAnswer = 4 << 20
	maxWords  = 4 << 10
)

// TimeoutError is a child that did not answer in time: a home on a file system that
// hangs, or a user who has stopped it.
type TimeoutError struct{ After time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("no answer within %s: its home hangs, or somebody has stopped the work; it was ended, and the next run repairs what it left", e.After)
}

// EndedError is a child that ended without an answer.
type EndedError struct {
	How   string
	Words string // the last that it said
	Code  int    // its exit code, -1 where a signal ended it
}

func (e *EndedError) Error() string {
	text := "the work ended without an answer (" + e.How + "); the next run repairs what it left"
	if e.Words != "" {
		text += ": " + e.Words
	}
	return text
}

// child is a process that runs as another user.
type child struct {
	cmd      *exec.Cmd
	to       *os.File // its stdin
	from     *os.File // its stdout
	words    *os.File // its stderr
	ended    chan error
	theirs   []*os.File
	lastWord chan string
}

func newChild(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, ended: make(chan error, 1), lastWord: make(chan string, 1)}
	if err := c.connect(); err != nil {
		c.close()
		return nil, err
	}
	err := cmd.Start()
	for _, f := range c.theirs {
		f.Close()
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("this program does not start as that user (may everybody run it?): %w", err)
	}
	go func() { c.ended <- cmd.Wait() }()
	go c.listen()
	return c, nil
}

// connect makes the three pipes. They are files of the process, so that waiting for it
// waits for nobody who has inherited them.
func (c *child) connect() (err error) {
	pipe := func() (r, w *os.File) {
		if err == nil {
			r, w, err = os.Pipe()
		}
		return r, w
	}
	in, to := pipe()
	from, out := pipe()
	words, errs := pipe()
	if err != nil {
		return err
	}
	c.to, c.from, c.words, c.theirs = to, from, words, []*os.File{in, out, errs}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = in, out, errs
	return nil
}

func (c *child) close() {
	for _, f := range []*os.File{c.to, c.from, c.words} {
		if f != nil {
			f.Close()
		}
	}
}

// listen keeps the first words of a child, and lets the rest go by.
func (c *child) listen() {
	data, _ := io.ReadAll(io.LimitReader(c.words, maxWords))
	_, _ = io.Copy(io.Discard, c.words)
	line, _, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	c.lastWord <- line
}

// Run does work for an account in a child of its own, and says what came of it. The
// child gets its secret from secret, where it asks for it. It has limit to answer.
func (k *Crew) Run(ctx context.Context, a Account, env []string, r Request, secret func() Secret, limit time.Duration) (Answer, error) {
	if fault := a.Fault(); fault != nil {
		return Answer{}, fault
	}
	if why := a.Homeless(); why != "" {
		return Answer{Skipped: why}, nil
	}
	c, err := k.start(a, env)
	if err != nil {
		return Answer{}, err
	}
	defer c.close()
	return c.talk(ctx, r, secret, limit)
}

type heard struct {
	answer Answer
	err    error
}

func (c *child) talk(ctx context.Context, r Request, secret func() Secret, limit time.Duration) (Answer, error) {
	replies := make(chan any, 1)
	replies <- r
	answers := make(chan heard, 1)
	go c.say(replies)
	go func() {
		answers <- c.hear(replies, secret)
		close(replies)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case got := <-answers:
		return c.reap(got)
	case <-timer.C:
		c.end()
		return Answer{}, &TimeoutError{limit}
	case <-ctx.Done():
		c.terminate()
	}
	select {
	case got := <-answers:
		if answer, err := c.reap(got); err == nil {
			return answer, nil
		}
	case <-time.After(grace):
		c.end()
	}
	return Answer{}, ctx.Err()
}

// say writes to the child until there is nothing more to say. A child that does not
// read holds up nobody but this.
func (c *child) say(replies <-chan any) {
	e := json.NewEncoder(c.to)
	for r := range replies {
		if e.Encode(r) != nil {
			return
		}
	}
	c.to.Close()
}

// hear reads what the child says to the end.
func (c *child) hear(replies chan<- any, secret func() Secret) heard {
	d := json.NewDecoder(io.LimitReader(c.from, maxAnswer))
	asked := false
	for {
		var m message
		if err := d.Decode(&m); err != nil {
			return heard{err: err}
		}
		switch {
		case m.Answer != nil:
			return heard{answer: *m.Answer}
		case m.Ask == "secret" && !asked:
			asked = true // a second time is none of ours
			replies <- secret()
		default:
			return heard{err: errors.New("said what nobody understands")}
		}
	}
}

// reap waits for a child that has answered, or that says nothing more.
func (c *child) reap(got heard) (Answer, error) {
	var how error
	select {
	case how = <-c.ended:
	case <-time.After(grace):
		c.kill()
		how = errors.New("it did not end")
	}
	if got.err == nil {
		return got.answer, nil
	}
	e := &EndedError{How: "exit status 0", Code: 0}
	if how != nil {
		e.How, e.Code = how.Error(), c.cmd.ProcessState.ExitCode()
	}
	select {
	case e.Words = <-c.lastWord:
	case <-time.After(time.Second):
	}
	return Answer{}, e
}

// end stops a child that has had its time. One that a file system holds so that even
// that does not end it is left behind.
func (c *child) end() {
	c.terminate()
	select {
	case <-c.ended:
	case <-time.After(grace):
		c.kill()
	}
}

package users

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
)

// Line is a child's way to the process that has started it.
type Line struct {
	out     *json.Encoder
	replies chan Secret
	gone    chan struct{}

	mu     sync.Mutex
	secret *Secret
}

// Listen is the child's end: it reads what is wanted.
func Listen(in io.Reader, out io.Writer) (*Line, Request, error) {
	l := &Line{out: json.NewEncoder(out), replies: make(chan Secret, 1), gone: make(chan struct{})}
	d := json.NewDecoder(in)
	var r Request
	err := d.Decode(&r)
	go l.listen(d)
	return l, r, err
}

// listen hears the secret, and that nobody is there any more.
func (l *Line) listen(d *json.Decoder) {
	defer close(l.gone)
	for {
		var s Secret
		if d.Decode(&s) != nil {
			return
		}
		select {
		case l.replies <- s:
		default: // nobody has asked twice
			return
		}
	}
}

// Gone is closed when whoever has asked for the work is no longer there to hear of it.
func (l *Line) Gone() <-chan struct{} { return l.gone }

// Secret asks for the secret, once.
func (l *Line) Secret() (Secret, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.secret != nil {
		return *l.secret, nil
	}
	if err := l.out.Encode(message{Ask: "secret"}); err != nil {
		return Secret{}, err
	}
	select {
	case s := <-l.replies:
		l.secret = &s
		return s, nil
	case <-l.gone:
		return Secret{}, errors.New("whoever has the secret is gone")
	}
}

// Answer says what came of it.
func (l *Line) Answer(a Answer) error { return l.out.Encode(message{Answer: &a}) }

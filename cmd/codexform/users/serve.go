package users

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
)

// Line is a child's way to the process that has started it.
type Line struct {
	in  *json.Decoder
	out *json.Encoder

	mu     sync.Mutex
	secret *Secret
}

// Listen is the child's end: it reads what is wanted.
func Listen(in io.Reader, out io.Writer) (*Line, Request, error) {
	l := &Line{in: json.NewDecoder(in), out: json.NewEncoder(out)}
	var r Request
	err := l.in.Decode(&r)
	return l, r, err
}

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
	var s Secret
	if err := l.in.Decode(&s); err != nil {
		return Secret{}, errors.New("whoever has the secret is gone")
	}
	l.secret = &s
	return s, nil
}

// Answer says what came of it.
func (l *Line) Answer(a Answer) error { return l.out.Encode(message{Answer: &a}) }

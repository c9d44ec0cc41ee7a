package codextest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

// callTimeout bounds one call of an app server; a call takes milliseconds.
const callTimeout = 30 * time.Second

// AppServer is a Codex app server that stays, to be called again and again.
type AppServer struct {
	t       testing.TB
	in      io.WriteCloser
	answers chan answer
	id      int
}

// CallError is what an app server refuses a call with.
type CallError struct{ Message string }

func (e *CallError) Error() string { return "the app server: " + e.Message }

type answer struct {
	ID     *int
	Result json.RawMessage
	Error  *CallError
}

// StartAppServer starts the app server over a home. It ends with the test.
func StartAppServer(t testing.TB, home string) *AppServer {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := command(ctx, t, home, nil, "app-server")
	in, err := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(err, outErr); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &AppServer{t: t, in: in, answers: make(chan answer)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read(ctx, out)
	}()
	t.Cleanup(func() {
		stop()
		<-read
		cmd.Wait()
	})
	s.Call("initialize", map[string]any{"clientInfo": map[string]string{"name": "codexform", "title": "codexform", "version": "1"}})
	s.send(map[string]any{"method": "initialized"})
	return s
}

// read passes answers on, and leaves out what the app server says of its own accord.
func (s *AppServer) read(ctx context.Context, out io.Reader) {
	defer close(s.answers)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a answer
		if json.Unmarshal(lines.Bytes(), &a) != nil || a.ID == nil {
			continue
		}
		select {
		case s.answers <- a:
		case <-ctx.Done():
			return
		}
	}
}

// Call makes a call and gives its result. A refusal is a *CallError; a Codex that
// does not answer fails the test.
func (s *AppServer) Call(method string, params any) (json.RawMessage, error) {
	s.t.Helper()
	s.id++
	s.send(map[string]any{"id": s.id, "method": method, "params": params})
	late := time.After(callTimeout)
	for {
		select {
		case a, ok := <-s.answers:
			switch {
			case !ok:
				s.t.Fatalf("%s: the app server has ended", method)
			case *a.ID != s.id:
				continue
			case a.Error != nil:
				return nil, a.Error
			}
			return a.Result, nil
		case <-late:
			s.t.Fatalf("%s: no answer in %s", method, callTimeout)
		}
	}
}

func (s *AppServer) send(message any) {
	s.t.Helper()
	text, err := json.Marshal(message)
	if err == nil {
		_, err = fmt.Fprintf(s.in, "%s\n", text)
	}
	if err != nil {
		s.t.Fatalf("writing to the app server: %v", err)
	}
}

package loopback_test

import (
	"bytes"
	"sync"
)

// lines is output in which Codex says that it tries again.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
	found chan struct{}
	once  sync.Once
}

func (l *lines) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.text.Write(p)
	if bytes.Contains(l.text.Bytes(), []byte("waiting for network")) || bytes.Contains(l.text.Bytes(), []byte("Reconnecting")) {
		l.once.Do(func() { close(l.found) })
	}
	return len(p), nil
}

package bounded

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/spf13/afero"
)

// Wait is how long a run waits for all FIFOs that it reads.
const Wait = 5 * time.Second

// Pipes reads files, and FIFOs too, each of those once: what was read is remembered,
// because it is gone. It is safe for use by several goroutines. A nil Pipes reads no FIFO.
type Pipes struct {
	ctx  context.Context
	mu   sync.Mutex
	left time.Duration
	seen map[string]pipe
}

type pipe struct {
	data []byte
	err  error
}

// TimeoutError is a FIFO that nobody wrote into, or not to the end.
type TimeoutError struct{ After time.Duration }

// Error says how long it was waited for.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("is a FIFO that nobody has finished writing within %s", e.After)
}

// NewPipes waits for as long as wait in all, and not longer than ctx.
func NewPipes(ctx context.Context, wait time.Duration) *Pipes {
	return &Pipes{ctx: ctx, left: wait, seen: map[string]pipe{}}
}

// Limit makes the time shorter, not longer.
func (p *Pipes) Limit(wait time.Duration) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = min(p.left, wait)
}

// File is File, but a FIFO is read to its end. A run that ends gives the context's error.
func (p *Pipes) File(fsys afero.Fs, name string, max int64) ([]byte, fs.FileInfo, error) {
	if p == nil {
		return File(fsys, name, max)
	}
	info, err := stat(fsys, name)
	if err != nil {
		return nil, nil, err
	}
	if info.Mode()&fs.ModeNamedPipe == 0 {
		return File(fsys, name, max)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	got, ok := p.seen[name]
	if !ok {
		got = p.read(fsys, name, max)
		p.seen[name] = got
	}
	return got.data, info, got.err
}

// read waits in a goroutine of its own: nothing but a writer ends the open of a FIFO,
// and where none comes the end of the program does.
func (p *Pipes) read(fsys afero.Fs, name string, max int64) pipe {
	done, start, whole := make(chan pipe, 1), time.Now(), p.left
	go func() { done <- readPipe(Unwatched(fsys), name, max) }()
	timer := time.NewTimer(p.left)
	defer timer.Stop()
	defer func() { p.left -= min(p.left, time.Since(start)) }()
	select {
	case got := <-done:
		return got
	case <-timer.C:
		return pipe{err: &TimeoutError{whole.Round(100 * time.Millisecond)}}
	case <-p.ctx.Done():
		return pipe{err: p.ctx.Err()}
	}
}

func readPipe(fsys afero.Fs, name string, max int64) pipe {
	file, err := fsys.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return pipe{err: err}
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return pipe{err: &NotRegularError{fs.ModeIrregular}}
	}
	data, err := All(file, max)
	return pipe{data, err}
}

// Stream is All of a stream that is open already, such as the standard input. It takes
// as long as it takes, but not longer than the run.
func (p *Pipes) Stream(r io.Reader, max int64) ([]byte, error) {
	if p == nil {
		return All(r, max)
	}
	done := make(chan pipe, 1)
	go func() {
		data, err := All(r, max)
		done <- pipe{data, err}
	}()
	select {
	case got := <-done:
		return got.data, got.err
	case <-p.ctx.Done():
		return nil, p.ctx.Err()
	}
}

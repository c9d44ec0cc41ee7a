package commit

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// codexLock is the first of Codex's two locks, in the home. The second lies beside
// the real auth.json and is called after it.
const codexLock = "auth.lock"

// codexPatience is how long Codex itself waits for the second lock.
const codexPatience = 5 * time.Second

// lockCodex takes Codex's own locks if auth.json is about to change, so that no
// token refresh runs meanwhile. They are let go by unlock, which is never nil, and
// stay as files: to remove one would take it from under whoever waits for it.
func (t *transaction) lockCodex(ctx context.Context) (unlock func(), err error) {
	var held []*os.File
	unlock = func() {
		for _, file := range held {
			file.Close()
		}
	}
	p := t.auth()
	if p == nil || t.s.options.system() {
		return unlock, nil
	}
	for _, l := range []struct {
		dir  *folder
		name string
		wait time.Duration
	}{
		{t.s.home, codexLock, max(t.s.options.LockTimeout, codexPatience)},
		{p.dir, p.Name + ".lock", codexPatience},
	} {
		file, err := t.s.takeCodexLock(ctx, l.dir, l.name, l.wait)
		if err != nil {
			unlock()
			return func() {}, err
		}
		held = append(held, file)
	}
	return unlock, nil
}

func (s *Session) takeCodexLock(ctx context.Context, d *folder, name string, wait time.Duration) (*os.File, error) {
	path := filepath.Join(d.path, name)
	file, err := s.openLock(d, name)
	if err != nil {
		return nil, unopened(path, err)
	}
	if err := waitForLock(ctx, file, time.Now().Add(wait)); err != nil {
		file.Close()
		return nil, lockError(err, path, true)
	}
	return file, nil
}

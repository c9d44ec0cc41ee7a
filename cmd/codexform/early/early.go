// Package early hears a signal to quit from the first moment on. Until somebody listens, Go's
// own word on it is a dump and the code 2, which here means "there are changes". So it listens
// before the packages of the program are made ready: it imports next to nothing, which is why
// it comes before nearly all of them.
package early

import (
	"os"
	"os/signal"
	"syscall"
)

var quit = make(chan os.Signal, 1)

func init() { signal.Notify(quit, syscall.SIGQUIT) }

// Quit reports a signal to quit that has come so far. Whoever listens for himself by now
// misses none.
func Quit() bool {
	select {
	case <-quit:
		return true
	default:
		return false
	}
}

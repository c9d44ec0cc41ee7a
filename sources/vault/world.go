package vault

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"time"
)

// World is what a session knows of the machine. LookupEnv, ReadFile and ReadSecret
// must be given; the others have a real default.
type World struct {
	LookupEnv func(string) (string, bool)
	ReadFile  func(path string) ([]byte, error) // a certificate
	// ReadSecret reads a file that holds a credential, and judges who else may touch
	// it. The error is fs.ErrNotExist where there is none.
	ReadSecret func(path string) (data []byte, warnings []string, err error)
	Home       string // the folder of .vault-token; "" when there is none
	// Proxy is the way to an https address; default the environment's.
	Proxy func(*http.Request) (*url.URL, error)
	// Sleep waits between tries; it returns early when the context ends.
	Sleep func(context.Context, time.Duration)
	// Jitter is a random number from 0 up to, but not including, 1.
	Jitter func() float64
}

func (w World) withDefaults() World {
	if w.Proxy == nil {
		w.Proxy = http.ProxyFromEnvironment
	}
	if w.Sleep == nil {
		w.Sleep = sleep
	}
	if w.Jitter == nil {
		w.Jitter = rand.Float64
	}
	return w
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// env is a variable of the environment, "" when it is not set.
func (w World) env(name string) string {
	if v, set := w.LookupEnv(name); set {
		return v
	}
	return ""
}

func (w World) tokenFile() string {
	if w.Home == "" {
		return ""
	}
	return filepath.Join(w.Home, ".vault-token")
}

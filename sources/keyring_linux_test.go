package sources

import (
	"testing"

	"github.com/spf13/afero"
)

// The library is only asked where a session bus is: elsewhere it would start one.
func TestKeyringReachable(t *testing.T) {
	fs := afero.NewMemMapFs()
	for _, path := range []string{"/run/user/1000/bus", "/tmp/run/bus"} {
		if err := afero.WriteFile(fs, path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		uid  string
		env  map[string]string
		want bool
	}{
		{"0", nil, false},
		{"1001", map[string]string{"XDG_RUNTIME_DIR": "/tmp"}, false},
		{"1000", nil, true},
		{"0", map[string]string{"XDG_RUNTIME_DIR": "/tmp/run"}, true},
		{"0", map[string]string{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/bus"}, true},
	} {
		w := World{Fs: fs, UID: c.uid, LookupEnv: func(name string) (string, bool) { v, ok := c.env[name]; return v, ok }}
		if got := keyringReachable(w); got != c.want {
			t.Errorf("user %s with %v: got %v, want %v", c.uid, c.env, got, c.want)
		}
	}
}

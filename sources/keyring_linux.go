package sources

import "path/filepath"

// keyringReachable reports whether there is a session bus to ask on. Without one
// the library would start a bus of its own, which nobody would ever stop.
func keyringReachable(w World) bool {
	if w.getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	for _, dir := range []string{w.getenv("XDG_RUNTIME_DIR"), "/run/user/" + w.UID} {
		if _, err := w.Fs.Stat(filepath.Join(dir, "bus")); dir != "" && err == nil {
			return true
		}
	}
	return false
}

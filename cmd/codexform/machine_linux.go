package main

import (
	"os"
	"strings"

	"github.com/codexform/codexform/plan/rollout"
)

// machineID is the id of this installation, which every user may read. Cloned images
// share it, so the name of the machine is mixed in; the hardware's own serial numbers
// are for root only, and a machine must draw the same lot whoever asks.
func machineID(host string) string {
	for _, name := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		data, err := os.ReadFile(name)
		if id := strings.TrimSpace(string(data)); err == nil && rollout.UsableID(id) {
			return id + "/" + host
		}
	}
	return ""
}

// inContainer reports whether this is no machine of its own.
func inContainer(getenv func(string) string) bool {
	for _, name := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return getenv("container") != "" || getenv("KUBERNETES_SERVICE_HOST") != ""
}

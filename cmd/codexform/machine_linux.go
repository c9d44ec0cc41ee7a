package main

import (
	"os"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
)

// machineID is that of this installation, which every user may read. The hardware's own
// serial numbers are for root only, and a machine must draw the same lot whoever asks.
func machineID(host string) string {
	var installed []string
	for _, name := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if data, _, err := bounded.File(afero.NewOsFs(), name, 4<<10); err == nil {
			installed = append(installed, string(data))
		}
	}
	return identify(host, nil, installed)
}

// marks are the files that container engines and systemd put into a container.
var marks = []string{"/.dockerenv", "/run/.containerenv", "/run/host/container-manager"}

// engines are what the control groups of a container's first process are named after.
var engines = []string{"/docker", "/kubepods", "/containerd", "/lxc", "/libpod"}

// inContainer reports whether this is no machine of its own.
func inContainer(getenv func(string) string) bool {
	for _, name := range marks {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	if kind, _ := os.ReadFile("/run/systemd/container"); len(kind) > 0 && strings.TrimSpace(string(kind)) != "wsl" {
		return true // WSL is where somebody works, and it stays
	}
	groups, _ := os.ReadFile("/proc/1/cgroup")
	for _, engine := range engines {
		if strings.Contains(string(groups), engine) {
			return true
		}
	}
	return getenv("container") != "" || getenv("KUBERNETES_SERVICE_HOST") != ""
}

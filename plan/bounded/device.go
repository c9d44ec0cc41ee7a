package bounded

import (
	"runtime"
	"slices"
	"strings"
)

// devices are names that Windows keeps for devices, in every folder; older versions do so
// with any extension. COM and LPT have a digit besides.
var devices = []string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}

// Device reports a path that Windows may take for a device instead of a file. On other
// systems no name is one.
func Device(path string) bool { return runtime.GOOS == "windows" && device(path) }

func device(path string) bool {
	if strings.HasPrefix(path, `\\.\`) {
		return true // as Windows spells one out
	}
	name := path[strings.LastIndexAny(path, `/\:`)+1:]
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	if n := len(stem); n == 4 && stem[3] >= '0' && stem[3] <= '9' {
		return stem[:3] == "COM" || stem[:3] == "LPT"
	}
	return slices.Contains(devices, stem)
}

package bounded

import (
	"runtime"
	"testing"
)

func TestDevice(t *testing.T) {
	for path, want := range map[string]bool{
		"CON": true, "nul": true, `C:\keys\aux`: true, `C:\keys\Aux.toml`: true, "aux.config.toml": true, "x/prn ": true, "COM1": true,
		"lpt9.txt": true, "CONIN$": true, `\\.\pipe\x`: true, `\\.\NUL`: true, `C:nul`: true, "con .txt": true,
		"": false, "console": false, "com": false, "COM10": false, "COMx": false, "lpt": false, "config.toml": false, `C:\aux\key`: false,
		"nul-x": false, ".aux": false, `\\?\C:\x`: false, "null": false,
	} {
		if got := device(path); got != want {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
		if runtime.GOOS != "windows" && Device(path) {
			t.Errorf("%q is a device on %s", path, runtime.GOOS)
		}
	}
}

package codextest

import "os/exec"

const binaryName = "codex.exe"

// stopWhole leaves cmd as it is: Windows stops the program alone.
func stopWhole(*exec.Cmd) {}

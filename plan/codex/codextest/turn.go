package codextest

import "testing"

// Turn lets Codex take one turn: codex exec with a prompt, its retries switched off.
func Turn(t testing.TB, home string, env []string, args ...string) Result {
	t.Helper()
	return Run(t, home, env, append([]string{
		"exec", "--skip-git-repo-check",
		"-c", "features.unbounded_connection_retries=false",
	}, append(args, "say hi")...)...)
}

package cli

import (
	"context"
	"path/filepath"

	"github.com/codexform/codexform/cmd/codexform/doctor"
	"github.com/codexform/codexform/cmd/codexform/users"
)

// usualPlaces are folders in which package managers put a Codex, on anybody's PATH or not.
var usualPlaces = []string{"/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/opt/local/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin"}

// copies are all programs called codex that this PATH, or that of somebody else here, may
// lead to.
func copies(env Env) []string {
	if env.OS == "windows" {
		return nil
	}
	var out []string
	for _, dir := range append(filepath.SplitList(env.getenv("PATH")), usualPlaces...) {
		path := filepath.Join(dir, "codex")
		if info, err := env.Fs.Stat(path); err == nil && filepath.IsAbs(path) && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			out = append(out, path)
		}
	}
	return out
}

// people gives the accounts of this machine, to root alone.
func (a *app) people() func() ([]doctor.Person, error) {
	if a.errand != nil || a.env.UID != "0" || !users.Privileged() {
		return nil
	}
	return func() ([]doctor.Person, error) {
		all, err := users.All(context.Background())
		var out []doctor.Person
		for _, account := range all {
			if account.Fault() == nil && account.Homeless() == "" {
				out = append(out, doctor.Person{Name: account.Name, UID: account.UID, Home: account.Home})
			}
		}
		return out, err
	}
}

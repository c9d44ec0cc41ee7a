package sources

import (
	"errors"
	"io"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
)

// World is what a policy may look at outside its own text; main makes the real one.
// Fs and LookupEnv are needed; the rest is only where a policy makes use of it, and what
// is left out counts as empty.
type World struct {
	LookupEnv func(string) (string, bool)
	Environ   func() []string // of the programs that a command source runs
	Fs        afero.Fs        // for YAML files and for files with secrets
	Stdin     io.Reader       // what the file name - means
	Pipes     *bounded.Pipes  // reads FIFOs; nil reads none
	// Texts are policies that their file will hold, by its name: what is on the disk under
	// that name does not count.
	Texts   map[string][]byte
	Dir     string // the working directory, absolute
	Version string // of this codexform, which a policy may require; "" for none

	User, UID, Home, Host, OS string // what ${user} and the like stand for
	// TokenHome is the folder of .vault-token where the work is for another user, whose
	// Home is not looked into; "" is Home.
	TokenHome string
	// Given is the secret of every policy, in place of its own source; nil: the source is asked.
	Given *Given
	// AsWritten leaves every placeholder in its place, for a review: what a policy
	// changes is not about the machine that reviews it.
	AsWritten bool

	// Keyring asks the keyring of the operating system; nil means the real one.
	Keyring func(service, user string) (string, error)
}

// lacks is what a World cannot do without, nil when it is all there.
func (w World) lacks() error {
	switch {
	case w.Fs == nil:
		return errors.New("sources.World: Fs is missing")
	case w.LookupEnv == nil:
		return errors.New("sources.World: LookupEnv is missing")
	}
	return nil
}

func (w World) environ() []string {
	if w.Environ == nil {
		return []string{} // nil would be the environment of this process
	}
	return w.Environ()
}

func (w World) getenv(name string) string {
	value, _ := w.LookupEnv(name)
	return value
}

package sources

import (
	"io"

	"github.com/spf13/afero"
)

// World is what a policy may look at outside its own text; main makes the real one.
type World struct {
	LookupEnv func(string) (string, bool)
	Environ   func() []string // of the programs that a command source runs
	Fs        afero.Fs        // for YAML files and for files with secrets
	Stdin     io.Reader       // what the file name - means
	Dir       string          // the working directory, absolute
	Version   string          // of this codexform, which a policy may require; "" for none

	User, UID, Home, Host, OS string // what ${user} and the like stand for
	// AsWritten leaves every placeholder in its place, for a review: what a policy
	// changes is not about the machine that reviews it.
	AsWritten bool

	// Keyring asks the keyring of the operating system; nil means the real one.
	Keyring func(service, user string) (string, error)
}

func (w World) getenv(name string) string {
	value, _ := w.LookupEnv(name)
	return value
}

package plan

// Names of the files, as plans, the ledger and messages say them. A Codex home has the
// first two. The folder of the machine's own layer has no auth.json, and PinsFile, in
// which root says what no user's file can change.
const (
	ConfigFile = "config.toml"
	AuthFile   = "auth.json"
	PinsFile   = "requirements.toml"
)

// Observed is what the disk said when we looked. Package plan/codex makes it; a
// file that could not be understood has failed there.
type Observed struct {
	Home string // the Codex home, as people know it
	// NoModes says that files have no permission bits there: access is a matter of lists,
	// and no change of a plan speaks of a mode.
	NoModes bool
	Config  Config
	Auth    Auth
	// System says that Home is the folder of the machine's own layer: its files are
	// everybody's to read, and there is Pins in the place of Auth.
	System bool
	Pins   Config // requirements.toml
	Ledger Ledger
	// Exceptions are keys that are not given back, because of what that would leave.
	Exceptions []Exception
}

// Config is config.toml, or requirements.toml, as Codex would read it.
type Config struct {
	Exists bool
	Mode   uint32 // permission bits
	Root   Value  // a table; absent when the file is
}

// Get is the value at an address, a table where the address names one, absent
// where there is nothing.
func (c Config) Get(a Address) Value {
	return c.Root.At(a)
}

// toml is one of the two files in TOML.
func (o Observed) toml(file string) Config {
	if file == PinsFile {
		return o.Pins
	}
	return o.Config
}

// Auth is what auth.json says that matters to us.
type Auth struct {
	Exists bool
	Mode   uint32 // permission bits
	// Key is the OPENAI_API_KEY; not Known when the member is missing or null.
	Key Secret
	// HasMode and AuthMode give the auth_mode member; a null one counts as missing.
	HasMode  bool
	AuthMode string
	// Login reports that the file holds a ChatGPT login (tokens).
	Login bool
	// Stamp tells the file from the same one after somebody wrote it; opaque.
	Stamp string
	// Rival names another credential in the file that Codex would prefer to the
	// key while auth_mode is missing, "" when there is none.
	Rival string
	// Members counts the members that are not ours.
	Members int
}

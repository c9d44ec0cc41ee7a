package codex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/editor"
	"github.com/codexform/codexform/plan/jsonfile"
	"github.com/codexform/codexform/plan/tomlfile"
)

// StateDir is the folder in the Codex home that holds our own state.
const StateDir = ".codexform"

// maxFile bounds what is read of a file, in bytes.
const maxFile = 4 << 20

// maxLedger bounds what is written of the ledger, and leaves room for the same again in
// a line of history.
const maxLedger = maxFile / 2

// FileError is a file of the Codex home that cannot be worked with. Nothing
// was changed.
type FileError struct {
	File       string // "config.toml", "auth.json", ".codexform/ledger.json"
	Damaged    bool   // its content is broken; otherwise it could not be read
	plan.Place        // zero where there is none
	Message    string
	Fix        string
}

// Error is file:line:column: message.
func (e *FileError) Error() string {
	return plan.Origin{File: e.File, Place: e.Place}.String() + ": " + e.Message
}

// Read looks at a Codex home. It cannot write: fsys is wrapped read-only. A missing
// home, a missing file and an empty one are all fine, and three different things;
// a file that Codex could not read is a *FileError.
func Read(fsys afero.Fs, home string) (Snapshot, error) {
	fsys = afero.NewReadOnlyFs(fsys)
	config, err := readFile(fsys, home, plan.ConfigFile)
	if err != nil {
		return Snapshot{}, err
	}
	auth, err := readFile(fsys, home, plan.AuthFile)
	if err != nil {
		return Snapshot{}, err
	}
	ledger, err := readFile(fsys, home, StateDir+"/ledger.json")
	if err != nil {
		return Snapshot{}, err
	}
	return Decode(home, config, auth, ledger.Data)
}

// ReadSystem is Read for the folder of the machine's own layer, whose state lies in
// another one.
func ReadSystem(fsys afero.Fs, home, state string) (Snapshot, error) {
	fsys = afero.NewReadOnlyFs(fsys)
	config, err := readFile(fsys, home, plan.ConfigFile)
	if err != nil {
		return Snapshot{}, err
	}
	pins, err := readFile(fsys, home, plan.PinsFile)
	if err != nil {
		return Snapshot{}, err
	}
	ledger, err := readFile(fsys, state, "ledger.json")
	if err != nil {
		return Snapshot{}, err
	}
	return new(Decoder).DecodeSystem(home, config, pins, ledger.Data)
}

func readFile(fsys afero.Fs, home, name string) (File, error) {
	path := filepath.Join(home, filepath.FromSlash(name))
	data, info, err := bounded.File(fsys, path, maxFile)
	var irregular *bounded.NotRegularError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return File{}, nil
	case errors.As(err, &irregular):
		return File{}, &FileError{File: name, Message: err.Error(), Fix: "move it away: Codex needs a file there"}
	case bounded.Refused(err):
		return File{}, &FileError{File: name, Message: err.Error(), Fix: "look at what fills it: Codex reads it at every start"}
	case errors.Is(err, syscall.ENOTDIR):
		return File{}, noFolder(fsys, home, name)
	case err != nil:
		return File{}, unreadable(name, err)
	}
	return File{Exists: true, Data: data, Mode: permissions(info)}, nil
}

// noFolder says which file is in the way where a folder should be.
func noFolder(fsys afero.Fs, home, name string) error {
	if info, err := fsys.Stat(home); err == nil && info.IsDir() {
		return &FileError{File: name, Message: "its link leads through what is not a folder", Fix: "remove the link"}
	}
	return &FileError{File: name, Message: home + " is not a folder", Fix: "move it away: Codex needs a folder there"}
}

func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	fix := "give this user the right to read it"
	if bounded.Silent(err) {
		fix = "mount its file system again, or unmount it"
	}
	return &FileError{File: name, Message: err.Error(), Fix: fix}
}

// Decode makes a Snapshot of bytes that somebody has read.
func Decode(home string, config, auth File, ledger []byte) (Snapshot, error) {
	return new(Decoder).Decode(home, config, auth, ledger)
}

// Decoder is Decode for bytes that are read time and again: it knows the last two
// config.toml that it saw, or that one of its snapshots rendered.
type Decoder struct {
	known [2]*tomlfile.Document // the latest first
}

// Decode makes a Snapshot of bytes that somebody has read.
func (d *Decoder) Decode(home string, config, auth File, ledger []byte) (Snapshot, error) {
	s := Snapshot{Home: home, Config: config, Auth: auth, Ledger: ledger, decoder: d}
	s.Observed.Home, s.Observed.NoModes = home, noModes
	var err error
	if s.Observed.Config, s.doc, err = d.config(config); err != nil {
		return Snapshot{}, err
	}
	if s.Observed.Auth, err = decodeAuth(auth); err != nil {
		return Snapshot{}, err
	}
	if s.Observed.Ledger, err = DecodeLedger(ledger); err != nil {
		return Snapshot{}, err
	}
	return s, nil
}

// DecodeSystem is Decode for the folder of the machine's own layer, which has a
// requirements.toml and no auth.json.
func (d *Decoder) DecodeSystem(home string, config, pins File, ledger []byte) (Snapshot, error) {
	s, err := d.Decode(home, config, File{}, ledger)
	if err != nil {
		return s, err
	}
	s.Pins, s.Observed.System = pins, true
	s.Observed.Pins, _, err = d.config(pins)
	var bad *FileError
	if errors.As(err, &bad) {
		bad.File = plan.PinsFile
	}
	return s, err
}

func (d *Decoder) config(f File) (plan.Config, *tomlfile.Document, error) {
	if !f.Exists {
		return plan.Config{}, nil, nil
	}
	doc, err := d.document(f.Data)
	if err != nil {
		return plan.Config{}, nil, damagedConfig(err)
	}
	return plan.Config{Exists: true, Mode: f.Mode, Root: doc.Root}, doc, nil
}

func (d *Decoder) document(data []byte) (*tomlfile.Document, error) {
	for _, doc := range d.known {
		if doc != nil && bytes.Equal(doc.Data(), data) {
			return doc, nil
		}
	}
	doc, err := tomlfile.Parse(data)
	if err == nil {
		d.remember(doc)
	}
	return doc, err
}

func (d *Decoder) remember(doc *tomlfile.Document) {
	if d.known[0] != doc {
		d.known = [2]*tomlfile.Document{doc, d.known[0]}
	}
}

func damagedConfig(err error) error {
	var bad *editor.Error
	if !errors.As(err, &bad) {
		return fmt.Errorf("reading %s: %w", plan.ConfigFile, err)
	}
	fix := "mend it there: Codex does not start with it either"
	if bad.Damaged {
		fix = "`codexform apply --repair` keeps it aside and writes a good one"
	}
	return &FileError{File: plan.ConfigFile, Damaged: true, Place: bad.Place, Message: bad.Message, Fix: fix}
}

// rivals are the members of auth.json that Codex prefers to the key while there
// is no auth_mode, in its order (measured with 0.169.0).
var rivals = []string{"personal_access_token", "bedrock_api_key", "bedrock_access_keys"}

func decodeAuth(f File) (plan.Auth, error) {
	if !f.Exists {
		return plan.Auth{}, nil
	}
	members, err := jsonfile.Parse(f.Data, plan.KeyMember[0], plan.ModeMember[0])
	if err != nil {
		return plan.Auth{}, damagedAuth(err)
	}
	a := plan.Auth{Exists: true, Mode: f.Mode, Stamp: f.Stamp}
	for _, m := range members {
		if err := takeMember(&a, m); err != nil {
			return plan.Auth{}, err
		}
	}
	a.Rival = firstRival(members)
	return a, nil
}

// takeMember takes one member of auth.json in.
func takeMember(a *plan.Auth, m jsonfile.Member) error {
	null := bytes.Equal(m.Raw, []byte("null"))
	switch m.Name {
	case plan.KeyMember[0]:
		text, err := stringMember(m, null)
		if err == nil && !null {
			a.Key = plan.NewSecret([]byte(text))
		}
		return err
	case plan.ModeMember[0]:
		text, err := stringMember(m, null)
		a.HasMode, a.AuthMode = !null, text
		return err
	case "tokens":
		a.Login = !null
	}
	a.Members++
	return nil
}

func stringMember(m jsonfile.Member, null bool) (string, error) {
	if null {
		return "", nil
	}
	var text string
	if m.Raw[0] != '"' || json.Unmarshal(m.Raw, &text) != nil {
		return "", &FileError{
			File: plan.AuthFile, Damaged: true, Place: m.Place,
			Message: m.Name + " is not a string: Codex cannot read the file",
			Fix:     "remove the member, or log in with Codex again",
		}
	}
	return text, nil
}

func firstRival(members []jsonfile.Member) string {
	for _, name := range rivals {
		for _, m := range members {
			if m.Name == name && !bytes.Equal(m.Raw, []byte("null")) {
				return name
			}
		}
	}
	return ""
}

func damagedAuth(err error) error {
	var bad *editor.Error
	if !errors.As(err, &bad) {
		return fmt.Errorf("reading %s: %w", plan.AuthFile, err)
	}
	return &FileError{
		File: plan.AuthFile, Damaged: true, Place: bad.Place, Message: bad.Message,
		Fix: "move it away: Codex cannot read it either, and `codexform apply` writes a good one",
	}
}

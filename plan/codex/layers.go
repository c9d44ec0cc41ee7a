package codex

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/tomlfile"
)

// Layer is one file beside config.toml that Codex reads too.
type Layer struct {
	Name string // "managed_config", "requirements" or "system"
	Path string
	Root plan.Value // a table; absent when the file could not be read
	Err  error      // why it could not be read

	Until Version // the first Codex that passes it over; zero where none does
}

// Layers are the files beside config.toml, the strongest first. Files that do
// not exist are not in it.
type Layers []Layer

// The names of layers.
const (
	LayerManaged      = "managed_config" // above config.toml, and above codex -c
	LayerRequirements = "requirements"   // what an administrator demands
	LayerSystem       = "system"         // below config.toml
)

// LayerFile is where a layer lies on a kind of machine.
type LayerFile struct{ Name, Path string }

// LayerFiles are the places of the other layers on an operating system, as in
// runtime.GOOS, the strongest first. programData is %ProgramData% of Windows.
func LayerFiles(goos, programData string) []LayerFile {
	if goos == "windows" {
		dir := dataFolder(programData) + `\OpenAI\Codex\`
		return []LayerFile{{LayerRequirements, dir + "requirements.toml"}, {LayerSystem, dir + "config.toml"}}
	}
	return []LayerFile{
		{LayerManaged, "/etc/codex/managed_config.toml"},
		{LayerRequirements, "/etc/codex/requirements.toml"},
		{LayerSystem, "/etc/codex/config.toml"},
	}
}

// SystemHome is the folder of the machine's own layer, which every user's Codex reads,
// and SystemState where codexform keeps what it remembers of it.
func SystemHome(goos, programData string) string {
	for _, f := range LayerFiles(goos, programData) {
		if f.Name == LayerSystem {
			return strings.TrimRight(strings.TrimSuffix(f.Path, plan.ConfigFile), `/\`)
		}
	}
	return ""
}

// SystemState is the folder of our state of the machine's own layer.
func SystemState(goos, programData string) string {
	switch goos {
	case "darwin":
		return "/Library/Application Support/codexform"
	case "windows":
		return dataFolder(programData) + `\codexform`
	}
	return "/var/lib/codexform"
}

// dataFolder is %ProgramData%, and where it is by default where that says nothing.
func dataFolder(programData string) string {
	if programData == "" {
		return `C:\ProgramData`
	}
	return strings.TrimRight(programData, `/\`)
}

// Over is these layers for whoever writes the machine's own: a user without a file of
// their own, and the requirements as they would be.
func (ls Layers) Over(requirements plan.Value, path string) Layers {
	var out Layers
	for _, l := range ls {
		if l.Name == LayerManaged {
			out = append(out, l)
		}
	}
	if !requirements.IsAbsent() {
		out = append(out, Layer{Name: LayerRequirements, Path: path, Root: requirements})
	}
	return out
}

// ReadLayers reads the layers that exist. One that cannot be read is among them,
// with its Err.
func ReadLayers(fsys afero.Fs, files []LayerFile) Layers {
	var layers Layers
	for _, file := range files {
		data, _, err := bounded.File(fsys, file.Path, maxFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		layers = append(layers, readLayer(file, data, err))
	}
	return layers
}

func readLayer(file LayerFile, data []byte, err error) Layer {
	l := Layer{Name: file.Name, Path: file.Path, Err: err}
	var path *fs.PathError
	if errors.As(err, &path) {
		l.Err = path.Err
	}
	if l.Err != nil {
		return l
	}
	doc, err := tomlfile.Parse(data)
	if err != nil {
		l.Err = err
		return l
	}
	l.Root = doc.Root
	return l
}

// pins are the keys of requirements.toml that set a key of config.toml of the
// same name instead of limiting it.
var pins = []string{
	"model_provider", "model_providers", "cli_auth_credentials_store", "chatgpt_base_url",
	"model_catalog_json", "check_for_update_on_startup", "log_dir", "sqlite_home", "otel",
}

// Merge is config.toml as it counts: over the weaker layers and under the stronger
// ones, with the table of the profile that the key profile chooses. root is not changed.
func (ls Layers) Merge(root plan.Value) plan.Value {
	for _, l := range ls {
		if l.Name == LayerSystem {
			root = overlay(l.Root, root)
		}
	}
	for _, l := range slices.Backward(ls) { // of two, the first is the stronger
		if l.Name == LayerManaged {
			root = overlay(root, l.Root)
		}
	}
	if name, chosen := chosenProfile(root); name != "" {
		root = overlay(root, chosen)
	}
	for _, l := range slices.Backward(ls) {
		if l.Name == LayerRequirements {
			root = pin(root, l.Root)
		}
	}
	return root
}

// overlay is under with every key of over set in it, tables merged.
func overlay(under, over plan.Value) plan.Value {
	if over.IsAbsent() {
		return under
	}
	if under.Kind() != plan.KindTable || over.Kind() != plan.KindTable {
		return over
	}
	var members []plan.Member
	for _, m := range under.Members() {
		members = append(members, plan.Member{Key: m.Key, Value: overlay(m.Value, over.Get(m.Key))})
	}
	for _, m := range over.Members() {
		if under.Get(m.Key).IsAbsent() {
			members = append(members, m)
		}
	}
	return plan.Table(members...)
}

// Pinned is a config.toml as it counts under a requirements.toml.
func Pinned(root, requirements plan.Value) plan.Value {
	if requirements.IsAbsent() {
		return root
	}
	return pin(root, requirements)
}

// pin is root with the pinned keys of requirements replaced whole, providers one by one.
func pin(root, requirements plan.Value) plan.Value {
	root = replace(root, requirements, func(key string) bool { return slices.Contains(pins, key) && key != "model_providers" })
	if theirs := requirements.Get("model_providers"); !theirs.IsAbsent() {
		all := replace(root.Get("model_providers"), theirs, func(string) bool { return true })
		root = replace(root, plan.Table(plan.Member{Key: "model_providers", Value: all}), func(string) bool { return true })
	}
	members := slices.Clone(root.Members())
	if method := onlyLogin(requirements); !method.IsAbsent() {
		members = slices.DeleteFunc(members, func(m plan.Member) bool { return m.Key == loginMethod })
		members = append(members, plan.Member{Key: loginMethod, Value: method})
	}
	return plan.Table(members...)
}

// replace is a table with those members of another that are meant, in the place of its own.
func replace(table, by plan.Value, meant func(key string) bool) plan.Value {
	var members []plan.Member
	for _, m := range table.Members() {
		if !meant(m.Key) || by.Get(m.Key).IsAbsent() {
			members = append(members, m)
		}
	}
	for _, m := range by.Members() {
		if meant(m.Key) {
			members = append(members, m)
		}
	}
	return plan.Table(members...)
}

// loginMethod is the key of config.toml that allowedLogins of requirements.toml stands
// above; the key itself is ignored there.
const (
	loginMethod   = "forced_login_method"
	allowedLogins = "allowed_login_methods"
)

// onlyLogin is the one way to log in that requirements allow, absent when they leave
// a choice.
func onlyLogin(requirements plan.Value) plan.Value {
	if allowed := requirements.Get(allowedLogins).Items(); len(allowed) == 1 {
		return allowed[0]
	}
	return plan.Value{}
}

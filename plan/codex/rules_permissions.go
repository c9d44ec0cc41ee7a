package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// permissionProfiles finds a default that is not there, and profiles without a default.
func (f *finder) permissionProfiles() {
	a := plan.Address{"default_permissions"}
	if _, known := LookupKey(a, f.Version); !known {
		return
	}
	name, profiles := f.merged.At(a), f.merged.Get("permissions")
	f.reservedPermissions(profiles)
	switch builtin := strings.HasPrefix(name.Text(), ":"); {
	case name.IsAbsent() && f.sandboxed(): // the older way to say it counts
	case name.IsAbsent() && len(profiles.Members()) > 0:
		f.stop(plan.Address{"permissions"}, "Codex does not start: [permissions] defines profiles, and default_permissions names none of them", "set default_permissions to one of them")
	case name.IsAbsent():
	case builtin && f.Version.measuredBy().Compare(builtinPermissions) >= 0:
		if !slices.Contains(permissionsOfCodex, name.Text()) {
			f.stop(a, fmt.Sprintf("Codex does not start: it has no built-in permissions %s", name.Text()), "use one of "+strings.Join(permissionsOfCodex, ", "))
		}
	case profiles.Get(name.Text()).IsAbsent():
		f.stop(a, fmt.Sprintf("Codex does not start: default_permissions names %q, and [permissions] has no such profile", name.Text()), "define it, or remove default_permissions")
	default:
		f.selectedPermissions(profiles, name.Text())
	}
}

// sandboxed reports a mode of the sandbox, with which Codex asks for no default of
// permissions.
func (f *finder) sandboxed() bool {
	return f.merged.Get("sandbox_mode").Kind() == plan.KindString || f.profileAbove().Get("sandbox_mode").Kind() == plan.KindString
}

// reservedPermissions finds profiles with a name like those that Codex brings along.
func (f *finder) reservedPermissions(profiles plan.Value) {
	for _, m := range profiles.Members() {
		if strings.HasPrefix(m.Key, ":") && f.Version.measuredBy().Compare(builtinPermissions) >= 0 {
			f.stop(plan.Address{"permissions", m.Key}, fmt.Sprintf("Codex does not start: the name of the permissions %s begins with a colon, as its own do", m.Key), "give them another name")
		}
	}
}

// selectedPermissions looks at the profile in use and those that it extends: of the
// others Codex looks at the form alone.
func (f *finder) selectedPermissions(profiles plan.Value, name string) {
	for seen := []string{}; ; {
		a, profile := plan.Address{"permissions", name}, profiles.Get(name)
		if depth := profile.Get("filesystem").Get("glob_scan_max_depth"); depth.Kind() == plan.KindInt && depth.Int64() == 0 && f.knows("permissions", name, "filesystem", "glob_scan_max_depth") {
			f.stop(append(a, "filesystem", "glob_scan_max_depth"), "Codex does not start when glob_scan_max_depth is 0: it takes a number above 0", "set it to a number above 0, or remove it")
		}
		f.paths(append(a, "filesystem"), profile.Get("filesystem"))
		f.allDenied(append(a, "network", "domains", "*"), profile.Get("network").Get("domains").Get("*"))
		next, seenNow := profile.Get("extends"), append(seen, name)
		switch seen = seenNow; {
		case next.Kind() != plan.KindString || !f.knows("permissions", name, "extends"):
			return
		case strings.HasPrefix(next.Text(), ":"):
			if !slices.Contains(extendable, next.Text()) {
				f.stop(append(a, "extends"), fmt.Sprintf("Codex does not start: no permissions can extend its own %s", next.Text()), "extend "+strings.Join(extendable, " or "))
			}
			return
		case profiles.Get(next.Text()).IsAbsent():
			f.stop(append(a, "extends"), fmt.Sprintf("Codex does not start: the permissions %s extend %q, which is not defined", name, next.Text()), "define it, or remove extends")
			return
		case slices.Contains(seen, next.Text()):
			f.stop(append(a, "extends"), fmt.Sprintf("Codex does not start: the permissions %s extend themselves", next.Text()), "remove extends from one of them")
			return
		}
		name = next.Text()
	}
}

// allDenied finds a network that denies every host: no pattern for that can deny.
func (f *finder) allDenied(a plan.Address, access plan.Value) {
	if access.Text() == "deny" && f.Version.measuredBy().Compare(domainsAreRead) >= 0 && f.knows(a...) {
		f.stop(a, `Codex does not start: the network cannot deny "*"`, "name hosts, or patterns such as *.example.com")
	}
}

// domainsAreRead is the first measured version that looks at the domains of a profile.
var domainsAreRead = Version{0, 120, 0}

// paths finds folders and files of a profile that are none.
func (f *finder) paths(a plan.Address, filesystem plan.Value) {
	for _, m := range filesystem.Members() {
		at := append(slices.Clone(a), m.Key)
		switch key, _ := LookupKey(at, f.Version); {
		case key == nil || !slices.Contains(key.Kinds, "table"): // another setting, such as glob_scan_max_depth
			continue
		case !strings.HasPrefix(m.Key, "/") && !strings.HasPrefix(m.Key, "~/") && m.Key != "~" && !strings.HasPrefix(m.Key, ":") && !windowsPath(m.Key):
			f.stop(at, fmt.Sprintf("Codex does not start: the path %q is neither absolute nor below ~, nor one of its own names, which begin with a colon", m.Key), "write it as /…, ~/… or a name such as :workspace_roots")
		}
		f.globs(at, m.Value)
		f.writesOutside(at, m.Value)
		for _, below := range m.Value.Members() {
			f.globs(append(slices.Clone(at), below.Key), below.Value)
			f.writesOutside(at, below.Value)
			if f.undivided(m.Key, below.Key) {
				f.stop(append(slices.Clone(at), below.Key), fmt.Sprintf("Codex does not start: %s takes no path %q below it", m.Key, below.Key), "give the access to all of it, or name a folder")
			}
			if below.Key == "" || below.Key[0] == '/' || slices.Contains(strings.Split(below.Key, "/"), "..") {
				f.stop(append(at, below.Key), fmt.Sprintf("Codex does not start: the path %q does not lie below %q", below.Key, m.Key), "write it without a leading slash and without ..")
			}
		}
	}
}

// globsDenyOnly is the first measured version that minds every pattern of a path.
var globsDenyOnly = Version{0, 124, 0}

// globs finds patterns that open something: they can only close. A folder with all that
// is below it is none.
func (f *finder) globs(a plan.Address, access plan.Value) {
	path := strings.TrimSuffix(a[len(a)-1], "/**")
	if f.Version.measuredBy().Compare(globsDenyOnly) >= 0 && strings.ContainsAny(path, "*?[") && (access.Text() == "read" || access.Text() == "write") {
		f.stop(a, fmt.Sprintf("Codex does not start: the pattern %q can only deny, not %s", a[len(a)-1], access.Text()), "name the folder itself, or write deny")
	}
}

// undivided reports a name of Codex's own that takes no such path below it.
func (f *finder) undivided(name, path string) bool {
	v := f.Version.measuredBy()
	switch {
	case !strings.HasPrefix(name, ":"):
		return false
	case name == ":minimal", name == ":root", name == ":tmpdir":
		return true
	case !strings.ContainsAny(path, "*?["), v.Compare(globsDenyOnly) < 0:
		return false
	case name == ":project_roots":
		return v.Compare(workspaceRoots) >= 0 && v.Compare(rootsTwice) < 0
	}
	return name != ":workspace_roots" || v.Compare(workspaceRoots) < 0
}

// The first measured versions that call the project's folders :workspace_roots, that take
// the older name again, and that let a profile write elsewhere.
var (
	workspaceRoots = Version{0, 135, 0}
	rootsTwice     = Version{0, 150, 0}
	writesAnywhere = Version{0, 130, 0}
)

// writesOutside finds leave to write outside the project, which old versions have none of.
func (f *finder) writesOutside(a plan.Address, access plan.Value) {
	if path := a[len(a)-1]; access.Text() == "write" && f.Version.measuredBy().Compare(writesAnywhere) < 0 && (path[:min(1, len(path))] != ":" || path == ":tmpdir") {
		f.stop(a, fmt.Sprintf("Codex %s does not start: its permissions cannot let it write to %s, outside the project", f.Version.measuredBy(), path), "have Codex 0.130.0 or newer, or use sandbox_workspace_write.writable_roots")
	}
}

// windowsPath reports a path with a drive or of another machine.
func windowsPath(path string) bool {
	return len(path) > 2 && path[1] == ':' || strings.HasPrefix(path, `\\`)
}

// extendable are the profiles of Codex's own that others can extend.
var extendable = []string{":read-only", ":workspace"}

// permissionsOfCodex are the profiles that Codex brings along; the last measured
// version without them is older than builtinPermissions.
var (
	permissionsOfCodex = []string{":read-only", ":workspace", ":danger-full-access", ":danger-no-sandbox"}
	builtinPermissions = Version{0, 125, 0}
)

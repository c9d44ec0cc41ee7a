package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// reviewRules find what a person should look at before it is applied: they judge
// changes, not what stands, and stop nothing.
func reviewRules() []Rule {
	return []Rule{
		{"new-host", plan.Review, "requests go to another host", (*finder).newHost},
		{"runs-command", plan.Review, "a program is run", (*finder).runsCommand},
		{"opens-sandbox", plan.Review, "something closed is opened", (*finder).opensSandbox},
		{"secret-source", plan.Review, "the key comes from elsewhere", (*finder).secretSource},
		{"confirm-weakened", plan.Review, "less is confirmed", (*finder).confirmWeakened},
		{"telemetry-target", plan.Review, "what is done is reported", (*finder).telemetryTarget},
		{"instructions-file", plan.Review, "what the model is told changes", (*finder).instructionsFile},
	}
}

// moved is one value of config.toml that a plan changes.
type moved struct {
	at            plan.Address // without profiles.NAME in front
	full          plan.Address
	before, after plan.Value
	origin        plan.Origin
}

// moves are the values that the plan changes, tables taken apart.
func (f *finder) moves() []moved {
	if f.moved == nil {
		f.moved = []moved{}
		for _, c := range f.Changes {
			if c.Edits() {
				f.moved = appendMoved(f.moved, c.Address, c.Before, c.After, c.Origin) // a user's secret is masked in them
			}
		}
	}
	return f.moved
}

func appendMoved(out []moved, a plan.Address, before, after plan.Value, origin plan.Origin) []moved {
	if before.Kind() != plan.KindTable && after.Kind() != plan.KindTable {
		if before.Equal(after) {
			return out
		}
		short := a
		if len(a) > 2 && a[0] == "profiles" {
			short = a[2:]
		}
		return append(out, moved{short, a, before, after, origin})
	}
	names := []string{}
	for _, v := range []plan.Value{before, after} {
		if v.Kind() != plan.KindTable {
			continue
		}
		for _, m := range v.Members() {
			if !slices.Contains(names, m.Key) {
				names = append(names, m.Key)
			}
		}
	}
	for _, name := range names {
		out = appendMoved(out, append(slices.Clip(a), name), before.Get(name), after.Get(name), origin)
	}
	if before.Kind() != plan.KindTable && !before.IsAbsent() { // a value makes room for a table
		out = append(out, moved{a, a, before, plan.Value{}, origin})
	}
	if after.Kind() != plan.KindTable && !after.IsAbsent() {
		out = append(out, moved{a, a, plan.Value{}, after, origin})
	}
	return out
}

// review keeps one thing to look at.
func (f *finder) review(origin plan.Origin, format string, args ...any) {
	f.addAt(origin, plan.Review, fmt.Sprintf(format, args...), "")
}

// like reports whether an address is one of the patterns: * is any one segment, a
// final ** any that follow.
func like(a plan.Address, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		want := strings.Split(p, " ")
		if want[len(want)-1] == "**" {
			want = want[:len(want)-1]
			if len(a) < len(want) {
				return false
			}
			a := a[:len(want)]
			return segments(a, want)
		}
		return len(a) == len(want) && segments(a, want)
	})
}

func segments(a plan.Address, want []string) bool {
	for i, w := range want {
		if w != "*" && w != a[i] {
			return false
		}
	}
	return true
}

// newHost looks at every address that something is sent to, and at where the key goes
// once the provider is another one.
func (f *finder) newHost() {
	said := false
	for _, m := range f.moves() {
		if m.after.IsAbsent() || !like(m.at, "model_providers * base_url", "openai_base_url", "chatgpt_base_url", "model_catalog_url", "mcp_servers * url") {
			continue
		}
		if from, to := plan.HostOf(m.before.Text()), plan.HostOf(m.after.Text()); from != to || to == "" {
			f.review(m.origin, "%s: requests go to %s%s", m.full, shownHost(m.after), was(m.before))
			said = true
		}
	}
	before, after := Effective(f.Before.Config.Root, f.Before.Auth, f.Env), Effective(f.Root, f.Auth, f.Env)
	if said || before.Origin() == after.Origin() {
		return
	}
	for _, m := range f.moves() {
		if like(m.at, "model_provider", "model_providers * base_url", "openai_base_url") {
			f.review(m.origin, "%s: the key goes to %s from now on (was %s)", m.full, orNobody(after.Origin()), orNobody(before.Origin()))
			return
		}
	}
}

func orNobody(origin string) string {
	if origin == "" {
		return "nobody"
	}
	return origin
}

// shownHost is a URL's host, and its ASCII form where that is another one.
func shownHost(v plan.Value) string {
	url := plan.ShowURL(v.Text())
	if ascii := asciiHost(v.Text()); ascii != "" {
		return url + " (in ASCII " + ascii + ")"
	}
	return url
}

func was(before plan.Value) string {
	if before.IsAbsent() {
		return ""
	}
	if before.Kind() == plan.KindString {
		return " (was " + plan.ShowURL(before.Text()) + ")"
	}
	return " (was something else)"
}

// loaders are variables that make a program run what they name.
var loaders = []string{
	"PATH", "BASH_ENV", "ENV", "SHELL", "PROMPT_COMMAND", "PS4", "IFS", "EDITOR", "VISUAL", "PAGER", "BROWSER", "NODE_OPTIONS", "NODE_PATH",
	"PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "COMSPEC", "PATHEXT",
}

func loads(name string) bool {
	name = strings.ToUpper(name)
	return slices.Contains(loaders, name) ||
		slices.ContainsFunc([]string{"LD_", "DYLD_", "GIT_", "PYTHON", "NPM_CONFIG_"}, func(p string) bool { return strings.HasPrefix(name, p) })
}

func (f *finder) runsCommand() {
	for _, c := range f.Policy {
		if c.Path[0] == "secret" && !c.After.IsAbsent() && (c.Path[len(c.Path)-1] == "command" || mentions(c.After, "command")) {
			f.review(c.Origin, "%s: %s is run for the key%s", strings.Join(c.Path, "."), c.After, wasValue(c.Before))
		}
	}
	for _, m := range f.moves() {
		if m.after.IsAbsent() {
			continue
		}
		last := m.at[len(m.at)-1]
		switch {
		case like(m.at, "shell_environment_policy set *", "mcp_servers * env *") && !loads(last):
		case like(m.at, "shell_environment_policy set *", "mcp_servers * env *"):
			f.review(m.origin, "%s: %s decides which programs are run%s", m.full, m.after, wasValue(m.before))
		case like(m.at, "mcp_servers * enabled") && m.after.True():
			f.review(m.origin, "%s: this server is started", m.full)
		case like(m.at, "notify", "hooks **", "plugins **", "marketplaces **", "js_repl_node_path", "mcp_servers * command", "mcp_servers * args",
			"model_providers * auth command", "model_providers * auth args", "model_providers * aws **", "model_providers * gateway_oauth **",
			"agents * config_file", "otel headers_helper") || slices.Contains([]string{"command", "headers_helper", "credential_process", "helper"}, last):
			f.review(m.origin, "%s: %s is run%s", m.full, m.after, wasValue(m.before))
		}
	}
}

// mentions reports whether a value has a key of this name somewhere in it.
func mentions(v plan.Value, name string) bool {
	return slices.ContainsFunc(v.Items(), func(i plan.Value) bool { return mentions(i, name) }) ||
		slices.ContainsFunc(v.Members(), func(m plan.Member) bool { return m.Key == name || mentions(m.Value, name) })
}

func wasValue(before plan.Value) string {
	if before.IsAbsent() {
		return ""
	}
	return " (was " + before.String() + ")"
}

// ladders are keys whose values open more from left to right; the first stands for
// what Codex does when nobody says anything.
var ladders = map[string][]string{
	"sandbox_mode":    {"read-only", "workspace-write", "danger-full-access"},
	"approval_policy": {"untrusted", "on-request", "on-failure", "never"},
}

func (f *finder) opensSandbox() {
	for _, m := range f.moves() {
		if opened := f.opened(m); opened != "" {
			f.review(m.origin, "%s: %s%s", m.full, opened, wasValue(m.before))
		}
	}
}

// opened says what a change opens, "" when it opens nothing.
func (f *finder) opened(m moved) string {
	gone, after := m.after.IsAbsent(), m.after.Text()
	if ladder, ok := ladders[m.at[0]]; ok {
		return climbed(m, ladder)
	}
	last := m.at[len(m.at)-1]
	switch {
	case like(m.at, "sandbox_workspace_write network_access", "permissions * network enabled", "features network_proxy") && m.after.True():
		return "the sandbox gets the network"
	case like(m.at, "sandbox_workspace_write writable_roots") && longer(m):
		return "more folders may be written: " + m.after.String()
	case like(m.at, "projects * trust_level") && after == "trusted" && f.wide(m.at[1]):
		return "everything below " + m.at[1] + " is trusted"
	case like(m.at, "shell_environment_policy inherit") && after == "all", like(m.at, "shell_environment_policy ignore_default_excludes") && m.after.True():
		return "commands see every variable, keys among them"
	case like(m.at, "shell_environment_policy exclude", "shell_environment_policy include_only") && (gone || !longer(m)):
		return "commands see more variables"
	case strings.HasSuffix(last, "approval_mode") && (after == "approve" || after == "auto"):
		return "tools run without a question"
	case like(m.at, "default_permissions"):
		return "another set of permissions applies"
	case like(m.at, "permissions **") && (gone || slices.Contains([]string{"allow", "write", "full", "read-write"}, after) || m.after.True()):
		return "what was not allowed may be now"
	case like(m.at, "exec_policy **", "rules **", "mcp_servers * disabled_tools", "mcp_servers * enabled_tools") && (gone || !longer(m)):
		return "a limit is gone"
	}
	return ""
}

func climbed(m moved, ladder []string) string {
	from, to := slices.Index(ladder, m.before.Text()), slices.Index(ladder, m.after.Text())
	switch {
	case m.after.Kind() == plan.KindTable || len(m.at) > 1:
		return "approvals are decided piece by piece"
	case m.after.IsAbsent() && from >= 0 && from < len(ladder)-1:
		return "nobody says any more how far Codex may go"
	case to == len(ladder)-1, to > from && from >= 0:
		return m.after.String() + " opens more"
	}
	return ""
}

// longer reports whether a list has something that it had not.
func longer(m moved) bool {
	return slices.ContainsFunc(m.after.Items(), func(v plan.Value) bool { return !slices.ContainsFunc(m.before.Items(), v.Equal) })
}

// wide reports whether a folder is so high up that trusting it trusts everything.
func (f *finder) wide(folder string) bool {
	folder = strings.TrimRight(strings.ReplaceAll(folder, `\`, "/"), "/")
	folders := strings.FieldsFunc(folder, func(r rune) bool { return r == '/' })
	switch {
	case len(folders) <= 1, folder == "~", strings.Contains(folder, "${home}") && strings.HasSuffix(folder, "${home}"):
		return true
	case len(folders) == 2:
		return slices.Contains([]string{"home", "Users", "users"}, folders[0]) || strings.HasSuffix(folders[0], ":")
	case len(folders) == 3:
		return strings.HasSuffix(folders[0], ":") && strings.EqualFold(folders[1], "users")
	}
	return false
}

func (f *finder) secretSource() {
	var left []string
	for _, c := range f.Policy {
		if c.Path[0] != "secret" && c.Path[0] != "delivery" && c.Path[0] != "provider" {
			continue
		}
		path := strings.Join(c.Path, ".")
		if c.After.IsAbsent() {
			left = append(left, path+" "+c.Before.String())
			continue
		}
		f.review(c.Origin, "%s: %s%s", path, c.After, wasValue(c.Before))
	}
	if len(left) > 0 {
		f.review(plan.Origin{}, "no longer said: %s", strings.Join(left, ", "))
	}
}

func (f *finder) confirmWeakened() {
	for _, c := range f.Policy {
		path := strings.Join(c.Path, ".")
		switch {
		case path == "confirm.enabled" && c.After.Kind() == plan.KindBool && !c.After.True():
			f.review(c.Origin, "%s: the gateway is not asked any more whether the key is good", path)
		case path == "confirm.on_failure" && c.After.Text() == "keep":
			f.review(c.Origin, "%s: what the gateway refuses stays in force", path)
		case path == "confirm.models" && !slices.ContainsFunc(c.After.Items(), func(v plan.Value) bool { return true }),
			path == "confirm.models" && slices.ContainsFunc(c.Before.Items(), func(v plan.Value) bool { return !slices.ContainsFunc(c.After.Items(), v.Equal) }):
			f.review(c.Origin, "%s: fewer models are asked for: %s%s", path, c.After, wasValue(c.Before))
		}
	}
}

func (f *finder) telemetryTarget() {
	for _, m := range f.moves() {
		if !m.after.IsAbsent() && like(m.at, "otel **") && !like(m.at, "otel environment", "otel headers_helper") {
			f.review(m.origin, "%s: %s%s", m.full, m.after, wasValue(m.before))
		}
	}
}

func (f *finder) instructionsFile() {
	for _, m := range f.moves() {
		if !m.after.IsAbsent() && like(m.at, "model_instructions_file", "experimental_instructions_file", "experimental_compact_prompt_file", "instructions",
			"developer_instructions", "base_instructions", "compact_prompt", "project_doc_fallback_filenames", "agents * developer_instructions") {
			f.review(m.origin, "%s: %s%s", m.full, m.after, wasValue(m.before))
		}
	}
}

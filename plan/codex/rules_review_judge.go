package codex

import (
	"slices"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// judge says which rule of severity review a changed value falls under, "" for none,
// and in which words.
func (f *finder) judge(m moved) (rule, text string) {
	if f.wentWithItsServer(m) {
		return "", ""
	}
	return f.judgeAlone(m)
}

// judgeAlone is judge of a value whose table stays.
func (f *finder) judgeAlone(m moved) (rule, text string) {
	switch {
	case isHost(m.at):
		return "new-host", sentElsewhere(m)
	case like(m.at, "model_provider") && len(m.full) > 1:
		return "new-host", f.otherProvider(m)
	case isVariable(m.at):
		if rule, text = variable(m); text == "" {
			rule, text = f.serverTold(m)
		}
		return rule, text
	case ladders[m.at[0]] != nil:
		return "opens-sandbox", opened(climbed(m, ladders[m.at[0]]), m)
	case like(m.at, "features *"), like(m.at, "features * enabled"):
		return "opens-sandbox", opened(feature(m), m)
	case like(m.at, "model_providers * requires_openai_auth"):
		return "secret-source", opened(f.login(m), m)
	case like(m.at, "projects * trust_level"):
		return "opens-sandbox", opened(f.trust(m), m)
	}
	if rule, text, found := watching(m); found {
		return rule, text
	}
	return byNature(m)
}

// wentWithItsServer reports a value of a server of tools that is there no more.
func (f *finder) wentWithItsServer(m moved) bool {
	return m.at[0] == "mcp_servers" && len(m.at) > 2 && m.after.IsAbsent() && f.Root.At(m.full[:len(m.full)-len(m.at)+2]).IsAbsent()
}

// otherProvider says where the requests of a profile go, "" where all others go there.
func (f *finder) otherProvider(m moved) string {
	if m.after.IsAbsent() || m.after.Equal(f.Root.Get("model_provider")) {
		return ""
	}
	where := "requests of this profile go to the provider " + m.after.String()
	if url := f.Root.At(plan.Address{"model_providers", m.after.Text(), "base_url"}); !url.IsAbsent() {
		where += " at " + shownHost(url)
	}
	return opened(where, m)
}

// watching is what the table of watched keys says.
func watching(m moved) (rule, text string, found bool) {
	some := watchedBelow()[m.at[0]]
	i := slices.IndexFunc(some, func(w watched) bool { return like(m.at, w.pattern) })
	if i < 0 {
		return "", "", false
	}
	w := some[i]
	if !w.opens(m) {
		return "", "", true
	}
	if m.after.IsAbsent() {
		return w.rule, opened("no longer said", m), true
	}
	says := w.says
	if kind := m.after.Kind(); !strings.Contains(says, "%s") && kind != plan.KindBool {
		says += ": %s" // a reviewer has to see it
	}
	return w.rule, opened(strings.ReplaceAll(says, "%s", m.after.String()), m), true
}

// watchedBelow is the table by the first segment, which every pattern says.
var watchedBelow = sync.OnceValue(func() map[string][]watched {
	below := map[string][]watched{}
	for _, w := range watch {
		first, _, _ := strings.Cut(w.pattern, " ")
		below[first] = append(below[first], w)
	}
	return below
})

// opened adds what a value was to what is said of it.
func opened(text string, m moved) string {
	if text == "" {
		return ""
	}
	return text + wasValue(m.before)
}

// byNature judges what no table knows: a command is run, an address is sent to, and
// who approves is asked, wherever that stands.
func byNature(m moved) (rule, text string) {
	last := m.at[len(m.at)-1]
	switch {
	case m.after.IsAbsent() && asks(last, m.before.Text()):
		return "opens-sandbox", opened("no longer said", m)
	case m.after.IsAbsent():
		return "", ""
	case slices.Contains([]string{"command", "headers_helper", "credential_process", "helper"}, last):
		return "runs-command", opened(m.after.String()+" is run", m)
	case strings.HasSuffix(last, "approval_mode") && !asks(last, m.after.Text()):
		return "opens-sandbox", opened("tools run without a question: "+m.after.String(), m)
	case last == "approvals_reviewer" && m.after.Text() != "user":
		return "opens-sandbox", opened("nobody is asked: "+m.after.String()+" approves", m)
	case routes(m.at):
		return "new-host", opened("requests are sent with "+m.after.String(), m)
	case strings.Contains(m.after.Text(), "://"):
		return "new-host", sentElsewhere(m)
	case mentions(m.after, "command") && longer(m.before, m.after):
		return "runs-command", opened(m.after.String()+" is run", m)
	case slices.ContainsFunc(m.after.Items(), sends) && longer(m.before, m.after):
		return "new-host", opened("requests may go to "+m.after.String(), m)
	}
	return "", ""
}

// sends reports an address somewhere in an item of a list.
func sends(v plan.Value) bool {
	return strings.Contains(v.Text(), "://") || slices.ContainsFunc(v.Items(), sends) ||
		slices.ContainsFunc(v.Members(), func(m plan.Member) bool { return sends(m.Value) })
}

// asks reports a value with which a person is asked before something is done.
func asks(key, value string) bool {
	return strings.HasSuffix(key, "approval_mode") && value != "approve" && value != "auto" || key == "approvals_reviewer" && value == "user"
}

// routes reports a header or a parameter that may decide who answers, or as whom one asks:
// any that is not known to say something else.
func routes(a plan.Address) bool {
	name := strings.ToLower(a[len(a)-1])
	switch {
	case like(a, "model_providers * http_headers *"), like(a, "mcp_servers * http_headers *"):
		return name != "user-agent" && !strings.HasPrefix(name, "accept")
	case like(a, "model_providers * query_params *"):
		return name != "api-version"
	}
	return false
}

func isHost(a plan.Address) bool {
	return slices.ContainsFunc(hosts, func(p string) bool { return like(a, p) })
}

// sentElsewhere says that another address is sent to, "" where it is the same one. On a
// gateway of many tenants the path is whose it is.
func sentElsewhere(m moved) string {
	before, after := m.before.Text(), m.after.Text()
	if m.after.IsAbsent() || plan.HostOf(after) != "" && lowerHost(before) == lowerHost(after) {
		return ""
	}
	if host := plan.HostOf(after); host != "" && host == plan.HostOf(before) && plan.Plain(after) {
		return "requests go to another path, " + shownHost(m.after) + was(m.before)
	}
	return "requests go to " + shownHost(m.after) + was(m.before)
}

// lowerHost is a URL without what makes no difference: the case of its host, and slashes
// at its end.
func lowerHost(url string) string {
	if plan.Plain(url) { // in other letters it is to be looked at
		if asked, wrong := plan.Asked(url); wrong == "" {
			return asked.String()
		}
	}
	scheme, rest, _ := strings.Cut(strings.TrimRight(url, "/"), "://")
	host, path, _ := strings.Cut(rest, "/")
	return strings.ToLower(scheme+"://"+host) + "/" + path
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
		return " (was " + shownHost(before) + ")"
	}
	return " (was something else)"
}

// loaders are variables that make a program run what they name, or follow the settings
// that lie there, and are not known by how their names end.
var loaders = sync.OnceValue(func() []string {
	return strings.Fields(`BASH_ENV ENV SHELL PS4 IFS VISUAL BROWSER PERL5OPT PERL5LIB RUBYOPT RUBYLIB COMSPEC PATHEXT ZDOTDIR HOME USERPROFILE
	APPDATA GOPROXY KUBECONFIG DOCKER_HOST SSH_AUTH_SOCK LESSOPEN LESSCLOSE LUA_INIT PHPRC CC CXX LD AS SHELLOPTS BASHOPTS WGETRC`)
})

func loads(name string) bool {
	begins := func(p string) bool { return strings.HasPrefix(name, p) }
	ends := func(s string) bool { return strings.HasSuffix(name, s) }
	return slices.Contains(loaders(), name) ||
		slices.ContainsFunc([]string{"LD_", "DYLD_", "GIT_", "PYTHON", "NPM_CONFIG_", "PIP_", "CARGO_", "BASH_FUNC_"}, begins) ||
		slices.ContainsFunc([]string{
			"PATH", "_HOME", "_OPTS", "_OPTIONS", "FLAGS", "PAGER", "EDITOR", "_WRAPPER", "_ASKPASS", "_COMMAND", "_HOOK",
			"_HOOKS", "_PRELOAD", "_CONF", "_CONFIG", "_CONFIG_FILE", "_PROFILER", "_SHELL",
		}, ends)
}

// leads reports a variable that decides where requests go, or whom they believe.
func leads(name string) bool {
	return strings.HasPrefix(name, "SSL_CERT") || strings.Contains(name, "CA_CERT") || strings.Contains(name, "CA_BUNDLE") ||
		name == "NODE_TLS_REJECT_UNAUTHORIZED" || slices.ContainsFunc([]string{
		"_PROXY", "_URL", "_URI", "_ADDR", "_ADDRESS", "_ENDPOINT", "_HOST", "_SERVER", "_REGISTRY", "_MIRROR", "_API_BASE",
	}, func(s string) bool { return strings.HasSuffix(name, s) })
}

func isVariable(a plan.Address) bool {
	return like(a, "shell_environment_policy set *") || like(a, "mcp_servers * env *")
}

func variable(m moved) (rule, text string) {
	name := strings.ToUpper(m.at[len(m.at)-1])
	switch {
	case m.after.IsAbsent():
		return "", ""
	case loads(name):
		return "runs-command", opened(m.after.String()+" decides which programs are run", m)
	case leads(name), strings.Contains(m.after.Text(), "://"):
		return "new-host", opened("requests go by "+m.after.String(), m)
	case strings.ContainsAny(m.after.Text(), `/\`) && name != "TZ":
		return "runs-command", opened(m.after.String()+" may decide what programs run or read", m)
	}
	return "", ""
}

// serverTold looks at a variable of a server of tools that was there before: as much as
// its arguments it decides what the server may do. A new server is looked at for its command.
func (f *finder) serverTold(m moved) (rule, text string) {
	name := strings.ToUpper(m.at[len(m.at)-1])
	quiet := slices.Contains([]string{"LANG", "LANGUAGE", "TZ", "TERM", "NO_COLOR"}, name) || strings.HasPrefix(name, "LC_")
	if server := m.full[:len(m.full)-2]; m.at[0] != "mcp_servers" || quiet || f.Before.Config.Root.At(server).IsAbsent() {
		return "", ""
	}
	if m.after.IsAbsent() {
		return "runs-command", opened("no longer said", m)
	}
	return "runs-command", opened("this server is run with "+m.after.String(), m)
}

// ladders are keys whose values open more from left to right; unsaid is what Codex does
// at most in a trusted folder when nobody says anything.
var ladders = map[string][]string{
	"sandbox_mode":    {"read-only", "workspace-write", "danger-full-access"},
	"approval_policy": {"untrusted", "on-request", "on-failure", "never"},
}

const unsaid = 1

func climbed(m moved, ladder []string) string {
	from, to := slices.Index(ladder, m.before.Text()), slices.Index(ladder, m.after.Text())
	if m.before.IsAbsent() {
		from = unsaid
	}
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

func feature(m moved) string {
	name := m.at[1]
	switch {
	case slices.Contains(openingFeatures(), name) && m.after.True():
		return "Codex may do more"
	case slices.Contains(openingFeatures(), name) && unbarred(m):
		return "nobody says any more that this is off"
	case slices.Contains(guardingFeatures(), name) && unguarded(m):
		return "what protects is off"
	}
	return ""
}

func (f *finder) trust(m moved) string {
	if m.after.Text() == "trusted" && (wide(m.at[1]) || f.holdsHome(m.at[1])) {
		return "everything below " + m.at[1] + " is trusted"
	}
	if m.before.Text() == "untrusted" && m.after.Text() != "untrusted" {
		return "this folder is no longer untrusted"
	}
	return ""
}

// login says that Codex's own login goes to a provider that is not the policy's.
func (f *finder) login(m moved) string {
	if p := f.Desired.Provider; !m.after.True() || p != nil && p.ID == m.at[1] {
		return ""
	}
	return "Codex's own login is sent to this provider"
}

// holdsHome reports a folder in which the Codex home itself lies.
func (f *finder) holdsHome(folder string) bool {
	folder = strings.TrimRight(strings.ReplaceAll(folder, `\`, "/"), "/")
	return strings.HasPrefix(strings.ReplaceAll(f.Before.Home, `\`, "/"), folder+"/")
}

// wide reports whether a folder is so high up that trusting it trusts everything.
func wide(folder string) bool {
	folder = strings.TrimRight(strings.ReplaceAll(folder, `\`, "/"), "/")
	folders := slices.DeleteFunc(strings.Split(folder, "/"), func(s string) bool { return s == "" || s == "." })
	switch {
	case slices.Contains(folders, ".."), len(folders) <= 1, strings.HasSuffix(folder, "${home}"):
		return true
	case len(folders) == 2:
		return slices.Contains([]string{"home", "Users", "users", "var", "tmp", "private"}, folders[0]) || strings.HasSuffix(folders[0], ":")
	case len(folders) == 3:
		return strings.HasSuffix(folders[0], ":") && strings.EqualFold(folders[1], "users")
	}
	return false
}

package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// Permit says whether a gateway may be asked, and with what. Only MaySend gives one
// that allows anything: whoever sends a credential has asked it. The zero Permit
// allows nothing.
type Permit struct {
	access  Access
	key     plan.Secret
	allowed bool
	refusal string
	fix     string
	nothing string
	pending bool
}

// Allowed reports whether the request may be sent.
func (p Permit) Allowed() bool { return p.allowed }

// Refusal is why a credential that is there must not meet its host, with both hosts;
// "" where that is not so.
func (p Permit) Refusal() string { return p.refusal }

// Fix is what to do about a refusal or about nothing to send, where that is something of
// its own; else "".
func (p Permit) Fix() string { return p.fix }

// Nothing is why there is nothing to send, "" where there is.
func (p Permit) Nothing() string { return p.nothing }

// Pending reports that the secret of the desired state, which was not looked up yet,
// could make the difference.
func (p Permit) Pending() bool { return p.pending && !p.allowed }

// Access is what was asked about.
func (p Permit) Access() Access { return p.access }

// Key is what goes behind "Bearer "; not Known where the credential is in the headers
// or the query of the access.
func (p Permit) Key() plan.Secret { return p.key }

// MaySend is the law of pairs: a key goes with its host. It decides whether what an
// access would send may leave this machine.
//
// With a desired state that names a host, by its provider or as a base_url among its
// settings, only that host is asked, and only with the desired state's own credential: the
// key in auth.json where the ledger knows it as ours for that host or it is the desired
// state's secret, a variable or a command that the desired state names. Without one, what
// the files say may be sent, but for a credential that the ledger knows as ours for another
// host.
func MaySend(d plan.Desired, l plan.Ledger, a Access) Permit {
	l.Entries = slices.Clip(l.Entries)
	j := judge{d: d, memory: memory{l}, Permit: Permit{access: a}}
	if base, named := ledTo(d, a); named {
		j.byPolicy(plan.HostOf(base))
	} else {
		j.byFiles()
	}
	return j.Permit
}

// ledTo is the base_url to which the desired state leads Codex, and whether it names one. A
// default that somebody has changed is theirs.
func ledTo(d plan.Desired, a Access) (base string, named bool) {
	if d.Provider != nil {
		return d.Provider.BaseURL, true
	}
	selected := a.Provider
	for _, s := range d.Settings {
		if s.Address.Equal(plan.Address{"model_provider"}) && !s.Default {
			selected = s.Value.Text()
		}
	}
	at := plan.Address{"model_providers", selected, "base_url"}
	if selected == "openai" {
		at = plan.Address{"openai_base_url"}
	}
	for _, s := range d.Settings {
		if !s.Address.Equal(at) {
			continue
		}
		base = s.Value.Text()
		own := selected == a.Provider && plan.HostOf(base) != a.Origin() && a.BaseURL != openAIURL
		return base, !s.Default || !own
	}
	return "", false
}

// ownVariable is the variable from which the desired state has Codex take the key.
func (j *judge) ownVariable() string {
	if j.d.Provider != nil {
		return j.d.Provider.EnvKey
	}
	for _, s := range j.d.Settings {
		if s.Address.Equal(plan.Address{"model_providers", j.access.Provider, "env_key"}) {
			return s.Value.Text()
		}
	}
	return ""
}

// judge is one question under way.
type judge struct {
	Permit
	d       plan.Desired
	memory  memory
	stoodIn bool // the secret took the place of a variable that is not set here
}

func (j *judge) refuse(format string, args ...any) { j.refusal = fmt.Sprintf(format, args...) }

// place is a host for people.
func place(host string) string {
	if host == "" {
		return "no host at all"
	}
	return host
}

// byFiles lets pass what the files say, but for what is ours for another host.
func (j *judge) byFiles() {
	a := j.access
	if a.Origin() == "" {
		if host, known := j.memory.keyHost(); known {
			j.refuse("Codex is led to no host at all, and the key was applied for %s", place(host))
			return
		}
	}
	host, what := j.memory.strangeKey(a, plan.Secret{})
	if what == "" {
		host, what = j.memory.strangeVariable(a)
	}
	if what != "" {
		j.refuse("Codex is led to %s, but the %s was applied for %s", place(a.Origin()), what, place(host))
		return
	}
	j.send(plan.Secret{})
}

// byPolicy lets pass the desired state's host with the desired state's credential.
func (j *judge) byPolicy(host string) {
	a := j.access
	if a.Origin() != host {
		j.refuse("Codex is led to %s, the desired state to %s", place(a.Origin()), place(host))
		return
	}
	secret := j.secret()
	if other, what := j.memory.strangeKey(a, secret); what != "" {
		j.pending = !secret.Known() && j.d.Secret != nil
		j.refuse("Codex is led to %s, but the %s was applied for %s", host, what, place(other))
		return
	}
	if j.d.Provider != nil && j.d.Provider.AuthHeader != "" {
		j.byHeader(secret)
	}
	if j.otherVariable(secret) {
		j.pending = !secret.Known()
		own := j.ownVariable()
		name := plan.ShowName(own)
		j.refuse("%s would get what .env in the Codex home sets %s to, which is not the desired state's secret", host, name)
		j.fix = fmt.Sprintf("remove %s, which sets %s, or give it the desired state's secret there", a.Dotenv[own], name)
		return
	}
	if name := j.foreignField(); name != "" {
		j.refuse("%s would get %s, which stands in the files and not in the desired state", host, name)
		return
	}
	j.credential(host, secret)
}

func (j *judge) secret() plan.Secret {
	if j.d.Secret == nil {
		return plan.Secret{}
	}
	return j.d.Secret.Value
}

// byHeader finds the credential in the header that the desired state gives it, or puts
// the secret there where the variable is not set here.
func (j *judge) byHeader(secret plan.Secret) {
	own := func(f Field) bool {
		return strings.EqualFold(f.Name, j.d.Provider.AuthHeader) && f.Variable == j.d.Provider.EnvKey
	}
	a := &j.access
	_, hidden := a.Dotenv[j.d.Provider.EnvKey] // .env sets it to nothing, over whatever sets it elsewhere
	if i := slices.IndexFunc(a.Unset, own); i >= 0 && !hidden && a.Credential == FromNothing {
		j.pending = !secret.Known() && j.d.Secret != nil
		a.Problem = fmt.Sprintf("the variable %s is not set", plan.ShowName(j.d.Provider.EnvKey))
		if !secret.Known() {
			return
		}
		field := a.Unset[i]
		field.Value = secret
		a.Headers = append(a.Headers[:len(a.Headers):len(a.Headers)], field)
		j.stoodIn = true
	}
	if slices.ContainsFunc(a.Headers, own) && (a.Credential == FromNothing || isHeader(a.Credential)) {
		a.Credential, a.Problem = FromHeader+":"+j.d.Provider.AuthHeader, ""
	}
}

// credential judges what goes as Authorization, by where it comes from.
func (j *judge) credential(host string, secret plan.Secret) {
	switch a := j.access; {
	case a.Credential == FromNothing, a.Credential == FromLogin, a.Credential == FromGateway, isHeader(a.Credential):
		j.send(plan.Secret{}) // nothing, or fields that were judged
	case a.Credential == FromAuthJSON && j.ownKey(host, secret),
		a.Variable() != "" && a.Variable() == j.ownVariable(),
		a.Credential == FromCommand && j.ownCommand():
		j.pending = !secret.Known() && j.d.Secret != nil
		if j.d.Delivery == plan.DeliveryAuthJSON {
			secret = plan.Secret{} // it stands in for nothing
		}
		j.send(secret)
	default:
		j.pending = a.Credential == FromAuthJSON && j.d.ManagesKey() && !secret.Known()
		j.refuse("%s would get the credential from %s, which is not the desired state's for %s", place(a.Origin()), a.Credential, host)
		if j.d.Provider == nil {
			j.fix = "name it in the desired state, such as env_key of that provider, or give a provider and a secret there"
		}
	}
}

// otherVariable reports that the home's .env may give the desired state's variable another
// value than its secret: the name is ours, what it holds is not.
func (j *judge) otherVariable(secret plan.Secret) bool {
	a, name := j.access, j.ownVariable()
	if _, ok := a.Dotenv[name]; !ok || j.d.Secret == nil {
		return false
	}
	differs := func(v plan.Secret) bool { return !v.Known() || !v.Equal(secret) }
	other := func(f Field) bool { return f.Variable == name && differs(f.Value) }
	return a.Variable() == name && differs(a.Secret) || slices.ContainsFunc(slices.Concat(a.Headers, a.Unset), other)
}

// ownKey reports that the key in auth.json is the one that the desired state puts there.
func (j *judge) ownKey(host string, secret plan.Secret) bool {
	key := j.access.Secret
	return j.d.ManagesKey() && (secret.Known() && key.Equal(secret) || j.memory.ours(key, host))
}

// ownCommand reports that Codex would run the program that the desired state names.
func (j *judge) ownCommand() bool {
	at := plan.Address{"model_providers", j.access.Provider, "auth"}
	var argv []string
	for _, s := range j.d.Settings {
		switch {
		case s.Address.Equal(append(at[:3:3], "command")):
			argv = append([]string{s.Value.Text()}, argv...)
		case s.Address.Equal(append(at[:3:3], "args")):
			for _, arg := range s.Value.Items() {
				argv = append(argv, arg.Text())
			}
		}
	}
	return len(argv) > 0 && slices.Equal(argv, j.access.Command.Argv)
}

// foreignField is a header or a parameter with a credential that the desired state
// does not name, "" when there is none.
func (j *judge) foreignField() string {
	for _, f := range j.access.fields() {
		if f.carriesCredential() && !j.names(f) {
			return f.Place + " " + f.shown()
		}
	}
	return ""
}

// names reports that the desired state has a field of its own with that value, or
// from that variable.
func (j *judge) names(f Field) bool {
	return slices.ContainsFunc(j.d.Settings, func(s plan.Setting) bool {
		a := s.Address
		if len(a) != 4 || a[0] != "model_providers" || a[1] != j.access.Provider || a[2] != f.Place || !strings.EqualFold(a[3], f.Name) {
			return false
		}
		if f.Variable != "" {
			return s.Value.Text() == f.Variable
		}
		return s.Value.Text() == string(f.Value.Reveal())
	})
}

// send allows the request, with what Codex would send. standIn takes the place of what
// Codex gets by itself at run time: from a command, or a variable that is not set here.
func (j *judge) send(standIn plan.Secret) {
	a := j.access
	runtime := a.Credential == FromCommand || a.Problem != "" && a.Variable() != ""
	switch {
	case a.Unsure != "":
		j.nothing = a.Unsure
	case a.Secret.Known() && a.Problem == "" && !isHeader(a.Credential):
		j.allowed, j.key = true, a.Secret
	case runtime && standIn.Known():
		j.allowed, j.key = true, standIn
		j.stoodIn = a.Variable() != ""
	case a.Problem != "":
		j.nothing = a.Problem
	case isHeader(a.Credential):
		j.allowed = true
	case a.Credential == FromCommand:
		j.nothing = "Codex gets the credential from a command at run time"
	case a.Credential == FromLogin:
		j.nothing = "Codex would send the tokens of a ChatGPT login"
	case a.Credential == FromGateway:
		j.nothing = "Codex would send the tokens of the provider's own login"
	default:
		j.nothing = fmt.Sprintf("Codex would send no credential to provider %q", plan.ShowText(a.Provider))
	}
	if j.nothing != "" {
		j.fix = a.Fix(j.d)
	}
	if j.stoodIn && j.allowed {
		j.access.Credential = string(j.d.Secret.Ref)
	}
}

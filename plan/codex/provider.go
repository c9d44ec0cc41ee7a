package codex

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
)

const openAIURL = "https://api.openai.com/v1"

// selectedProvider is the provider that Codex uses.
func selectedProvider(root plan.Value) string {
	if id := root.Get("model_provider").Text(); id != "" {
		return id
	}
	return "openai"
}

// builtinProvider is the entry of a provider that Codex brings along and that
// could be a gateway; absent for any other.
func builtinProvider(id string, root plan.Value) plan.Value {
	if id != "openai" {
		return plan.Value{}
	}
	url := openAIURL
	if own := root.Get("openai_base_url").Text(); own != "" {
		url = own
	}
	return plan.Table(
		plan.Member{Key: "name", Value: plan.Str("OpenAI")},
		plan.Member{Key: "base_url", Value: plan.Str(url)},
		plan.Member{Key: "requires_openai_auth", Value: plan.Bool(true)},
	)
}

// credentialCommand is the program that prints the provider's credential, nil
// when there is none.
func credentialCommand(entry plan.Value) *Command {
	for _, t := range []plan.Value{entry.Get("auth"), entry.Get("gateway_oauth").Get("credential_export")} {
		if t.Get("command").Text() == "" {
			continue
		}
		argv := []string{t.Get("command").Text()}
		for _, arg := range t.Get("args").Items() {
			argv = append(argv, arg.Text())
		}
		return &Command{
			Argv:    argv,
			Dir:     t.Get("cwd").Text(),
			Timeout: time.Duration(t.Get("timeout_ms").Int64()) * time.Millisecond,
		}
	}
	return nil
}

// headers are the extra headers of a provider, those called Authorization apart, and
// those whose variable is not set. Codex keeps one of those that differ in case alone: that
// of env_http_headers, and within a table by chance, which is told of a credential.
func headers(entry plan.Value, env Environment) (plain, authorization, unset []Field, chance string) {
	var all []Field
	add := func(f Field) {
		i := slices.IndexFunc(all, func(o Field) bool { return strings.EqualFold(o.Name, f.Name) })
		if i < 0 {
			all = append(all, f)
			return
		}
		if all[i].Place == f.Place && (f.carriesCredential() || all[i].carriesCredential()) {
			chance = fmt.Sprintf("%s has %s and %s, which is one header, and Codex sends one of the two by chance", f.Place, all[i].shown(), f.shown())
		}
		all[i] = f
	}
	for _, f := range fields(entry, httpHeaders) {
		add(f)
	}
	for _, m := range entry.Get(envHeaders).Members() {
		f := Field{Name: m.Key, Place: envHeaders, Variable: m.Value.Text()}
		v := env.Get(f.Variable)
		if v == "" {
			unset = append(unset, f)
			continue
		}
		f.Value = plan.NewSecret([]byte(v))
		add(f)
	}
	for _, f := range all {
		if strings.EqualFold(f.Name, "Authorization") {
			authorization = append(authorization, f)
		} else {
			plain = append(plain, f)
		}
	}
	return plain, authorization, unset, chance
}

// cutQuery says of a query that Codex would not send it whole.
func cutQuery(query []Field) string {
	for _, f := range query {
		if strings.Contains(f.Name+string(f.Value.Reveal()), "#") {
			return fmt.Sprintf("query_params %s holds a #, where Codex ends the query: write %%23", f.shown())
		}
	}
	return ""
}

// The tables of a provider whose members go along with every request.
const (
	httpHeaders = "http_headers"
	envHeaders  = "env_http_headers"
	queryParams = "query_params"
)

func fields(entry plan.Value, place string) []Field {
	var out []Field
	for _, m := range entry.Get(place).Members() {
		out = append(out, Field{Name: m.Key, Value: plan.NewSecret([]byte(m.Value.Text())), Place: place})
	}
	return out
}

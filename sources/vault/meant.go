package vault

import (
	"context"
	"fmt"
	"strings"
)

// Place is where a secret is: what path, mount and field were meant to say.
type Place struct{ Mount, Path, Field string }

// Meant is the place that a path means which holds more than a path: an address, the
// API's v1/, a page of the web interface, the mount, data/ or metadata/, or the field.
// A mount is the one that was given, unless what stands before data/ is another one.
func Meant(mount, path string) Place {
	p := Place{Mount: mount}
	path, p.Field, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	path = strings.Trim(inAPI(path), "/")
	rest, within := strings.CutPrefix(path, mount+"/")
	for within && (strings.HasPrefix(rest, mount+"/data/") || strings.HasPrefix(rest, mount+"/metadata/")) {
		rest = strings.TrimPrefix(rest, mount+"/") // nobody keeps a secret there
	}
	p.Path = withoutKind(rest)
	if before, after, found := cutKind(rest); found && !within && p.Path == rest {
		p.Mount, p.Path = before, after
	}
	return p
}

// inAPI is what follows an address, v1/ or the web interface's own words.
func inAPI(path string) string {
	path = strings.TrimPrefix(path, "vault:")
	if _, rest, found := strings.Cut(path, "://"); found {
		_, path, _ = strings.Cut(rest, "/")
	}
	path = strings.TrimPrefix(strings.TrimLeft(path, "/"), "v1/")
	if page, found := strings.CutPrefix(path, "ui/vault/secrets/"); found {
		verb := "/kv/"
		if strings.Contains(page, "/show/") {
			verb = "/show/"
		}
		path = strings.TrimSuffix(strings.Replace(page, verb, "/", 1), "/details")
	}
	return path
}

// withoutKind is a path without the part that the API puts before one of KV version 2.
func withoutKind(path string) string {
	for _, kind := range []string{"data", "metadata"} {
		if rest, found := strings.CutPrefix(path, kind+"/"); found {
			return rest
		}
		if path == kind {
			return ""
		}
	}
	return path
}

func cutKind(path string) (before, after string, found bool) {
	if before, after, found = strings.Cut(path, "/data/"); !found {
		before, after, found = strings.Cut(path, "/metadata/")
	}
	return before, after, found
}

// meant says how to write what was meant, "" where the place is what it says, or cannot be told.
func (c *Client) meant() string {
	p := Meant(c.config.Mount, c.config.Path)
	if rest, found := strings.CutSuffix(p.Path, "/"+c.config.Field); found && p.Field == "" {
		p.Path = rest // the field has a key of its own, which says so already
	}
	if p.Mount != c.config.Mount || p.Path == c.config.Path || p.Path == "" {
		return ""
	}
	return p.write(c.config)
}

// write is the part of the desired state that says the place.
func (p Place) write(c Config) string {
	text := "path: " + p.Path
	if p.Mount != c.Mount {
		text = "mount: " + p.Mount + " and " + text
	}
	if p.Field != "" {
		text += " with field: " + p.Field
	}
	return text
}

// sure reports a path that begins as only the API's paths do: nobody keeps a secret there.
func (c *Client) sure() bool {
	path := inAPI(c.config.Path)
	return path != c.config.Path || strings.HasPrefix(path, c.config.Mount+"/data/") || strings.HasPrefix(path, c.config.Mount+"/metadata/")
}

// elsewhere says how to write a place whose mount stands in the path, or whose mount: is
// more than the mount, as far as Vault tells of it; "" for none.
func (r *reading) elsewhere(ctx context.Context) string {
	given := r.config.Mount + "/" + r.config.Path
	for _, whole := range []string{r.config.Path, given} {
		whole, field, _ := strings.Cut(inAPI(whole), "#")
		var m mount
		switch {
		case whole == given:
			m = r.mountOf(ctx)
		case strings.Contains(whole, "/"): // a mount and something in it
			m = r.askMount(ctx, whole)
		}
		if !m.known() || m.engine() == "" || m.covers(r.config) {
			continue
		}
		p := Place{m.path, strings.TrimPrefix(whole, m.path+"/"), field}
		if m.engine() == EngineKV2 {
			p.Path = withoutKind(p.Path)
		}
		if p.Path != "" {
			return p.write(r.config)
		}
	}
	return ""
}

// argument is a text as a shell takes it for one word.
func argument(s string) string {
	if strings.ContainsAny(s, " '\"$&|;<>()*?[]#~`\\!") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

func (c *Client) list(path string) string {
	return fmt.Sprintf("vault kv list -mount=%s %s shows what is there", argument(c.config.Mount), argument(parent(path)))
}

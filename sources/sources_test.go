package sources_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
	"github.com/spf13/afero"
	"github.com/zalando/go-keyring"
)

// source reads a policy that has nothing but a provider and a secret.
func source(t *testing.T, w sources.World, secret string) sources.Source {
	t.Helper()
	text := "version: 1\nprovider: {base_url: 'https://gateway.example/v1'}\nsecret: " + secret + "\n"
	if err := afero.WriteFile(w.Fs, filepath.Join(w.Dir, "codex.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := sources.Load(w, []string{filepath.Join(w.Dir, "codex.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	return p.Source
}

// realWorld is a world on the real file system below a folder of its own.
func realWorld(t *testing.T, env map[string]string) sources.World {
	w := world(t, nil, env)
	w.Fs, w.Dir = afero.NewOsFs(), t.TempDir()
	return w
}

func writeFile(t *testing.T, path string, data []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestEnv(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "env:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			return source(t, world(t, nil, map[string]string{"KEY": string(value)}), "{env: KEY}")
		},
		Missing: func(t *testing.T) sources.Source { return source(t, world(t, nil, nil), "{env: KEY}") },
	})
}

func TestFile(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "file:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			w := realWorld(t, nil)
			writeFile(t, filepath.Join(w.Dir, "key"), value, 0o600)
			return source(t, w, "{file: key}")
		},
		Missing: func(t *testing.T) sources.Source { return source(t, realWorld(t, nil), "{file: key}") },
	})
}

func TestCredential(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "credential:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "codex-key"), value, 0o400)
			return source(t, realWorld(t, map[string]string{"CREDENTIALS_DIRECTORY": dir}), "{credential: codex-key}")
		},
		Missing: func(t *testing.T) sources.Source {
			return source(t, realWorld(t, map[string]string{"CREDENTIALS_DIRECTORY": t.TempDir()}), "{credential: codex-key}")
		},
	})
	_, err := source(t, realWorld(t, nil), "{credential: codex-key}").Fetch(t.Context())
	wantError(t, err, sources.KindUnavailable, "credential:codex-key: CREDENTIALS_DIRECTORY is not set")
}

func TestKeyring(t *testing.T) {
	entries := func(value string, err error) sources.World {
		w := world(t, nil, nil)
		w.Keyring = func(service, user string) (string, error) {
			if service != "codex" || user != "ada" {
				return "", errors.New("asked for another entry")
			}
			return value, err
		}
		return w
	}
	const secret = "{keyring: {service: codex, user: '${user}'}}"
	sourcetest.Run(t, sourcetest.Harness{
		Scheme:  "keyring:codex/ada",
		Holding: func(t *testing.T, value []byte) sources.Source { return source(t, entries(string(value), nil), secret) },
		Missing: func(t *testing.T) sources.Source { return source(t, entries("", keyring.ErrNotFound), secret) },
	})
	_, err := source(t, entries("", errors.New("dbus: "+sourcetest.Key)), secret).Fetch(t.Context())
	wantError(t, err, sources.KindUnavailable, "keyring:codex/ada: there is no keyring to ask")
}

// A machine without a session bus has no keyring, and none is started for it.
func TestKeyringWithoutDesktop(t *testing.T) {
	w := world(t, nil, nil)
	if w.Keyring != nil || w.OS != "linux" {
		t.Fatal("this world has a keyring")
	}
	if os.PathSeparator != '/' {
		t.Skip("the session bus is a matter of Linux")
	}
	_, err := source(t, w, "{keyring: {service: codex, user: ada}}").Fetch(t.Context())
	wantError(t, err, sources.KindUnavailable, "keyring:codex/ada: there is no keyring to ask")
}

// With a keyring of the machine, the entry of that service and user is the key.
func TestSystemKeyring(t *testing.T) {
	keyring.MockInit()
	if err := keyring.Set("codex", "ada", sourcetest.Key); err != nil {
		t.Fatal(err)
	}
	w := world(t, nil, map[string]string{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
	got, err := source(t, w, "{keyring: {service: codex, user: ada}}").Fetch(t.Context())
	if err != nil || string(got.Secret.Reveal()) != sourcetest.Key {
		t.Errorf("got %v", err)
	}
	_, err = source(t, w, "{keyring: {service: codex, user: grace}}").Fetch(t.Context())
	wantError(t, err, sources.KindMissing, "keyring:codex/grace: the keyring has no such entry")
}

// A keyring that waits for a person does not keep us for ever.
func TestKeyringDoesNotAnswer(t *testing.T) {
	w := world(t, nil, nil)
	done := make(chan struct{})
	defer close(done)
	w.Keyring = func(string, string) (string, error) { <-done; return "", nil }
	s := source(t, w, "{keyring: {service: codex, user: ada}}")
	_, err := sources.Impatient(s).Fetch(t.Context())
	wantError(t, err, sources.KindTimeout, "keyring:codex/ada: the keyring does not answer")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Fetch(ctx)
	wantError(t, err, sources.KindCanceled, "keyring:codex/ada: interrupted")
}

func TestFieldOfJSON(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "file:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			w := realWorld(t, nil)
			text, err := json.Marshal(map[string]any{"other": 1, "data": map[string]string{"api_key": string(value)}})
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(w.Dir, "keys.json"), text, 0o600)
			return source(t, w, "{file: {path: keys.json, format: json, field: data.api_key}}")
		},
		Missing: func(t *testing.T) sources.Source {
			w := realWorld(t, nil)
			writeFile(t, filepath.Join(w.Dir, "keys.json"), []byte(`{"data": {}}`), 0o600)
			return source(t, w, "{file: {path: keys.json, format: json, field: data.api_key}}")
		},
	})
}

func TestFieldOfDotenv(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "file:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			if bytes.ContainsAny(bytes.TrimSpace(value), "\"\n") || bytes.HasSuffix(value, []byte(" ")) || bytes.HasSuffix(value, []byte("\n\n")) {
				return nil
			}
			w := realWorld(t, nil)
			text := append([]byte("# keys\nOTHER=1\nexport KEY="), append(value, "\nLAST='x'\n"...)...)
			writeFile(t, filepath.Join(w.Dir, ".env"), text, 0o600)
			return source(t, w, "{file: {path: .env, format: dotenv, field: KEY}}")
		},
		Missing: func(t *testing.T) sources.Source {
			w := realWorld(t, nil)
			writeFile(t, filepath.Join(w.Dir, ".env"), []byte("KEYS=1\n"), 0o600)
			return source(t, w, "{file: {path: .env, format: dotenv, field: KEY}}")
		},
	})
}

func TestFieldForms(t *testing.T) {
	const key = sourcetest.Key
	for _, c := range []struct{ format, field, text, want string }{
		{"json", "a", `{"a": "` + key + `"}`, ""},
		{"json", "a.b", `{"a.b": "` + key + `", "a": {"b": "other-other"}}`, ""},
		{"json", "a.b", `{"a": {"b": "` + key + `"}}`, ""},
		{"json", "A", `{"a": "` + key + `"}`, "the file has no such field"},
		{"json", "a", `{"a": 12345678}`, "the field is not a text"},
		{"json", "a", `{"a": null}`, "the field is not a text"},
		{"json", "a", `["a"]`, "the file is not a JSON object"},
		{"json", "a", `{"a": "` + key + `"} x`, "the file is not a JSON object"},
		{"json", "a", ``, "the file is not a JSON object"},
		{"json", "a.b", `{"a": "b"}`, "the file has no such field"},
		{"dotenv", "K", "K=" + key, ""},
		{"dotenv", "K", "K = " + key + " # mine\n", ""},
		{"dotenv", "K", "K=first-first\nK='" + key + "' # mine\n", ""},
		{"dotenv", "K", "export K=\"" + key + "\"\r\n", ""},
		{"dotenv", "K", "#K=" + key, "the file has no such field"},
		{"dotenv", "K", "K='" + key, "the value's quote is not closed on its line"},
		{"dotenv", "K", "", "the file has no such field"},
	} {
		w := realWorld(t, nil)
		writeFile(t, filepath.Join(w.Dir, "f"), []byte(c.text), 0o600)
		got, err := source(t, w, "{file: {path: f, format: "+c.format+", field: "+c.field+"}}").Fetch(t.Context())
		if c.want == "" && (err != nil || string(got.Secret.Reveal()) != key) {
			t.Errorf("%s %q: got %v", c.format, c.text, err)
		}
		if c.want != "" {
			wantError(t, err, sources.KindField, "file:"+filepath.Join(w.Dir, "f")+"#"+c.field+": "+c.want)
		}
	}
}

func TestFirstOf(t *testing.T) {
	const secret = "{first_of: [{env: FIRST}, {env: SECOND}]}"
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "env:FIRST or env:SECOND",
		Holding: func(t *testing.T, value []byte) sources.Source {
			return source(t, world(t, nil, map[string]string{"SECOND": string(value)}), secret)
		},
		Missing: func(t *testing.T) sources.Source { return source(t, world(t, nil, nil), secret) },
	})
}

func TestFirstOfOrder(t *testing.T) {
	const secret = "{first_of: [{env: FIRST}, {env: SECOND}]}"
	other := "other-" + sourcetest.Key
	for _, c := range []struct {
		name, first, second, want, kind string
	}{
		{"the first", sourcetest.Key, other, sourcetest.Key, ""},
		{"the second for an empty one", "", other, other, ""},
		{"no further than a broken one", "two words and more", other, "", sources.KindShape},
	} {
		s := source(t, world(t, nil, map[string]string{"FIRST": c.first, "SECOND": c.second}), secret)
		got, err := s.Fetch(t.Context())
		var e *sources.Error
		switch {
		case c.kind == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.kind == "" && string(got.Secret.Reveal()) != c.want:
			t.Errorf("%s: got the other key", c.name)
		case c.kind != "" && (!errors.As(err, &e) || e.Kind != c.kind):
			t.Errorf("%s: got %v, want kind %s", c.name, err, c.kind)
		}
	}
}

// Resolve names the source that answered.
func TestFirstOfSaysWhich(t *testing.T) {
	w := world(t, map[string]string{"c.yaml": "version: 1\nprovider: {base_url: 'https://g.example/v1'}\n" +
		"secret: {first_of: [{env: FIRST}, {env: SECOND}]}\n"}, map[string]string{"SECOND": sourcetest.Key})
	p, err := sources.Load(w, []string{"c.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := p.Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p.Desired.Secret.Ref != "env:FIRST or env:SECOND" || d.Secret.Ref != "env:SECOND" {
		t.Errorf("got %q, then %q", p.Desired.Secret.Ref, d.Secret.Ref)
	}
}

func wantError(t *testing.T, err error, kind, text string) {
	t.Helper()
	var e *sources.Error
	if !errors.As(err, &e) {
		t.Errorf("got %v, want %s", err, text)
		return
	}
	if e.Kind != kind || e.Error() != text {
		t.Errorf("got %s: %s\nwant %s: %s", e.Kind, e, kind, text)
	}
	if strings.Contains(e.Error()+e.Hint, sourcetest.Key) {
		t.Error("the error holds the key")
	}
}

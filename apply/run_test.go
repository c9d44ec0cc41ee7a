package apply_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

const (
	oldKey  = "sk-old-0000000000000000"
	newKey  = "sk-new-1111111111111111"
	baseURL = "https://gw.example/v1"
)

// answers is a gateway that gives one answer after the other, the last one for
// ever, and does something on the way.
type answers struct {
	classes []gateway.Class
	during  func(call int)
	keys    []plan.Secret
}

func (a *answers) List(_ context.Context, r gateway.Request) gateway.Answer {
	call := len(a.keys)
	a.keys = append(a.keys, r.Key)
	if a.during != nil {
		a.during(call)
	}
	class := a.classes[min(call, len(a.classes)-1)]
	return gateway.Answer{URL: r.BaseURL + "/models", Class: class, Detail: "test"}
}

// ground is a Codex home on a real disk.
type ground struct {
	t    *testing.T
	home string
	now  time.Time
}

func newGround(t *testing.T, files map[string]string) *ground {
	g := &ground{t: t, home: filepath.Join(t.TempDir(), ".codex"), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	if files != nil {
		if err := os.Mkdir(g.home, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		g.write(name, text)
	}
	return g
}

func (g *ground) write(name, text string) {
	g.t.Helper()
	if err := os.WriteFile(filepath.Join(g.home, name), []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

func (g *ground) read(name string) string {
	g.t.Helper()
	data, err := os.ReadFile(filepath.Join(g.home, name))
	if errors.Is(err, os.ErrNotExist) {
		return "(none)"
	}
	if err != nil {
		g.t.Fatal(err)
	}
	return string(data)
}

func (g *ground) wants(name, want string) {
	g.t.Helper()
	if diff := cmp.Diff(want, g.read(name)); diff != "" {
		g.t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// clean wants nothing of ours beside the two files and our state folder.
func (g *ground) clean() {
	g.t.Helper()
	entries, err := os.ReadDir(g.home)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		g.t.Fatal(err)
	}
	for _, e := range entries {
		switch e.Name() {
		case "config.toml", "auth.json", ".codexform", "auth.lock", "auth.json.lock":
		default:
			g.t.Errorf("left behind: %s", e.Name())
		}
	}
}

// options apply a policy with a provider, a model and a key.
func (g *ground) options(gw apply.Gateway, change ...func(*plan.Desired)) apply.Options {
	d := plan.Desired{
		Files: []string{"codex.yaml"}, Digest: "sha256:1", Delivery: plan.DeliveryAuthJSON,
		Provider: &plan.Provider{ID: "gw", BaseURL: baseURL},
		Settings: []plan.Setting{
			{Address: plan.Address{"model_provider"}, Value: plan.Str("gw")},
			{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")},
			{Address: plan.Address{"model_providers", "gw", "name"}, Value: plan.Str("gw")},
			{Address: plan.Address{"model_providers", "gw", "base_url"}, Value: plan.Str(baseURL)},
			{Address: plan.Address{"model_providers", "gw", "requires_openai_auth"}, Value: plan.Bool(true)},
		},
		Secret:  &plan.Wanted{Ref: "env:KEY"},
		Confirm: plan.Confirm{Enabled: true, Models: []string{"gpt-5.4"}, OnFailure: plan.OnFailureRollback},
	}
	for _, c := range change {
		c(&d)
	}
	return apply.Options{
		Home: g.home, UserHome: filepath.Dir(g.home), Desired: d, Gateway: gw, Tool: "test",
		Now: func() time.Time { return g.now },
		Resolve: func(context.Context) (plan.Desired, error) {
			secret := *d.Secret
			secret.Value = plan.NewSecret([]byte(newKey))
			out := d
			out.Secret = &secret
			return out, nil
		},
	}
}

const (
	installedConfig = `model_provider = "gw"
model = "gpt-5.4"

[model_providers.gw]
name = "gw"
base_url = "https://gw.example/v1"
requires_openai_auth = true
`
	installedAuth = "{\n  \"OPENAI_API_KEY\": \"" + newKey + "\"\n}\n"
	livedInConfig = "# mine\nmodel = \"gpt-5\" # yes\n\n[tui]\ntheme = 'x'\n"
	livedInAuth   = `{"OPENAI_API_KEY":"` + oldKey + `","last_refresh":null}`
)

func livedIn() map[string]string {
	return map[string]string{"config.toml": livedInConfig, "auth.json": livedInAuth}
}

func ok() *answers { return &answers{classes: []gateway.Class{gateway.OK}} }

func TestFirstInstall(t *testing.T) {
	g := newGround(t, nil)
	gw := ok()
	got, err := apply.Run(t.Context(), g.options(gw))
	if err != nil || got.Outcome != apply.Applied {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", installedConfig)
	g.wants("auth.json", installedAuth)
	g.clean()
	if len(gw.keys) != 2 || !gw.keys[0].Equal(plan.NewSecret([]byte(newKey))) || got.Credential != codex.FromAuthJSON {
		t.Errorf("%d calls with %s", len(gw.keys), got.Credential)
	}
	for _, name := range []string{"config.toml", "auth.json", ".codexform/ledger.json"} {
		info, err := os.Stat(filepath.Join(g.home, name))
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 { // there lists rule, which apply/commit tests
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if strings.Contains(g.read(".codexform/ledger.json")+g.read(".codexform/history.jsonl"), newKey) {
		t.Error("our state holds the key")
	}
}

func TestNothingToDo(t *testing.T) {
	g := newGround(t, nil)
	if _, err := apply.Run(t.Context(), g.options(ok())); err != nil {
		t.Fatal(err)
	}
	before := g.times()
	o := g.options(ok())
	o.Review = func(context.Context, plan.Plan) error { t.Error("asked about nothing"); return nil }
	got, err := apply.Run(t.Context(), o)
	if err != nil || got.Outcome != apply.Unchanged || got.Confirm == nil {
		t.Fatalf("got %+v, %v", got.Outcome, err)
	}
	if diff := cmp.Diff(before, g.times()); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}

// times are the times of everything in the home.
func (g *ground) times() map[string]time.Time {
	out := map[string]time.Time{}
	err := filepath.Walk(g.home, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			out[path] = info.ModTime()
		}
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return out
}

func TestRefusedBeforeWriting(t *testing.T) {
	for _, class := range []gateway.Class{gateway.Unauthorized, gateway.NotFound, gateway.ModelMissing, gateway.Timeout} {
		g := newGround(t, livedIn())
		before := g.times()
		got, err := apply.Run(t.Context(), g.options(&answers{classes: []gateway.Class{class}}))
		var refused *apply.ConfirmError
		if !errors.As(err, &refused) || refused.Kept || got.Outcome != apply.Refused {
			t.Errorf("%s: got %v, %v", class, got.Outcome, err)
		}
		g.wants("config.toml", livedInConfig)
		g.wants("auth.json", livedInAuth)
		delete(before, g.home) // our state folder came and went
		after := g.times()
		delete(after, g.home)
		if runtime.GOOS == "windows" { // Wine keeps a locked file, and so its folder, until it is closed
			delete(after, filepath.Join(g.home, ".codexform"))
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: something was written:\n%s", class, diff)
		}
	}
}

func TestRefusedAfterWriting(t *testing.T) {
	g := newGround(t, livedIn())
	gw := &answers{classes: []gateway.Class{gateway.OK, gateway.Unauthorized}}
	got, err := apply.Run(t.Context(), g.options(gw))
	var refused *apply.ConfirmError
	if !errors.As(err, &refused) || refused.Kept || got.Outcome != apply.RolledBack {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", livedInConfig)
	g.wants("auth.json", livedInAuth)
	g.wants(".codexform/history.jsonl", "(none)")
	g.clean()
}

func TestRefusedAfterSomebodyEdited(t *testing.T) {
	g := newGround(t, livedIn())
	gw := &answers{classes: []gateway.Class{gateway.OK, gateway.Unauthorized}}
	gw.during = func(call int) {
		if call == 1 {
			g.write("config.toml", strings.Replace(g.read("config.toml"), "[tui]", "[notice]\nseen = true\n\n[tui]", 1))
		}
	}
	got, err := apply.Run(t.Context(), g.options(gw))
	if got.Outcome != apply.RolledBack {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", strings.Replace(livedInConfig, "[tui]", "[notice]\nseen = true\n\n[tui]", 1))
	g.wants("auth.json", livedInAuth)
	g.clean()
}

func TestKeep(t *testing.T) {
	keep := func(d *plan.Desired) { d.Confirm.OnFailure = plan.OnFailureKeep }
	g := newGround(t, livedIn())
	got, err := apply.Run(t.Context(), g.options(&answers{classes: []gateway.Class{gateway.OK, gateway.Unauthorized}}, keep))
	var refused *apply.ConfirmError
	if !errors.As(err, &refused) || !refused.Kept || got.Outcome != apply.Kept {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	if !strings.Contains(g.read("auth.json"), newKey) {
		t.Error("the key is not there")
	}
	g.clean()

	// An outage does not stop it, a definite no does.
	g = newGround(t, livedIn())
	if got, _ := apply.Run(t.Context(), g.options(&answers{classes: []gateway.Class{gateway.Timeout}}, keep)); got.Outcome != apply.Kept {
		t.Errorf("outage: got %v", got.Outcome)
	}
	g = newGround(t, livedIn())
	if got, _ := apply.Run(t.Context(), g.options(&answers{classes: []gateway.Class{gateway.Unauthorized}}, keep)); got.Outcome != apply.Refused {
		t.Errorf("refusal: got %v", got.Outcome)
	}
}

// What Codex writes while the gateway is asked stays, and our keys are planned
// again onto it.
func TestEditDuringProbe(t *testing.T) {
	g := newGround(t, livedIn())
	gw := ok()
	gw.during = func(call int) {
		if call == 0 {
			g.write("config.toml", livedInConfig+"\n[projects.\"/src\"]\ntrust_level = \"trusted\"\n")
		}
	}
	got, err := apply.Run(t.Context(), g.options(gw))
	if err != nil || got.Outcome != apply.Applied {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	text := g.read("config.toml")
	if !strings.Contains(text, "[projects.\"/src\"]\ntrust_level") || !strings.Contains(text, "gpt-5.4") {
		t.Errorf("got:\n%s", text)
	}
	g.clean()
}

// Somebody who changes our key every time in between wins, with exit 6.
func TestKeepsMoving(t *testing.T) {
	g := newGround(t, livedIn())
	o := g.options(ok())
	n := 0
	o.Progress = func(step string) {
		if step == "writing" {
			n++
			g.write("config.toml", "model = \""+strings.Repeat("x", n)+"\"\n")
		}
	}
	got, err := apply.Run(t.Context(), o)
	var stale *apply.StaleError
	if !errors.As(err, &stale) || got.Outcome != apply.Failed {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", "model = \""+strings.Repeat("x", n)+"\"\n")
	g.wants("auth.json", livedInAuth)
	g.clean()
}

// TestCrossedAfterCommit has a slow Codex bring the old host, or the old key, back
// after the commit: the run sees it and mends it, and keeps what Codex wrote.
func TestCrossedAfterCommit(t *testing.T) {
	for name, stale := range map[string]string{
		"config.toml": "# an edit\n" + livedInConfig,
		"auth.json":   strings.Replace(livedInAuth, "null", `"an edit"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t, livedIn())
			o := g.options(ok())
			brought := 0
			o.Access = func(root plan.Value, auth plan.Auth) codex.Access {
				_, intent := os.Stat(filepath.Join(g.home, ".codexform", "intent"))
				if brought == 0 && intent != nil && strings.Contains(g.read("auth.json"), newKey) {
					brought++
					g.write(name, stale)
				}
				return codex.Effective(root, auth, codex.Environment{})
			}
			result, err := apply.Run(t.Context(), o)
			if err != nil || result.Outcome != apply.Applied || !result.KeyChanged || brought != 1 {
				t.Errorf("got %s, %v (%d)", result.Outcome, err, brought)
			}
			got := g.read("config.toml") + g.read("auth.json")
			for _, want := range []string{"an edit", "https://gw.example/v1", "[tui]", newKey} {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in %s", want, got)
				}
			}
			g.clean()
		})
	}
}

func TestDeclined(t *testing.T) {
	g := newGround(t, livedIn())
	no := errors.New("no")
	o := g.options(ok())
	o.Review = func(context.Context, plan.Plan) error { return no }
	if _, err := apply.Run(t.Context(), o); !errors.Is(err, no) {
		t.Fatalf("got %v", err)
	}
	g.wants("config.toml", livedInConfig)
	g.wants(".codexform/ledger.json", "(none)")
}

func TestInterruptedWhileConfirming(t *testing.T) {
	g := newGround(t, livedIn())
	ctx, cancel := context.WithCancel(t.Context())
	gw := &answers{classes: []gateway.Class{gateway.OK, gateway.Canceled}}
	gw.during = func(call int) {
		if call == 1 {
			cancel()
		}
	}
	got, err := apply.Run(ctx, g.options(gw))
	if !errors.Is(err, context.Canceled) || got.Outcome != apply.RolledBack {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", livedInConfig)
	g.wants("auth.json", livedInAuth)
	g.clean()
}

// TestEndsInTime runs against a world in which everything takes its time: the run
// ends by itself, with the old files, and only a person's answer may take longer.
func TestEndsInTime(t *testing.T) {
	const settled = 100 * time.Millisecond // the wait before the key of another host
	pause := func(ctx context.Context, d time.Duration) {
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
	}
	cases := map[string]struct {
		resolve, list, review time.Duration
		meddle                bool // somebody writes whenever the gateway is asked
		want                  time.Duration
		fails                 string
	}{
		"in time":             {20 * time.Second, 30 * time.Second, 0, false, 80*time.Second + settled, ""},
		"too slow":            {40 * time.Second, 30 * time.Second, 0, false, 90 * time.Second, "gave up: the run took longer than 1m30s"},
		"slow from the start": {100 * time.Second, 0, 0, false, 90 * time.Second, "deadline"},
		"a slow person":       {20 * time.Second, 30 * time.Second, time.Hour, false, time.Hour + 80*time.Second + settled, ""},
		"a home that moves":   {0, 50 * time.Second, 0, true, 90 * time.Second, "gave up: the run took longer than 1m30s"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := newGround(t, livedIn())
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				o := g.options(slow(func(ctx context.Context) gateway.Class {
					if calls++; c.meddle {
						g.write("config.toml", fmt.Sprintf("%s# edit %d\n", livedInConfig, calls))
					}
					if pause(ctx, c.list); ctx.Err() != nil {
						return gateway.Timeout
					}
					return gateway.OK
				}))
				resolve := o.Resolve
				o.Resolve = func(ctx context.Context) (plan.Desired, error) {
					if pause(ctx, c.resolve); ctx.Err() != nil {
						return plan.Desired{}, ctx.Err()
					}
					return resolve(ctx)
				}
				o.Review = func(ctx context.Context, _ plan.Plan) error {
					pause(ctx, c.review)
					return ctx.Err()
				}
				start := time.Now()
				_, err := apply.Run(t.Context(), o)
				if took := time.Since(start); took != c.want {
					t.Errorf("took %s, want %s (%v)", took, c.want, err)
				}
				if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
					t.Errorf("got %v, want %q", err, c.fails)
				}
			})
			if c.fails != "" && !c.meddle {
				g.wants("config.toml", livedInConfig)
				g.wants("auth.json", livedInAuth)
			}
			g.clean()
		})
	}
}

// slow is a gateway that is as slow as its function.
type slow func(context.Context) gateway.Class

func (s slow) List(ctx context.Context, r gateway.Request) gateway.Answer {
	return gateway.Answer{URL: r.BaseURL + "/models", Class: s(ctx), Detail: "test"}
}

func TestDestroyGivesTheBytesBack(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"lived in": {"config.toml": livedInConfig, "auth.json": `{"tokens":{"a":1},"auth_mode":"chatgpt"}`},
		"empty":    {},
		"no home":  nil,
	} {
		g := newGround(t, files)
		if _, err := apply.Run(t.Context(), g.options(ok())); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o := g.options(ok())
		o.Desired, o.Resolve, o.Command = plan.Desired{}, nil, "destroy"
		got, err := apply.Run(t.Context(), o)
		if err != nil || got.Outcome != apply.Applied {
			t.Fatalf("%s: got %v, %v", name, got.Outcome, err)
		}
		for _, file := range []string{"config.toml", "auth.json"} {
			want, had := files[file]
			if !had {
				want = "(none)"
			}
			g.wants(file, want)
		}
	}
}

func TestSavedPlan(t *testing.T) {
	g := newGround(t, livedIn())
	snapshot, err := codex.Decode(g.home, codex.File{Exists: true, Data: []byte(livedInConfig), Mode: 0o600}, codex.File{Exists: true, Data: []byte(livedInAuth), Mode: 0o600}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := g.options(ok())
	desired, _ := o.Resolve(t.Context())
	saved := plan.Make(desired, snapshot.Observed).Document("test", g.now)
	run := func(change func(*plan.Document)) error {
		doc := saved
		change(&doc)
		o := g.options(ok())
		o.Saved = &doc
		_, err := apply.Run(t.Context(), o)
		return err
	}
	var stale *apply.StaleError
	if err := run(func(d *plan.Document) { d.Desired.Digest = "sha256:2" }); !errors.As(err, &stale) {
		t.Errorf("another desired state: got %v", err)
	}
	if err := run(func(d *plan.Document) { d.CodexHome = "/other" }); !errors.As(err, &stale) {
		t.Errorf("another home: got %v", err)
	}
	g.write("config.toml", strings.Replace(livedInConfig, "gpt-5", "gpt-4", 1))
	if err := run(func(*plan.Document) {}); !errors.As(err, &stale) || len(stale.Addresses) != 1 || stale.Addresses[0].String() != "model" {
		t.Errorf("a managed key moved: got %v", err)
	}
	g.write("config.toml", livedInConfig+"[projects.x]\ntrust_level = \"trusted\"\n")
	if err := run(func(*plan.Document) {}); err != nil {
		t.Errorf("another key moved: got %v", err)
	}
}

func TestRepair(t *testing.T) {
	g := newGround(t, map[string]string{"config.toml": strings.Repeat("\x00", 40), "auth.json": ""})
	var bad *codex.FileError
	if _, err := apply.Run(t.Context(), g.options(ok())); !errors.As(err, &bad) || !bad.Damaged {
		t.Fatalf("got %v", err)
	}
	o := g.options(ok())
	o.ReplaceDamaged = true
	if got, err := apply.Run(t.Context(), o); err != nil || got.Outcome != apply.Applied {
		t.Fatalf("got %v, %v", got.Outcome, err)
	}
	g.wants("config.toml", installedConfig)
	g.wants("auth.json", installedAuth)
	g.wants("config.toml.damaged-20261123T120000Z", strings.Repeat("\x00", 40))
}

// A saved plan knows the key of a home with a ledger by its fingerprint.
func TestSavedPlanKnowsTheKey(t *testing.T) {
	g := newGround(t, livedIn())
	if _, err := apply.Run(t.Context(), g.options(ok())); err != nil {
		t.Fatal(err)
	}
	o := g.options(ok())
	desired, _ := o.Resolve(t.Context())
	desired.Secret.Value = plan.NewSecret([]byte("sk-another-0123456789"))
	o.Resolve = func(context.Context) (plan.Desired, error) { return desired, nil }
	sight, err := apply.Look(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	saved := sight.Plan.Document("test", g.now)
	g.write("auth.json", `{"OPENAI_API_KEY":"sk-theirs-0123456789"}`)
	o.Saved = &saved
	var stale *apply.StaleError
	if _, err := apply.Run(t.Context(), o); !errors.As(err, &stale) || len(stale.Addresses) != 1 || stale.Addresses[0].String() != "OPENAI_API_KEY" {
		t.Errorf("the key moved: got %v", err)
	}
}

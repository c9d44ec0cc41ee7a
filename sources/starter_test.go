package sources_test

import (
	"math"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
	"github.com/google/go-cmp/cmp"
)

// A starter means what it was made from, whatever the text.
func TestStarterIsReadBack(t *testing.T) {
	texts := []string{
		"plain", "two words", "true", "Yes", "null", "~", "", " ", "1", "1.5", "1e3", "0x1f", "2024-01-01", ".5", "+1", "-",
		"- a", "a: b", "a #b", "#", "a\"b", `a\b`, "'", "[x]", "{x}", "&a", "*a", "!a", "|", ">", "%", "@", "`", "<<", "é", "日本",
		"https://gateway.example/v1", "a:b", "a:", "a,b", "?", "? a", "---", "...", "$${x}",
	}
	for _, s := range texts {
		want := plan.Str(s)
		for name, v := range map[string]plan.Value{"value": want, "list": plan.List(want, plan.Int(1)), "key": plan.Table(plan.Member{Key: s, Value: plan.Bool(true)})} {
			got, problems := sources.Try(world(t, nil, nil), setting("x", v))
			if len(problems) > 0 {
				t.Errorf("%s %q: %v\n%s", name, s, problems, sources.Starter("", []sources.Entry{setting("x", v)}))
				continue
			}
			root := got.Settings[0].Value
			if a := got.Settings[0].Address; len(a) == 2 { // a table is as many settings as it has keys
				root = plan.Table(plan.Member{Key: a[1], Value: root})
			}
			if !root.Equal(v) {
				t.Errorf("%s %q came back as %s", name, s, root)
			}
		}
	}
}

func TestStarterNumbers(t *testing.T) {
	for _, v := range []plan.Value{
		plan.Int(0), plan.Int(-5), plan.Int(math.MaxInt64), plan.Int(math.MinInt64),
		plan.Float(0.5), plan.Float(1), plan.Float(1e21), plan.Float(1e-9), plan.Float(-2.25), plan.Bool(false),
	} {
		got, problems := sources.Try(world(t, nil, nil), setting("x", v))
		if len(problems) > 0 || !got.Settings[0].Value.Equal(v) {
			t.Errorf("%s: %v %v", v, got.Settings, problems)
		}
	}
}

// What a policy cannot say is a problem, not something else.
func TestTryRefuses(t *testing.T) {
	for _, p := range []sources.Entry{
		setting("x", plan.Time("2024-01-01")), setting("x", plan.Float(math.NaN())), setting("x", plan.Float(math.Inf(1))),
		setting("x", plan.Str("a\nb")), setting("x", plan.Str("a\u202eb")), setting("api_key", plan.Str("hunter2hunter2")),
		setting("x", plan.Str("sk-0123456789abcdef")),
		{Key: "nonsense", Value: plan.Bool(true)},
	} {
		if _, problems := sources.Try(world(t, nil, nil), p); len(problems) == 0 {
			t.Errorf("%s: %s is taken", p.Key, p.Value)
		}
	}
}

func TestStarterText(t *testing.T) {
	got := string(sources.Starter("One.\nTwo.", []sources.Entry{
		{Key: "model", Value: plan.Str("m")},
		{Comment: "Why.", Key: "settings", Value: plan.Table(plan.Member{Key: "a", Value: plan.List(plan.Str("b c"))}), Off: true},
	}))
	want := strings.Join([]string{
		"# yaml-language-server: $schema=" + sources.SchemaURL, "# One.", "# Two.", "", "version: 1", "model: m",
		"", "# Why.", "# settings:", "#   a:", `#     - "b c"`, "",
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func setting(key string, v plan.Value) sources.Entry {
	return sources.Entry{Key: "settings", Value: plan.Table(plan.Member{Key: key, Value: v})}
}

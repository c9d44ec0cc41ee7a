package codex_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// appServer is a Codex that answers in another order than it was asked, with other
// messages between, and then reads on until its input closes.
const appServer = `cat <<'END'
{"id":2,"result":{"data":[],"defaultProviderId":"corp","canChangeDefault":false}}
{"method":"configWarning","params":{"summary":"x"}}
not JSON
{"id":0,"result":{"userAgent":"x"}}
{"id":1,"result":{"origins":{"model":{"name":{"type":"user","file":"/h/config.toml"}},"review_model":{"name":{"type":"legacyManagedConfigTomlFromMdm"}},"web_search":{"name":{"type":"enterpriseManaged"}},"projects./a.b.trust_level":{"name":{"type":"system","file":"/etc/codex/config.toml"}}}}}
END
cat >/dev/null`

func TestAsk(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	asked, err := program(t, appServer).Ask(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Error("Codex was not told that the conversation is over")
	}
	if asked.Provider != "corp" || !asked.Pinned {
		t.Errorf("provider %q, pinned %v", asked.Provider, asked.Pinned)
	}
	for key, want := range map[string]string{
		"model": "", "model_provider": "",
		"review_model": "a managed preference of this Mac",
		"web_search":   "the organisation's settings for Codex",
	} {
		if got := asked.Origin(plan.Address{key}); got != want {
			t.Errorf("%s comes from %q, want %q", key, got, want)
		}
	}
	if got := asked.Origin(plan.Address{"projects", "/a.b", "trust_level"}); got != "/etc/codex/config.toml" {
		t.Errorf("a key with dots comes from %q", got)
	}
}

// TestAskOlder: a Codex that does not know every question is heard all the same.
func TestAskOlder(t *testing.T) {
	asked, err := program(t, strings.Replace(appServer, `"id":2,"result"`, `"id":2,"error"`, 1)).Ask(t.Context(), nil)
	if err != nil || asked.Provider != "" || asked.Origin(plan.Address{"review_model"}) == "" {
		t.Errorf("got %+v, %v", asked, err)
	}
}

func TestAskFails(t *testing.T) {
	for name, tc := range map[string]struct{ script, says string }{
		"ends at once":        {"exit 0", "without an answer"},
		"fails":               {"echo no >&2; exit 3", "exit status 3"},
		"refuses":             {`echo '{"id":0,"error":{"message":"sk-secret"}}'`, "without an answer"},
		"is too old":          {`for i in 0 1 2; do echo '{"id":'$i',"error":{"message":"sk-secret"}}'; done; cat`, "too old"},
		"answers in new form": {`echo '{"id":0,"result":1}'; echo '{"id":1,"result":[]}'; echo '{"id":2,"result":{}}'`, "not known here"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := program(t, tc.script).Ask(t.Context(), nil)
			if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "sk-secret") {
				t.Errorf("got %v, want %q in it", err, tc.says)
			}
		})
	}
}

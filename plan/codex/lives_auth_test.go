package codex_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Keys of ours begin with sk-ours-, those of the user with sk-mine-.
var authStarts = []string{
	"none",
	`{}`,
	"{ }\n",
	`{"OPENAI_API_KEY":"sk-mine-00000000"}`,
	"{\n  \"OPENAI_API_KEY\": \"sk-mine-00000000\"\n}\n",
	`{"OPENAI_API_KEY":null}`,
	`{"OPENAI_API_KEY":"sk-ours-00000001"}`,
	`{"auth_mode":"apikey","OPENAI_API_KEY":"sk-mine-00000000"}`,
	`{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"id_token":"a"},"last_refresh":"2026-01-01T00:00:00Z"}`,
	`{"tokens":{"id_token":"a"},"personal_access_token":"b"}`,
	`{"auth_mode":"chatgpt","tokens":{"id_token":"a"}}`,
}

type authHome struct {
	auth   codex.File
	ledger []byte
}

func (h *authHome) apply(d plan.Desired) (plan.Plan, error) {
	s, err := codex.Decode("/h", codex.File{}, h.auth, h.ledger)
	if err != nil {
		return plan.Plan{}, err
	}
	if s.Observed.Ledger.FingerprintKey == nil {
		s.Observed.Ledger.FingerprintKey = []byte("machine")
	}
	p := plan.Make(d, s.Observed)
	r, err := s.Render(p, birthday)
	if err != nil {
		return p, err
	}
	h.auth = r.Auth
	h.ledger, err = codex.EncodeLedger(r.Ledger)
	return p, err
}

func (h *authHome) members() map[string]any {
	var m map[string]any
	_ = json.Unmarshal(h.auth.Data, &m)
	return m
}

// TestLivesOfAuth lives lives of auth.json: keys of ours that rotate, come and go over
// what the user had and does, and a destroy.
func TestLivesOfAuth(t *testing.T) {
	for seed := range uint64(4000) {
		if log, err := liveAuth(rand.New(rand.NewPCG(seed, 2))); err != nil {
			t.Fatalf("life %d: %v\n%s", seed, err, strings.Join(log, "\n"))
		}
	}
}

func liveAuth(r *rand.Rand) (log []string, err error) {
	start := pick(r, authStarts)
	h := &authHome{auth: codex.File{Exists: start != "none", Data: []byte(start), Mode: 0o600}}
	if start == "none" {
		h.auth = codex.File{}
	}
	had := h.members()
	edited, displaced := false, false
	log = append(log, start)
	for range 1 + r.IntN(4) {
		switch k := r.IntN(9); {
		case k < 5:
			d := keyPolicy(fmt.Sprintf("sk-ours-0000000%d", r.IntN(3)))
			before := h.members()["OPENAI_API_KEY"]
			p, err := h.apply(d)
			if err != nil {
				return log, err
			}
			displaces, said := before != nil && strings.HasPrefix(before.(string), "sk-mine"), sayings(p)
			if displaces != strings.Contains(said, "your present key is replaced, and not kept") && !strings.HasPrefix(fmt.Sprint(before), "sk-ours") {
				return log, fmt.Errorf("displaces: %v, but the plan says %q", displaces, said)
			}
			displaced = displaced || strings.Contains(said, "your present key")
			again, err := h.apply(d)
			if err != nil || !again.Empty() {
				return log, fmt.Errorf("a plan after apply is not empty: %v", err)
			}
		case k < 6:
			if _, err := h.apply(plan.Desired{Digest: "none"}); err != nil {
				return log, err
			}
		case k == 7:
			if text, is := strings.CutPrefix(string(h.auth.Data), "{"); is && h.members()["tokens"] == nil && len(h.members()) > 0 {
				h.auth.Data, edited = []byte(`{"tokens":{"id_token":"z"},`+text), true
				had = maps.Clone(had)
				if had == nil {
					had = map[string]any{}
				}
				had["tokens"] = h.members()["tokens"]
			}
		case k < 7:
			h.auth, edited = codex.File{Exists: true, Data: []byte(`{"auth_mode":"apikey","OPENAI_API_KEY":"sk-mine-00000002"}`), Mode: 0o600}, true
			had = h.members()
		default:
			h.auth, edited, had = codex.File{}, true, nil
		}
		log = append(log, string(h.auth.Data))
	}
	if _, err := h.apply(plan.Desired{}); err != nil {
		return log, err
	}
	log = append(log, string(h.auth.Data))
	return log, h.judge(start, had, edited, displaced)
}

func keyPolicy(key string) plan.Desired {
	return plan.Desired{
		Digest: key, Delivery: plan.DeliveryAuthJSON, Secret: &plan.Wanted{Ref: "env:KEY", Value: plan.NewSecret([]byte(key))},
	}
}

func sayings(p plan.Plan) string {
	var out []string
	for _, c := range p.File(plan.AuthFile).Changes {
		out = append(out, c.Reason)
	}
	return strings.Join(out, "\n")
}

// judge is what is wrong with auth.json after a destroy.
func (h *authHome) judge(start string, had map[string]any, edited, displaced bool) error {
	empty := strings.HasPrefix(start, "{") && len(strings.Trim(start, "{} \n")) == 0 && !edited
	got := h.members()
	switch {
	case strings.Contains(string(h.auth.Data), "sk-ours") && had["OPENAI_API_KEY"] != "sk-ours-00000001":
		return fmt.Errorf("a key of ours stays")
	case h.auth.Exists && len(got) == 0 && !empty:
		return fmt.Errorf("{} stays, which is a login to Codex")
	case !edited && !displaced && (h.auth.Exists != (start != "none") || h.auth.Exists && string(h.auth.Data) != start):
		return fmt.Errorf("not as it was: %q", start)
	}
	for name, value := range had {
		if name != "OPENAI_API_KEY" && !reflect.DeepEqual(got[name], value) {
			return fmt.Errorf("%s is %v now", name, got[name])
		}
	}
	return nil
}

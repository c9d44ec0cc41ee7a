package plan_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// past is a home with its history.
type past struct {
	*home
	lines []byte
}

func (p *past) applies(d plan.Desired) {
	p.t.Helper()
	made := plan.Make(d, p.o)
	p.keep(made, "apply")
}

func (p *past) keep(made plan.Plan, command string) {
	p.t.Helper()
	records, err := plan.ParseHistory(p.lines)
	if err != nil {
		p.t.Fatal(err)
	}
	line, err := json.Marshal(made.Record(len(records)+1, command, "test", noon))
	if err != nil {
		p.t.Fatal(err)
	}
	p.o = plan.After(p.o, made, noon)
	p.lines = append(append(p.lines, line...), '\n')
}

func (p *past) back(n int) plan.Plan {
	p.t.Helper()
	records, err := plan.ParseHistory(p.lines)
	if err != nil {
		p.t.Fatal(err)
	}
	made := plan.Rollback(records[n-1:], p.o, func(config plan.Value) string { return config.Get("host").Text() })
	p.keep(made, "rollback")
	return made
}

func TestBack(t *testing.T) {
	c := plan.Str("c")
	cases := map[string]func(p *past){
		"the last one": func(p *past) {
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b)))
			p.back(2)
			p.holds("model", a)
			p.owns(1)
		},
		"several at once": func(p *past) {
			p.edits(key("model", c))
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b), key("personality", b)))
			p.back(1)
			p.holds("model", c)
			p.holds("personality", none)
			p.owns(0)
		},
		"a rollback can be rolled back": func(p *past) {
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b)))
			p.back(2)
			p.back(3)
			p.holds("model", b)
		},
		"the user's edit in between survives": func(p *past) {
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b), key("x", a)))
			p.edits(key("model", c), key("theirs", c))
			made := p.back(2)
			p.holds("model", c)
			p.holds("theirs", c)
			p.holds("x", none)
			if made.Summary().Released != 1 {
				p.t.Errorf("summary: %+v", made.Summary())
			}
		},
		"what was removed comes back": func(p *past) {
			p.edits(key("network_access", c))
			p.applies(forbids("network_access"))
			p.back(1)
			p.holds("network_access", c)
		},
		"the policy wins again at the next apply": func(p *past) {
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b)))
			p.back(2)
			p.applies(wants(key("model", b)))
			p.holds("model", b)
			if made := plan.Make(plan.Desired{}, p.o); made.Summary().Delete != 1 {
				p.t.Errorf("destroy would not remove the key: %+v", made.Summary())
			}
		},
		"destroy after a rollback gives the value from before us": func(p *past) {
			p.edits(key("model", c))
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b)))
			p.back(2)
			p.applies(wants())
			p.holds("model", c)
			p.owns(0)
		},
		"a key of auth.json that was not there goes": func(p *past) {
			p.applies(delivers(newKey))
			p.back(1)
			if p.o.Auth.Exists {
				p.t.Errorf("left: %+v", p.o.Auth)
			}
			p.owns(0)
		},
		"a key that somebody changed since stays": func(p *past) {
			p.applies(delivers(newKey))
			p.o.Auth.Key = secret(oldKey)
			made := p.back(1)
			if made.File(plan.AuthFile).Changed() || !p.o.Auth.Key.Equal(secret(oldKey)) {
				p.t.Error("the key moved")
			}
		},
		"the host stays, and so does its key": func(p *past) {
			p.applies(delivers(oldKey, key("host", a)))
			p.applies(delivers(newKey, key("host", a)))
			made := p.back(2)
			if made.File(plan.AuthFile).Changed() || !p.o.Auth.Key.Equal(secret(newKey)) {
				p.t.Error("the key moved")
			}
			p.owns(2)
		},
		"the key of another host goes with it": func(p *past) {
			p.o.Auth = plan.Auth{Exists: true, Mode: 0o600, Key: secret(oldKey)}
			p.edits(key("host", a))
			p.applies(delivers(newKey, key("host", b)))
			p.back(1)
			p.holds("host", a)
			if p.o.Auth.Key.Known() {
				p.t.Error("a key meets a host that it is not for")
			}
			p.owns(0)
		},
		"a login counts again": func(p *past) {
			p.o.Auth = plan.Auth{Exists: true, Mode: 0o600, HasMode: true, AuthMode: "chatgpt", Login: true}
			p.applies(delivers(newKey))
			p.back(1)
			if p.o.Auth.AuthMode != "chatgpt" {
				p.t.Errorf("auth_mode is %q", p.o.Auth.AuthMode)
			}
		},
	}
	for name, play := range cases {
		t.Run(name, func(t *testing.T) { play(&past{home: newHome(t)}) })
	}
}

func TestParseHistory(t *testing.T) {
	for data, want := range map[string]struct {
		next int
		err  string
	}{
		"":                             {1, ""},
		"{\"n\":7}\n{\"n\":8}":         {9, ""},
		"{\"n\":1}\n\n{\"n\":2}\n":     {3, ""},
		"{\"n\":1}\nnonsense\n":        {0, "history.jsonl:2: not a record of codexform"},
		"{\"n\":1}\n{\"n\":":           {0, "history.jsonl:2: not a record of codexform"},
		"{\"n\":1\n{\"n\":2}\n":        {0, "history.jsonl:1: not a record of codexform"},
		"{\"n\":1\x00}\n{\"n\":2}\n":   {0, "history.jsonl:1: not a record of codexform"},
		"{\"n\":1}\n{\"n\":\"two\"}\n": {0, "history.jsonl:2: not a record of codexform"},
	} {
		_, err := plan.ParseHistory([]byte(data))
		next, nextErr := plan.NextN([]byte(data))
		if next != want.next || said(err) != want.err || said(nextErr) != want.err {
			t.Errorf("%q: next is %d (%v), parsed %v; want %d, %q", data, next, nextErr, err, want.next, want.err)
		}
	}
}

// An apply looks at no record but the last.
func TestNextNIsCheap(t *testing.T) {
	record := `{"n":1,"changes":[{"address":"model","before":["gpt-5"]}]}` + "\n"
	allocations := func(n int) float64 {
		data := []byte(strings.Repeat(record, n))
		return testing.AllocsPerRun(10, func() { plan.NextN(data) })
	}
	if few, many := allocations(10), allocations(1000); many > few+20 {
		t.Errorf("%.0f allocations for 10 records, %.0f for 1000", few, many)
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Reverse takes our keys back out, and nothing else.
func TestReverse(t *testing.T) {
	h := newHome(t, key("model", a))
	h.o.Auth = plan.Auth{Exists: true, Mode: 0o600, Key: secret(oldKey)}
	before := h.o
	d := delivers(newKey)
	d.Settings = []plan.Setting{key("model", b), key("x", b), key("y", b)}
	p := plan.Make(d, h.o)
	h.o = plan.After(h.o, p, noon)
	h.edits(key("theirs", a), key("y", a))
	h.o = plan.After(h.o, plan.Undo(p, before, h.o, noNote), noon)
	h.holds("model", a)
	h.holds("x", none)
	h.holds("y", a) // somebody changed it since: theirs
	h.holds("theirs", a)
	if !h.o.Auth.Key.Equal(secret(oldKey)) {
		t.Error("the old key is not back")
	}
}

// A change of permission bits alone counts, and history keeps it.
func TestModeAlone(t *testing.T) {
	h := newHome(t)
	h.o.Auth = plan.Auth{Exists: true, Mode: 0o644, Key: secret(newKey)}
	p := plan.Make(delivers(newKey), h.o)
	if s := p.Summary(); p.Empty() || s.Update != 1 || s.Create+s.Delete != 0 {
		t.Errorf("summary %+v", s)
	}
	r := p.Record(1, "apply", "test", noon)
	if len(r.Modes) != 1 || r.Modes[0] != (plan.RecordMode{File: plan.AuthFile, Before: "0644", After: "0600"}) || len(r.Changes) != 0 {
		t.Errorf("the record has %+v and %+v", r.Modes, r.Changes)
	}
}

// What a user wrote over a key of ours and we took away again was a secret: a rollback
// does not have it, and writes no mask in its place.
func TestRollbackHasNoSecrets(t *testing.T) {
	p := &past{home: newHome(t)}
	at := plan.Address{"model_providers", "g", "experimental_bearer_token"}
	ours, theirs := plan.Setting{Address: at, Value: a}, plan.Setting{Address: at, Value: plan.Str("hunter2-hunter2")}
	p.applies(wants(ours))
	p.edits(theirs)
	p.applies(wants(ours))
	made := p.back(2)
	if got := p.o.Config.Get(at); !got.Equal(a) {
		t.Errorf("the rollback writes %s", got)
	}
	if c := made.File(plan.ConfigFile).Changes; len(c) != 1 || c[0].Action != plan.Release {
		t.Errorf("changes: %+v", c)
	}
}

// A user's secret that was lost is nobody's any more once the user took the key away.
func TestRollbackForgetsWhatTheUserTookAway(t *testing.T) {
	p := &past{home: newHome(t)}
	at := plan.Address{"model_providers", "g", "experimental_bearer_token"}
	p.edits(plan.Setting{Address: at, Value: plan.Str("hunter2-hunter2")})
	p.applies(wants(plan.Setting{Address: at, Value: a}))
	p.applies(wants())
	p.edits(plan.Setting{Address: at})
	p.applies(wants(plan.Setting{Address: at, Value: b}))
	p.back(2)
	if got := p.o.Config.Get(at); !got.Equal(a) {
		t.Fatalf("the rollback writes %s", got)
	}
	p.applies(wants())
	if got := p.o.Config.Get(at); !got.IsAbsent() {
		t.Errorf("left behind: %s", got)
	}
}

// What somebody wrote over a key of ours is released, and shown to nobody where it may be
// a secret.
func TestReleasedShowsNoSecret(t *testing.T) {
	h := newHome(t)
	at := plan.Address{"model_providers", "g", "experimental_bearer_token"}
	h.apply(wants(plan.Setting{Address: at, Value: a}), actions{at.String(): plan.Create})
	h.edits(plan.Setting{Address: at, Value: plan.Str("hunter2-hunter2")})
	p := h.apply(plan.Desired{Digest: "other"}, actions{at.String(): plan.Release})
	text, err := json.Marshal(p.Document("test", noon))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("hunter2")) || !bytes.Contains(text, []byte("(secret)")) {
		t.Errorf("the plan says %s", text)
	}
	if got := h.o.Config.Get(at).Text(); got != "hunter2-hunter2" {
		t.Errorf("the user's value is %q now", got)
	}
}

// Of a file that an apply made anew from the ground the entries have the notes, and an
// undo finds them there.
func TestUndoHasTheNotesOfAFileMadeAnew(t *testing.T) {
	x := plan.Address{"x"}
	before := plan.Observed{Config: plan.Config{Exists: true, Root: plan.Table()}}
	now := before
	now.Ledger.Entries = []plan.Entry{{File: plan.ConfigFile, Address: x, Last: a, Note: "how"}}
	p := plan.Plan{Files: []plan.FileChange{{
		Path: plan.ConfigFile, Action: plan.Update,
		GiveBack: []plan.Step{{Address: plan.Address{"y"}}}, Set: []plan.Step{{Address: x, Value: a}},
	}}}
	for _, s := range plan.Undo(p, before, now, noNote).File(plan.ConfigFile).Set {
		if s.Address.Equal(x) && s.Note == "how" {
			return
		}
	}
	t.Error("the undo of x is without its note")
}

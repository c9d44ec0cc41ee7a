package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

var (
	publishedLives = flag.Int("published-lives", 40, "how many lives TestLivesOfPublishedFiles lives")
	publishedSeed  = flag.Uint64("published-seed", 0, "the seed of the first of them")
)

// Lives of files as they are found, and of every key that one of them has: a second
// generator, with a model of its own. It reads files with another decoder, knows of the
// program nothing but its commands, and takes keys and values from the whole corpus.

// leaves are the values of a file by their paths, both as JSON.
type leaves map[string]string

func pathOf(key string) (at []string) {
	if err := json.Unmarshal([]byte(key), &at); err != nil {
		panic(err)
	}
	return at
}

func keyOf(at []string) string { return jsonOf(at) }

func jsonOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%q", fmt.Sprint(v)) // inf and nan
	}
	return string(data)
}

// shownOf tells 1 from 1.0, and nothing else apart that JSON does not.
func shownOf(v any) string {
	if _, float := v.(float64); float {
		return "float " + jsonOf(v)
	}
	return jsonOf(v)
}

func readLeaves(text string) (leaves, error) {
	var root map[string]any
	if _, err := toml.Decode(strings.TrimPrefix(text, "\ufeff"), &root); err != nil {
		return nil, err
	}
	out := leaves{}
	var walk func(at []string, v any)
	walk = func(at []string, v any) {
		table, ok := v.(map[string]any)
		if !ok {
			out[keyOf(at)] = shownOf(v)
			return
		}
		for name, below := range table {
			walk(append(slices.Clone(at), name), below)
		}
	}
	walk(nil, root)
	return out, nil
}

func under(at, table []string) bool {
	return len(at) >= len(table) && slices.Equal(at[:len(table)], table)
}

func meets(a, b []string) bool { return under(a, b) || under(b, a) }

// item is one key of a policy.
type item struct {
	kind  string // settings, defaults, absent
	at    []string
	value any
}

// overlay is what a file says that a policy is applied to.
func overlayOf(user leaves, policy []item) leaves {
	out := maps.Clone(user)
	for _, it := range policy {
		switch {
		case it.kind == "absent":
			maps.DeleteFunc(out, func(k, _ string) bool { return under(pathOf(k), it.at) })
		case it.kind == "settings" || !out.occupied(it.at):
			out[keyOf(it.at)] = shownOf(it.value)
		}
	}
	return out
}

func (l leaves) occupied(at []string) bool {
	for k := range l {
		if meets(pathOf(k), at) {
			return true
		}
	}
	return false
}

// published is the corpus: files, and the values that they have for each key.
type published struct {
	files  []string
	values map[string][]any
	keys   []string
}

func readPublished(t *testing.T) *published {
	names, err := filepath.Glob(filepath.Join(corpus, "*.toml"))
	if err != nil || len(names) == 0 {
		t.Fatal("no corpus", err)
	}
	p := &published{values: map[string][]any{}}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readLeaves(string(data)); err != nil {
			continue // one that is to be refused
		}
		if _, err := tomlfile.Parse(data); err != nil {
			continue
		}
		p.learn(string(data))
		if !strings.HasSuffix(name, ".want.toml") {
			p.files = append(p.files, string(data))
		}
	}
	p.keys = slices.Sorted(maps.Keys(p.values))
	return p
}

// learn notes the values of a file that a policy can say.
func (p *published) learn(text string) {
	var root map[string]any
	toml.Decode(strings.TrimPrefix(text, "\ufeff"), &root)
	var walk func(at []string, v any)
	walk = func(at []string, v any) {
		if table, ok := v.(map[string]any); ok {
			for name, below := range table {
				walk(append(slices.Clone(at), name), below)
			}
			return
		}
		if sayable(v) && !slices.ContainsFunc(p.values[keyOf(at)], func(w any) bool { return jsonOf(w) == jsonOf(v) }) {
			p.values[keyOf(at)] = append(p.values[keyOf(at)], v)
		}
	}
	walk(nil, root)
}

func sayable(v any) bool {
	switch v := v.(type) {
	case string:
		return !strings.ContainsAny(v, "$\x00") && !strings.Contains(v, "{{")
	case int64, bool:
		return true
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { _, text := e.(string); return !text || !sayable(e) })
	}
	return false
}

// publishedLife is one file in one home.
type publishedLife struct {
	commandLife
	from    *published
	user    leaves // what the user has, or would have without us
	policy  []item // in force
	states  []publishedState
	quiet   bool // nobody else writes
	edited  bool
	forward bool // somebody wrote where a rollback would have to know whose it is
	n       int
	applied int
	refused int
}

// publishedState is what a rollback goes back to.
type publishedState struct {
	user   leaves
	policy []item
}

// TestLivesOfPublishedFiles lives lives of published files.
func TestLivesOfPublishedFiles(t *testing.T) {
	from := readPublished(t)
	wrong, applied, refused := 0, 0, 0
	lives := few(*publishedLives)
	for seed := *publishedSeed; seed < *publishedSeed+uint64(lives); seed++ {
		l := &publishedLife{from: from}
		l.commandLife = commandLife{t: t, r: rand.New(rand.NewPCG(seed, 7)), home: filepath.Join(t.TempDir(), "home")}
		if err := l.live(); err != nil {
			if wrong++; wrong <= 5 {
				t.Errorf("life %d: %v\n%s", seed, err, strings.Join(l.said, "\n"))
			}
		}
		applied, refused = applied+l.applied, refused+l.refused
	}
	t.Logf("%d lives of published files, %d applies and %d refused, %d wrong", lives, applied, refused, wrong)
	if wrong > 0 || applied < lives {
		t.Fail()
	}
}

func (l *publishedLife) live() error {
	start := l.from.files[l.r.IntN(len(l.from.files))]
	if err := os.MkdirAll(l.home, 0o700); err != nil {
		return err
	}
	l.write(start)
	l.said = append(l.said, "start\n"+start)
	l.user, _ = readLeaves(start)
	l.quiet = l.r.IntN(2) == 0
	for range 1 + l.r.IntN(7) {
		if err := l.step(); err != nil {
			return err
		}
		if l.lost() {
			return nil // said by the plan: what may be a secret is not kept
		}
	}
	if err := l.destroy(); err != nil {
		return err
	}
	if got := l.config(); !l.edited && got != start {
		return fmt.Errorf("destroy leaves other bytes")
	}
	return nil
}

func (l *publishedLife) lost() bool {
	return strings.Contains(l.said[len(l.said)-1], "will not come back")
}

func (l *publishedLife) step() error {
	switch k := l.r.IntN(10); {
	case k < 5:
		return l.apply()
	case k < 7:
		return l.rollback()
	case k < 8:
		return l.destroy()
	case l.quiet:
		return l.apply()
	}
	return l.edit()
}

func (l *publishedLife) write(text string) {
	if err := os.WriteFile(filepath.Join(l.home, "config.toml"), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// records are how many applies history knows.
func (l *publishedLife) records() int {
	data, _ := os.ReadFile(filepath.Join(l.home, ".codexform", "history.jsonl"))
	return bytes.Count(data, []byte("\n"))
}

// holds wants the file to say what the model says.
func (l *publishedLife) holds() error {
	got, err := readLeaves(strings.Replace(l.config(), "(none)", "", 1))
	if err != nil {
		return err
	}
	want := overlayOf(l.user, l.policy)
	for k, v := range got {
		if _, there := want[k]; !there && l.keeps(pathOf(k)) {
			l.user = maps.Clone(l.user)
			l.user[k], want[k], l.forward = v, v, true
		}
	}
	if !maps.Equal(got, want) {
		var out []string
		for _, k := range slices.Sorted(maps.Keys(overlayOf(want, nil))) {
			if got[k] != want[k] {
				out = append(out, fmt.Sprintf("%s is %s, not %s", k, got[k], want[k]))
			}
		}
		for k, v := range got {
			if _, there := want[k]; !there {
				out = append(out, fmt.Sprintf("%s is %s, not wanted", k, v))
			}
		}
		return fmt.Errorf("%s", strings.Join(out, "\n"))
	}
	return nil
}

// keeps reports whether the last plan said that a key of ours stays, because Codex
// refuses the keys of the user's beside it without it.
func (l *publishedLife) keeps(at []string) bool {
	return l.edited && slices.Contains([]string{"name", "base_url", "command"}, at[len(at)-1]) &&
		strings.Contains(l.said[len(l.said)-1], "kept: keys of yours are in "+plan.Address(at[:len(at)-1]).String()+",")
}

func (l *publishedLife) apply() error {
	policy := l.wishes()
	path := l.policyFile(policy)
	before, count := l.config(), l.records()
	was := publishedState{l.user, l.policy}
	if code := l.run("apply", "--auto-approve", "-f", path); code != 0 {
		l.refused++
		if l.config() != before || l.records() != count || code == 70 {
			return fmt.Errorf("exit %d, and something changed", code)
		}
		return nil
	}
	l.applied++
	l.policy = policy
	if l.records() > count {
		l.states = append(l.states, was)
	}
	if l.lost() {
		return nil
	}
	if err := l.holds(); err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	if code := l.run("plan", "--detailed-exitcode", "-f", path); code != 0 {
		return fmt.Errorf("a plan after apply: exit %d", code)
	}
	return nil
}

func (l *publishedLife) destroy() error {
	count, was := l.records(), publishedState{l.user, l.policy}
	if code := l.run("destroy", "--auto-approve"); code != 0 {
		return fmt.Errorf("destroy: exit %d", code)
	}
	l.policy = nil
	if l.records() > count {
		l.states = append(l.states, was)
	}
	return l.holds()
}

func (l *publishedLife) rollback() error {
	if l.forward || len(l.states) == 0 {
		return nil
	}
	n := len(l.states)
	if l.r.IntN(2) == 0 {
		n = 1 + l.r.IntN(n)
	}
	count, was := l.records(), publishedState{l.user, l.policy}
	args := []string{"rollback", fmt.Sprint(n), "--auto-approve"}
	if n == len(l.states) && l.r.IntN(2) == 0 {
		args = []string{"rollback", "--auto-approve"}
	}
	if code := l.run(args...); code != 0 {
		return fmt.Errorf("rollback: exit %d", code)
	}
	l.user, l.policy = l.states[n-1].user, l.states[n-1].policy
	if l.records() > count {
		l.states = append(l.states, was)
	}
	return l.holds()
}

// edit is somebody else's hand.
func (l *publishedLife) edit() error {
	l.n++
	text := strings.Replace(l.config(), "(none)", "", 1)
	switch l.r.IntN(5) {
	case 0:
		l.own([]string{fmt.Sprintf("zz_mine_%d", l.n)}, int64(l.n))
		text = atTop(text, fmt.Sprintf("zz_mine_%d = %d # mine\n", l.n, l.n))
	case 1:
		l.own([]string{fmt.Sprintf("zz_table_%d", l.n), "k"}, "v")
		text = strings.TrimRight(text, "\n") + fmt.Sprintf("\n\n# mine\n[zz_table_%d]\nk = \"v\"\n", l.n)
	case 2:
		return l.overwrite()
	case 3:
		var root map[string]any
		var out bytes.Buffer
		if _, err := toml.Decode(strings.TrimPrefix(text, "\ufeff"), &root); err != nil {
			return err
		}
		if err := toml.NewEncoder(&out).Encode(root); err != nil {
			return nil
		}
		if now, err := readLeaves(out.String()); err != nil || l.sameAs(now) != nil {
			return nil // that encoder does not know how to say it
		}
		text = out.String()
	case 4:
		return l.neighbour()
	}
	l.edited = true
	l.write(text)
	l.said = append(l.said, "the user writes\n"+text)
	return l.holds()
}

func (l *publishedLife) sameAs(got leaves) error {
	if !maps.Equal(got, overlayOf(l.user, l.policy)) {
		return fmt.Errorf("not the same")
	}
	return nil
}

func atTop(text, line string) string {
	bom := strings.HasPrefix(text, "\ufeff")
	text = line + strings.TrimPrefix(text, "\ufeff")
	if bom {
		text = "\ufeff" + text
	}
	return text
}

// own makes a key the user's, now and in every state that a rollback goes back to.
func (l *publishedLife) own(at []string, v any) {
	key, value := keyOf(at), shownOf(v)
	with := func(user leaves) leaves {
		user = maps.Clone(user)
		user[key] = value
		return user
	}
	for i := range l.states {
		l.states[i].user = with(l.states[i].user)
	}
	l.user = with(l.user)
}

// overwrite changes a setting of ours, or takes it away; the next step is an apply that
// names it or does not.
func (l *publishedLife) overwrite() error {
	i := slices.IndexFunc(l.policy, func(it item) bool { return it.kind == "settings" })
	if i < 0 {
		return nil
	}
	at := l.policy[i].at
	e := tomlfile.Edit{Address: at}
	user := maps.Clone(l.user)
	delete(user, keyOf(at))
	if l.r.IntN(3) > 0 {
		e.Value = plan.Str("theirs")
		user[keyOf(at)] = `"theirs"`
	}
	if err := l.types(e); err != nil {
		return nil
	}
	if l.r.IntN(2) == 0 { // seen as drift, and ours again
		path := l.policyFile(l.policy)
		if code := l.run("plan", "--detailed-exitcode", "-f", path); code != 2 && code != 3 {
			return fmt.Errorf("a plan after somebody's edit: exit %d", code)
		}
		count := l.records()
		if code := l.run("apply", "--auto-approve", "-f", path); code == 0 {
			if l.records() > count {
				l.states = append(l.states, publishedState{l.user, l.policy})
			}
			return l.holds()
		}
	}
	l.policy = slices.Delete(slices.Clone(l.policy), i, i+1)
	l.user = user
	return l.destroy()
}

func (l *publishedLife) types(e tomlfile.Edit) error {
	got, err := tomlfile.Apply([]byte(strings.Replace(l.config(), "(none)", "", 1)), []tomlfile.Edit{e})
	if err != nil {
		return err
	}
	l.edited, l.forward = true, true
	l.write(string(got.Data))
	l.said = append(l.said, "the user writes\n"+string(got.Data))
	return nil
}

// neighbour writes beside one of our keys.
func (l *publishedLife) neighbour() error {
	if len(l.policy) == 0 {
		return nil
	}
	it := l.policy[l.r.IntN(len(l.policy))]
	at := append(slices.Clone(it.at[:len(it.at)-1]), fmt.Sprintf("zz_beside_%d", l.n))
	if slices.ContainsFunc(l.policy, func(it item) bool { return it.kind == "absent" && under(at, it.at) }) {
		return nil
	}
	if err := l.types(tomlfile.Edit{Address: at, Value: plan.Int(int64(l.n))}); err != nil {
		return nil
	}
	l.own(at, int64(l.n))
	return l.holds()
}

// wishes makes a policy up, of keys that the file has and of others.
func (l *publishedLife) wishes() []item {
	now, _ := readLeaves(strings.Replace(l.config(), "(none)", "", 1))
	known := slices.Concat(slices.Sorted(maps.Keys(now)), slices.Sorted(maps.Keys(l.user)))
	var out []item
	for range 1 + l.r.IntN(6) {
		it := l.wishOne(known)
		if it.at != nil && !slices.ContainsFunc(out, func(o item) bool { return meets(o.at, it.at) }) {
			out = append(out, it)
		}
	}
	if l.r.IntN(5) > 0 {
		out = l.whole(out)
	}
	if len(out) == 0 {
		out = []item{{"settings", []string{"model"}, "gpt-5.4"}}
	}
	order := map[string]int{"settings": 0, "defaults": 1, "absent": 2}
	slices.SortStableFunc(out, func(a, b item) int { return order[a.kind] - order[b.kind] })
	return out
}

// whole gives tables what Codex wants in them, or most policies would be refused.
func (l *publishedLife) whole(policy []item) []item {
	needs := map[string][][2]string{
		"model_providers": {{"name", "Gate"}, {"base_url", "https://gate.example/v1"}},
		"mcp_servers":     {{"command", "serve"}},
	}
	for _, it := range policy {
		if it.kind == "absent" || len(it.at) < 3 {
			continue
		}
		for _, need := range needs[it.at[0]] {
			at := []string{it.at[0], it.at[1], need[0]}
			if !slices.ContainsFunc(policy, func(o item) bool { return meets(o.at, at) }) {
				policy = append(policy, item{"settings", at, need[1]})
			}
		}
	}
	return policy
}

func (l *publishedLife) wishOne(known []string) item {
	kind := []string{"settings", "settings", "settings", "defaults", "absent", "absent"}[l.r.IntN(6)]
	keys := l.from.keys
	if len(known) > 0 && l.r.IntN(3) > 0 {
		keys = known
	}
	at := pathOf(keys[l.r.IntN(len(keys))])
	if kind == "absent" {
		return item{kind, at[:1+l.r.IntN(len(at))], nil}
	}
	values := l.from.values[keyOf(at)]
	if len(values) == 0 || slices.Contains([]string{"wire_api", "query_params", "url"}, at[len(at)-1]) {
		return item{}
	}
	v := values[l.r.IntN(len(values))]
	if n, number := v.(int64); number && l.r.IntN(2) == 0 {
		v = n + 1
	}
	if b, truth := v.(bool); truth && l.r.IntN(2) == 0 {
		v = !b
	}
	return item{kind, at, v}
}

// policyFile writes a policy; JSON is YAML.
func (l *publishedLife) policyFile(policy []item) string {
	l.n++
	text := "version: 1\n"
	for _, part := range []string{"settings", "defaults"} {
		tree := &branch{}
		for _, it := range policy {
			if it.kind == part {
				tree.add(it.at, json.RawMessage(jsonOf(it.value)))
			}
		}
		if len(tree.names) > 0 {
			text += part + ": " + string(tree.json()) + "\n"
		}
	}
	var gone [][]string
	for _, it := range policy {
		if it.kind == "absent" {
			gone = append(gone, it.at)
		}
	}
	if len(gone) > 0 {
		text += "absent: " + jsonOf(gone) + "\n"
	}
	path := filepath.Join(filepath.Dir(l.home), fmt.Sprintf("policy%d.yaml", l.n))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.said = append(l.said, text)
	return path
}

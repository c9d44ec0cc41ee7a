package codex_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
)

var (
	livesCount = flag.Int("lives", 10_000, "how many lives TestLives lives")
	livesSteps = flag.Int("lives-steps", 5, "how many steps a life has at most")
	livesSeed  = flag.Uint64("lives-seed", 0, "the seed of the first life, 0 for one of the day")
)

// TestLives lives many lives of a home, each a few policies, rollbacks, edits and a
// destroy, and holds each step against the reference model.
func TestLives(t *testing.T) {
	seed := *livesSeed
	if seed == 0 {
		seed = uint64(time.Now().Unix() / 86400 * 1_000_000)
	}
	count := *livesCount
	if testing.Short() {
		count = min(count, 500)
	}
	wrong := 0
	for i := range uint64(count) {
		steps, err := live(seed+i, wrong < 3)
		if err == nil {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Errorf("the life of -lives-seed=%d: %v\n%s", seed+i, err, strings.Join(steps, "\n"))
		}
	}
	t.Logf("%d lives from seed %d, %d wrong", count, seed, wrong)
	if wrong > 0 {
		t.Fail()
	}
}

// live lives one life and says, where it went wrong, its steps: with shrink the fewest
// that still do.
func live(seed uint64, shrink bool) ([]string, error) {
	script := writeLife(rand.New(rand.NewPCG(seed, 1)), *livesSteps)
	err := script.play(nil)
	if err == nil || !shrink {
		return nil, err
	}
	script, err = script.shrink(err)
	var log []string
	script.play(&log)
	return log, err
}

// life is a home and what happens in it.
type life struct {
	start string
	none  bool // there is no config.toml
	acts  []act
}

// act is one step of a life. An act that makes no sense in its place is passed over.
type act struct {
	verb   string // apply, refuse, rollback, destroy, write, remove, respell, lose
	policy []want
	repair bool // with the rules of lives_repair_test.go
	at     string
	n      int
}

func (a act) String() string {
	switch a.verb {
	case "lose":
		return fmt.Sprint("the ledger is lost, and in its place comes that of ", a.n, " back, or one of ", a.policy)
	case "apply":
		return fmt.Sprint("apply ", a.policy, map[bool]string{true: " and repair"}[a.repair])
	case "refuse":
		return fmt.Sprint("apply ", a.policy, ", somebody writes (", a.n, ") ", a.at, ", the gateway refuses")
	case "rollback":
		return fmt.Sprint("rollback, the record ", a.n, " from the newest")
	case "destroy":
		return "destroy"
	}
	return a.verb + " " + a.at + map[bool]string{true: ", and tables without keys"}[a.verb == "remove" && a.n > 0]
}

// shrink leaves out acts, and keys of policies, as long as the life stays wrong.
func (l life) shrink(err error) (life, error) {
	for again := true; again; {
		again = false
		for i := range l.acts {
			if l.acts[i].repair {
				smaller := life{l.start, l.none, slices.Clone(l.acts)}
				smaller.acts[i].repair = false
				if e := smaller.play(nil); e != nil {
					l, err, again = smaller, e, true
					break
				}
			}
			smaller := life{l.start, l.none, slices.Delete(slices.Clone(l.acts), i, i+1)}
			if e := smaller.play(nil); e != nil {
				l, err, again = smaller, e, true
				break
			}
			for k := range l.acts[i].policy {
				smaller := life{l.start, l.none, slices.Clone(l.acts)}
				smaller.acts[i].policy = slices.Delete(slices.Clone(l.acts[i].policy), k, k+1)
				if e := smaller.play(nil); e != nil {
					l, err, again = smaller, e, true
					break
				}
			}
			if again {
				break
			}
		}
	}
	return l, err
}

// home is the real thing: bytes, ledger and history.
type home struct {
	config  codex.File
	ledger  []byte
	records []plan.Record
	number  int64
	edited  bool
	edits   int
	befores []before // each record
	ledgers [][]byte // as they were
	astray  bool     // the ledger was lost, or an older one came back: the model knows no more
	written map[string]leaf
	wrote   map[string]bool // a number, and not only took ours away
	beside  codex.Around
}

// before is a file before a record, and how often somebody had written to it by then.
type before struct {
	config codex.File
	edits  int
}

func (h *home) around() codex.Around { return h.beside }

var birthday = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func newHome(config string) *home {
	return &home{written: map[string]leaf{}, wrote: map[string]bool{}, config: codex.File{Exists: true, Data: []byte(config), Mode: 0o600}, number: 1000}
}

func number(s string) int { n, _ := strconv.Atoi(s); return n }

func (l life) play(log *[]string) error {
	h := newHome(l.start)
	if l.none {
		h.config = codex.File{}
	}
	tell := func(format string, args ...any) {
		if log != nil {
			*log = append(*log, fmt.Sprintf(format, args...))
		}
	}
	user, err := h.leaves()
	if err != nil {
		return nil // a life that cannot begin
	}
	ref := newReference(maps.Clone(user))
	tell("--- start\n%s", h.config.Data)
	for _, a := range append(slices.Clone(l.acts), act{verb: "destroy"}) {
		tell("--- %v", a)
		if err := h.do(a, ref); err != nil {
			tell("%s--- the model says %v", h.config.Data, ref.view())
			return fmt.Errorf("%v: %w", a, err)
		}
		tell("%s", h.config.Data)
		got, err := h.leaves()
		if err != nil {
			return fmt.Errorf("%v: %w", a, err)
		}
		if h.astray {
			if err := h.untouched(l, user, got); err != nil {
				return fmt.Errorf("%v: %w", a, err)
			}
			continue
		}
		if want := ref.view(); !maps.Equal(got, want) {
			tell("--- the model says %v", want)
			return fmt.Errorf("%v: the file says %v, the model %v", a, got, want)
		}
		if err := h.headers(l.start, a.verb == "destroy"); err != nil {
			return fmt.Errorf("%v: %w", a, err)
		}
	}
	if !h.edited && (h.config.Exists == l.none || string(h.config.Data) != l.start) {
		return fmt.Errorf("destroy leaves %q (there: %v)\n, not %q", h.config.Data, h.config.Exists, l.start)
	}
	return nil
}

// leaves are all numbers of config.toml by their dotted addresses.
func (h *home) leaves() (map[string]int64, error) {
	out := map[string]int64{}
	if !h.config.Exists {
		return out, nil
	}
	doc, err := tomlfile.Parse(h.config.Data)
	if err != nil {
		return nil, err
	}
	var walk func(at string, v plan.Value)
	walk = func(at string, v plan.Value) {
		for _, m := range v.Members() {
			key := strings.TrimPrefix(at+"."+m.Key, ".")
			switch m.Value.Kind() {
			case plan.KindInt:
				out[key] = m.Value.Int64()
			case plan.KindFloat:
				out[key] = int64(m.Value.Float64())
			}
			walk(key, m.Value)
		}
	}
	walk("", doc.Root)
	return out, nil
}

// hollow are the tables without keys.
func hollow(v plan.Value, at plan.Address) (out []plan.Address) {
	if v.Kind() == plan.KindTable && len(v.Members()) == 0 && len(at) > 0 {
		return []plan.Address{at}
	}
	for _, m := range v.Members() {
		out = append(out, hollow(m.Value, append(at[:len(at):len(at)], m.Key))...)
	}
	return out
}

// backTo wants each key as it was, and no table more, if nobody has written to the file since. The
// lines of ours that come back may do so in another order.
func (h *home) backTo(was before) error {
	if was.edits != h.edits {
		return nil
	}
	then, err := tomlfile.Parse(was.config.Data)
	if err != nil {
		return err
	}
	now, err := tomlfile.Parse(h.config.Data)
	for _, at := range hollow(now.Root, nil) {
		if then.Root.At(at).IsAbsent() {
			return fmt.Errorf("%s was no table before that record, and has no key", at)
		}
	}
	if err == nil && (was.config.Exists != h.config.Exists || !codex.Filled(then.Root).Equal(codex.Filled(now.Root))) {
		err = fmt.Errorf("before that record the file was %q, and now is %q", was.config.Data, h.config.Data)
	}
	return err
}

// headers wants no table without keys, unless the user had one or wrote into it; before
// the last step, also where they took away the key that was in it.
func (h *home) headers(start string, last bool) error {
	was, err := tomlfile.Parse([]byte(start))
	if err != nil {
		return err
	}
	now, err := tomlfile.Parse(h.config.Data)
	if err != nil {
		return err
	}
	var walk func(at plan.Address, v plan.Value) error
	walk = func(at plan.Address, v plan.Value) error {
		theirs := !was.Root.At(at).IsAbsent()
		for written := range h.written {
			theirs = theirs || (h.wrote[written] || !last) && below(written, strings.Join(at, "."))
		}
		if len(v.Members()) == 0 && v.Kind() == plan.KindTable && !theirs {
			return fmt.Errorf("%s is a table of nobody, without a key", at)
		}
		for _, m := range v.Members() {
			if err := walk(append(at[:len(at):len(at)], m.Key), m.Value); err != nil {
				return err
			}
		}
		return nil
	}
	for _, m := range now.Root.Members() {
		if err := walk(plan.Address{m.Key}, m.Value); err != nil {
			return err
		}
	}
	return nil
}

func (h *home) do(a act, ref *reference) error {
	switch a.verb {
	case "apply":
		d := desired(a.policy)
		if a.repair {
			d.Repair, d.Digest = []plan.RepairRule{{Rule: "life"}}, d.Digest+" and repair"
		}
		return h.apply(d, ref, a.policy, "apply")
	case "destroy":
		return h.apply(plan.Desired{}, ref, nil, "destroy")
	case "rollback":
		return h.rollback(a.n, ref)
	case "lose":
		return h.lose(a)
	case "refuse":
		return h.refuse(a, ref)
	}
	return h.write(a, ref)
}

func desired(policy []want) plan.Desired {
	d := plan.Desired{Digest: fmt.Sprint(policy)}
	for _, w := range policy {
		at := plan.Address(strings.Split(w.at, "."))
		if w.absent {
			d.Absent = append(d.Absent, plan.Removal{Address: at})
			continue
		}
		d.Settings = append(d.Settings, plan.Setting{Address: at, Value: plan.Int(w.value), Default: w.soft})
	}
	return d
}

func (h *home) look() (codex.Snapshot, error) {
	s, err := codex.Decode("/h", h.config, codex.File{}, h.ledger)
	if s.Observed.Ledger.FingerprintKey == nil {
		s.Observed.Ledger.FingerprintKey = []byte("machine")
	}
	if err == nil && s.Observed.Behind() { // as apply looks
		s.Observed.Ledger = s.Observed.CaughtUp(h.records)
	}
	return s, err
}

// now is a minute later with every record.
func (h *home) now() time.Time { return birthday.Add(time.Duration(len(h.records)) * time.Minute) }

func (h *home) apply(d plan.Desired, ref *reference, policy []want, command string) error {
	s, err := h.look()
	if err != nil {
		return err
	}
	p := plan.Make(repairedInLife(d, s.Observed), s.Observed)
	if h.astray {
		ref = nil
	}
	if ref != nil && d.Repair != nil {
		policy = ref.repaired(policy)
	}
	var was reference
	if ref != nil {
		was = *ref
	}
	fits := ref == nil || ref.apply(policy)
	switch err := h.carryOut(s, p, command); {
	case err != nil && (!fits || h.astray):
		return nil // refused, as it should be
	case err != nil && ref != nil && onTable(d, s.Observed):
		*ref = was
		return nil // of the user's, without keys: the model knows no such tables
	case err != nil:
		return err
	case !fits:
		return fmt.Errorf("the user's keys have no room for it, and it was done all the same")
	}
	if p.Empty() && ref != nil {
		ref.forget()
	}
	if s, err = h.look(); err != nil {
		return err
	}
	if again := plan.Make(repairedInLife(d, s.Observed), s.Observed); !again.Empty() {
		return fmt.Errorf("a plan after apply is not empty: %v", again.Files[0].Changes)
	}
	if command == "destroy" && len(s.Observed.Ledger.Entries) > 0 {
		return fmt.Errorf("destroy leaves us with %v", s.Observed.Ledger.Entries)
	}
	return nil
}

// onTable reports a value that is wanted where the user has a table, or would have it
// without us.
func onTable(d plan.Desired, o plan.Observed) bool {
	return slices.ContainsFunc(d.Settings, func(s plan.Setting) bool {
		return o.Config.Get(s.Address).Kind() == plan.KindTable || o.WithoutOurs().At(s.Address).Kind() == plan.KindTable
	})
}

func (h *home) carryOut(s codex.Snapshot, p plan.Plan, command string) error {
	now := h.now()
	r, err := s.Render(p, now)
	if err != nil {
		return err
	}
	if p.Empty() && (r.Config.Exists != h.config.Exists || !bytes.Equal(r.Config.Data, h.config.Data)) {
		return fmt.Errorf("an empty plan changes the file")
	}
	if !p.Empty() {
		line, err := json.Marshal(p.Record(len(h.records)+1, command, "test", now))
		if err != nil {
			return err
		}
		records, err := plan.ParseHistory(append(line, '\n'))
		if err != nil {
			return err
		}
		h.records = append(h.records, records...)
		h.befores = append(h.befores, before{h.config, h.edits})
	}
	if h.config = r.Config; p.Rollback && p.Empty() {
		return nil // as apply.Sight.Remembers has it
	}
	h.ledgers = append(h.ledgers, h.ledger)
	h.ledger, err = codex.EncodeLedger(r.Ledger)
	return err
}

// refuse is an apply that somebody writes into and that is undone, as if it had never
// been but for what they wrote.
func (h *home) refuse(a act, ref *reference) error {
	s, err := h.look()
	if err != nil {
		return err
	}
	p := plan.Make(desired(a.policy), s.Observed)
	r, err := s.Render(p, birthday)
	if err != nil || p.Empty() {
		return nil // apply says what is to be said of it
	}
	old, err := h.leaves()
	if err != nil {
		return err
	}
	mid := &home{config: r.Config}
	now, err := mid.leaves()
	l := leaf{h.another(now[a.at]), a.n > 0}
	_, was := old[a.at]
	if err != nil || !fits(now, a.at, l.there) || l.there && !fits(old, a.at, true) {
		return err
	}
	if (l.there || was) && ref != nil && !h.astray && !ref.write(a.at, l) {
		return nil
	}
	if l.there || was {
		h.written[a.at] = l
		h.wrote[a.at] = h.wrote[a.at] || l.there
	}
	if err := mid.edit(strings.Split(a.at, "."), l); err != nil {
		return err
	}
	snap, err := codex.Decode("/h", mid.config, codex.File{}, nil)
	if err != nil {
		return err
	}
	snap.Observed.Ledger = r.Ledger
	undo := codex.StandingUndo(s.Observed, snap.Observed, h.around, func(now plan.Observed) plan.Plan {
		return plan.Undo(p, s.Observed, now, r.Note)
	})
	back, err := snap.Render(undo, birthday)
	h.config, h.edited = back.Config, true
	h.edits++
	return err
}

func (h *home) edit(at plan.Address, l leaf) error {
	e := tomlfile.Edit{Address: at}
	if l.there {
		e.Value = plan.Int(l.value)
	}
	got, err := tomlfile.Apply(h.config.Data, []tomlfile.Edit{e})
	if err != nil {
		return fmt.Errorf("the edit itself: %w", err)
	}
	h.config = codex.File{Exists: true, Data: got.Data, Mode: 0o600}
	return nil
}

// lose puts another ledger in the place of the present one: none, an older one, or that
// of another home, which had a policy too.
func (h *home) lose(a act) error {
	h.astray, h.edited, h.ledger = true, true, nil
	if len(a.policy) > 0 {
		other := newHome("x = 1\n[t]\na = 2\ns.p = 3\n[m.n]\na = 4\n")
		s, err := other.look()
		if err != nil {
			return err
		}
		if other.carryOut(s, plan.Make(desired(a.policy), s.Observed), "apply") == nil {
			h.ledger = other.ledger
		}
		return nil
	}
	if a.n > 0 && a.n <= len(h.ledgers) {
		h.ledger = h.ledgers[len(h.ledgers)-a.n]
	}
	return nil
}

// untouched wants what no policy of the life speaks of as the user had or wrote it.
func (h *home) untouched(l life, user, got map[string]int64) error {
	want := maps.Clone(user)
	for at, l := range h.written {
		delete(want, at)
		if l.there {
			want[at] = l.value
		}
	}
	for _, at := range lifeLeaves {
		if !l.speaksOf(at) && want[at] != got[at] {
			return fmt.Errorf("%s is nobody's but the user's: it is %d, not %d", at, got[at], want[at])
		}
	}
	return nil
}

func (l life) speaksOf(at string) bool {
	return slices.ContainsFunc(l.acts, func(a act) bool {
		return a.repair && slices.Contains(lifeRepaired, at) || slices.ContainsFunc(a.policy, func(w want) bool { return related(w.at, at) })
	})
}

func (h *home) rollback(n int, ref *reference) error {
	k := len(h.records) - n
	if k < 1 {
		return nil
	}
	s, err := h.look()
	if err != nil {
		return err
	}
	p := plan.Rollback(h.records[k-1:], s.Observed, func(plan.Value) string { return "" })
	if err := h.carryOut(s, p, "rollback"); err != nil {
		return err
	}
	if ref == nil || h.astray {
		return nil
	}
	was, view := *ref, ref.view()
	ref.rollback(k)
	if p.Empty() && maps.Equal(view, ref.view()) {
		*ref = was
	}
	return h.backTo(h.befores[k-1])
}

// fits reports whether a file has room for a number, or has one to remove.
func fits(now map[string]int64, at string, there bool) bool {
	if _, is := now[at]; !there {
		return is
	}
	for k := range now {
		if k != at && related(k, at) {
			return false
		}
	}
	return true
}

// write is an edit by somebody else: of one number, or a new spelling of one.
func (h *home) write(a act, ref *reference) error {
	at := plan.Address(strings.Split(a.at, "."))
	before, err := h.leaves()
	if err != nil {
		return err
	}
	l := leaf{h.another(before[a.at]), a.verb == "write"}
	e := tomlfile.Edit{Address: at}
	if l.there {
		e.Value = plan.Int(l.value)
	}
	if a.verb == "respell" {
		now, there := before[a.at]
		if !there {
			return nil
		}
		e.Value = plan.Float(float64(now))
	} else if ref != nil && !h.astray && !ref.write(a.at, l) {
		return nil
	} else if h.astray && !fits(before, a.at, l.there) {
		return nil
	} else {
		h.written[a.at] = l
		h.wrote[a.at] = h.wrote[a.at] || l.there
	}
	h.edited = true
	h.edits++
	if err := h.change(e); err != nil || a.n == 0 {
		return err
	}
	return h.tidy(at)
}

// another is a number that somebody writes, and not the one that is there.
func (h *home) another(than int64) int64 {
	if h.number++; h.number == than {
		h.number++
	}
	return h.number
}

func (h *home) change(e tomlfile.Edit) error {
	got, err := tomlfile.Apply(h.config.Data, []tomlfile.Edit{e})
	if err != nil {
		return fmt.Errorf("the edit itself: %w", err)
	}
	h.config = codex.File{Exists: true, Data: got.Data, Mode: 0o600}
	return nil
}

// tidy takes the tables away in which nothing is left.
func (h *home) tidy(at plan.Address) error {
	for i := len(at) - 1; i > 0; i-- {
		doc, err := tomlfile.Parse(h.config.Data)
		if err != nil {
			return err
		}
		if v := doc.Root.At(at[:i]); v.Kind() != plan.KindTable || len(v.Members()) > 0 {
			return nil
		}
		if err := h.change(tomlfile.Edit{Address: at[:i]}); err != nil {
			return err
		}
	}
	return nil
}

// FuzzLives lets the fuzzer choose the dice of a life.
func FuzzLives(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, dice []byte) {
		script := writeLife(rand.New(&diceSource{data: dice}), *livesSteps)
		if err := script.play(nil); err != nil {
			script, err = script.shrink(err)
			var log []string
			script.play(&log)
			t.Fatalf("%v\n%s", err, strings.Join(log, "\n"))
		}
	})
}

// diceSource is the fuzzer's bytes as numbers; behind them come small ones.
type diceSource struct {
	data []byte
	n    uint64
}

func (d *diceSource) Uint64() uint64 {
	d.n++
	if len(d.data) == 0 {
		return d.n * 0x9e3779b97f4a7c15
	}
	v := uint64(d.data[0])
	d.data = d.data[1:]
	return v * 0x0101010101010101
}

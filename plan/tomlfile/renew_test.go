package tomlfile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// TestRenew follows edits, and takes them back, round by round: what the index knows
// after each is what reading the whole text says.
func TestRenew(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	renewed := 0
	for _, src := range sorted(documents(t)) {
		d, err := Parse(src)
		if err != nil {
			continue
		}
		for range 3 {
			n, err := followEdits(d, some(random, everyEdit(d)))
			if err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			renewed += n
		}
	}
	t.Logf("%d rounds without reading the whole text", renewed)
	if renewed < 10_000 {
		t.Errorf("only %d rounds without reading the whole text", renewed)
	}
}

// followEdits makes edits one by one, each in rounds of its own, and then takes them
// back, and counts the rounds that were not read as a whole.
func followEdits(d *Document, edits []Edit) (int, error) {
	f, err := newFollower(d, len(edits))
	if err != nil {
		return 0, err
	}
	for i, e := range edits {
		if f.s.refuse(e) != nil {
			continue
		}
		if err := f.check(f.s.assign(i, e.Address, e.Value)); err != nil {
			return 0, fmt.Errorf("%s to %v: %w", e.Address, e.Value, err)
		}
	}
	notes, err := f.s.write(edits)
	if err != nil {
		return 0, err
	}
	for i, e := range edits {
		edits[i] = Edit{Address: e.Address, Value: lookup(d.Root, e.Address), TakeBack: notes[i]}
	}
	for _, back := range takers(edits) {
		_, err := f.s.takeBackOne(back)
		if err := f.check(err); err != nil {
			return 0, fmt.Errorf("%s taken back: %w", back.edit.Address, err)
		}
	}
	return f.renewed, nil
}

type follower struct {
	s       *state
	renewed int
}

func newFollower(d *Document, edits int) (*follower, error) {
	s := newState(d.index(), d.Root, edits)
	return &follower{s: s}, s.become(d.index().text)
}

func (f *follower) check(err error) error {
	if err == nil {
		err = f.s.flush()
	}
	if err != nil || !f.s.renewed {
		return err
	}
	f.renewed++
	x, err := read(f.s.index.text, f.s.index.marked)
	if err != nil {
		return err
	}
	if got, want := f.s.index.describe(), x.describe(); got != want {
		return fmt.Errorf("%q is known as\n%swant\n%s", x.text, got, want)
	}
	return nil
}

// describe is all that an index knows and edits rely on.
func (x *index) describe() string {
	var b strings.Builder
	for k, sec := range x.sections {
		fmt.Fprintf(&b, "section %d-%d of %s %v\n", sec.start, sec.end, sec.node.address(), sec.node.section == sec)
		for _, u := range x.units(k) {
			fmt.Fprintf(&b, "  unit %d-%d %s\n", u.start, u.end, u.kind)
		}
		describePairs(&b, sec, sec.pairs)
		if !sec.node.inArray() {
			n, depth := x.find(sec.node.address())
			fmt.Fprintf(&b, "  %v, up to %d\n", n == sec.node && depth == len(sec.node.address()), x.ordinal(x.tail(n)))
		}
	}
	x.root.describe(&b)
	return b.String()
}

func describePairs(b *strings.Builder, sec *section, pairs []*node) {
	for _, p := range pairs {
		fmt.Fprintf(b, "  pair %d %d-%d %s %v %v %v\n", p.start, p.val, p.end, p.address(), p.shape, p.section == sec, p.holder != nil)
		describePairs(b, sec, p.pairs())
	}
}

// describe is the tree below a node, in the order of the file.
func (n *node) describe(b *strings.Builder) {
	for _, kid := range n.others(plan.Value{}) {
		fmt.Fprintf(b, "%s %v %v %v %v %s\n", kid.address(), kid.shape, n.child(kid.key) == kid || kid.shape == element,
			kid.section != nil, kid.gone, kid.value)
		kid.describe(b)
	}
}

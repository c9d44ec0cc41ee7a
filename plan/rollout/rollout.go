package rollout

import (
	"path"
	"slices"
	"strings"
	"time"
)

// Mode is how a policy goes out.
type Mode string

// The modes.
const (
	Rings Mode = "rings" // ring by ring, the default
	All   Mode = "all"   // everybody at once, whatever the rings, the window and the splay say
	Hold  Mode = "hold"  // nobody, for now
)

// Rollout says who follows a policy when. The zero Rollout holds nobody.
type Rollout struct {
	Mode   Mode
	Rings  []Ring
	Window *Window       // nil for any time
	Splay  time.Duration // over which the machines of a ring are spread
}

// Ring is a group of machines and the time from which they follow. A machine is in
// the first ring that names its host or has its lot.
type Ring struct {
	Name    string
	Hosts   []string  // shell patterns of host names, in lower case
	Percent int       // of all machines, 0 where only Hosts count
	Start   time.Time // zero for at once
}

// Machine is what a decision has to know of the machine it is for.
type Machine struct {
	ID        string // stable and unique, see UsableID; "" where there is none
	Host      string // its name
	Container bool   // short-lived, as the job of a CI system is: it has no lot, and no offset
	// New is a machine that has no policy yet. It takes the newest one that is out: it
	// does not wait for a ring once one with a percentage has started.
	New bool
	// Seen is when this machine first met the policy, zero if it meets it now. It
	// counts where a ring has no start.
	Seen time.Time
}

// Decision is what a rollout means for one machine now.
type Decision struct {
	Held   bool
	Reason string    // why it is held, for people; "" when it is not
	Opens  time.Time // when it is not held any more; zero when nobody can know
	Ring   string    // the ring that it is in, or will be in; "" without rings
}

// Decide says whether a machine follows now. The salt tells one policy from the
// next: its version, or its digest where it has none.
func (r Rollout) Decide(salt string, m Machine, now time.Time) Decision {
	switch r.Mode {
	case All:
		return Decision{}
	case Hold:
		return Decision{Held: true, Reason: "the policy is on hold for everybody"}
	}
	ring, in := r.ring(salt, m)
	if !in {
		return Decision{Held: true, Reason: "no ring of the rollout takes this machine yet"}
	}
	d := Decision{Ring: ring.Name}
	offset := r.offset(salt, m, ring)
	start := r.start(ring, m, now)
	if now.Before(start) {
		return d.until(r.from(start).Add(offset), ring.phrase())
	}
	begin := firstOf(start, m.Seen, now)
	switch w := r.Window; {
	case w == nil:
	case w.overdue(begin, now):
		begin = begin.Add(w.Deadline)
	case !w.open(now):
		opens := w.earliest(now, begin)
		if !opens.IsZero() {
			opens = opens.Add(offset)
		}
		return d.until(opens, "outside the window "+w.String())
	default:
		begin = later(begin, w.began(now))
	}
	if opens := begin.Add(offset); now.Before(opens) {
		return d.until(opens, "the machines of a ring are spread over "+Format(r.Splay))
	}
	return d
}

// start is when a ring starts for a machine.
func (r Rollout) start(ring Ring, m Machine, now time.Time) time.Time {
	if !m.New || !now.Before(ring.Start) {
		return ring.Start
	}
	for _, out := range r.Rings {
		if out.Percent > 0 && !now.Before(out.Start) {
			return out.Start
		}
	}
	return ring.Start
}

// Spread is the rollout with its machines spread over a splay instead of its own.
func (r Rollout) Spread(splay time.Duration) Rollout {
	if r.Mode == "" {
		r.Mode = Rings
	}
	r.Splay = splay
	return r
}

// Wait is a machine's place in a splay that begins now; none for one without a lot.
func (m Machine) Wait(salt string, splay time.Duration) time.Duration {
	if m.lotless() {
		return 0
	}
	return Offset(salt, m.ID, splay)
}

// from is when a ring that starts then really opens: with the window, if there is one.
func (r Rollout) from(start time.Time) time.Time {
	if r.Window == nil || r.Window.open(start) {
		return start
	}
	return r.Window.earliest(start, start)
}

func firstOf(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (d Decision) until(opens time.Time, why string) Decision {
	d.Held, d.Opens, d.Reason = true, opens, why
	return d
}

func (r Ring) phrase() string {
	if r.Name == "" {
		return "its ring opens later"
	}
	return "ring " + r.Name + " opens later"
}

// offset is a machine's place in the splay, which ends with the window.
func (r Rollout) offset(salt string, m Machine, ring Ring) time.Duration {
	splay := r.Splay
	if r.Window != nil {
		splay = min(splay, r.Window.length())
	}
	if m.lotless() {
		return 0
	}
	return Offset(salt+"\x00"+ring.Name, m.ID, splay)
}

// ring is the first ring that takes the machine. Without rings everybody is in one
// without a name.
func (r Rollout) ring(salt string, m Machine) (Ring, bool) {
	if len(r.Rings) == 0 {
		return Ring{Percent: everybody}, true
	}
	for _, ring := range r.Rings {
		if ring.takes(salt, m) {
			return ring, true
		}
	}
	return Ring{}, false
}

const everybody = 100

// named reports whether the ring names a host.
func (r Ring) named(host string) bool {
	return host != "" && slices.ContainsFunc(r.Hosts, func(pattern string) bool {
		named, _ := path.Match(strings.ToLower(pattern), strings.ToLower(host))
		return named
	})
}

func (r Ring) takes(salt string, m Machine) bool {
	if r.named(m.Host) {
		return true
	}
	if r.Percent >= everybody {
		return true
	}
	return !m.lotless() && Lot(salt, m.ID) < r.Percent*lots/everybody
}

// lotless reports whether a machine is in the last ring only: it has no id of its
// own, or will not live long enough for one to mean something.
func (m Machine) lotless() bool { return m.Container || !UsableID(m.ID) }

package rollout

import (
	"path"
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
	Container bool   // short-lived: it has no lot, and no offset
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
	if now.Before(ring.Start) {
		return d.until(r.from(ring.Start).Add(offset), ring.phrase())
	}
	begin := firstOf(ring.Start, m.Seen, now)
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

func (r Ring) takes(salt string, m Machine) bool {
	for _, pattern := range r.Hosts {
		if named, _ := path.Match(strings.ToLower(pattern), strings.ToLower(m.Host)); named && m.Host != "" {
			return true
		}
	}
	if r.Percent >= everybody {
		return true
	}
	return !m.lotless() && Lot(salt, m.ID) < r.Percent*lots/everybody
}

// lotless reports whether a machine is in the last ring only: it has no id of its
// own, or will not live long enough for one to mean something.
func (m Machine) lotless() bool { return m.Container || !UsableID(m.ID) }

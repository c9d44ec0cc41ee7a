package sources

import (
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/rollout"
)

// The widest that counts: beyond these a number is a slip of the pen.
const (
	maxPolicyVersion = 1 << 53
	maxSplay         = 24 * time.Hour
)

var rolloutShape = tableOf(
	key{name: "mode", shape: textOf(oneOfTexts("rings", "all", "hold"))},
	key{name: "rings", shape: listOf(ringShape)},
	key{name: "window", shape: windowShape},
	key{name: "splay", shape: textOf(splayText)},
)

var ringShape = tableOf(
	key{name: "name", shape: textOf(visible(64)), required: true},
	key{name: "hosts", shape: listOf(textOf(hostPattern))},
	key{name: "percent", shape: wholeOf(1, 100)},
	key{name: "start", shape: textOf(timeWithZone)},
)

var windowShape = tableOf(
	key{name: "days", shape: listOf(textOf(oneOfTexts(dayNames...)))},
	key{name: "from", shape: textOf(timeOfDay), required: true},
	key{name: "to", shape: textOf(timeOfDay), required: true},
	key{name: "zone", shape: textOf(zoneName)},
	key{name: "deadline", shape: textOf(dayDuration)},
)

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func timeWithZone(n *node) Problem {
	if _, err := time.Parse(time.RFC3339, n.text()); err != nil {
		if _, err := time.Parse(time.DateOnly, n.text()); err == nil {
			return Problem{Message: "must be a time with its zone", Fix: "write " + n.text() + "T00:00:00Z"}
		}
		return Problem{Message: "must be a time with its zone", Fix: "for example 2026-11-24T09:00:00Z or 2026-11-24T09:00:00+01:00"}
	}
	return Problem{}
}

func timeOfDay(n *node) Problem {
	if _, err := rollout.ParseClock(n.text()); err != nil {
		return Problem{Message: "must be a time of day", Fix: `for example "09:00"`}
	}
	return Problem{}
}

func zoneName(n *node) Problem {
	if n.text() == "local" {
		return Problem{}
	}
	if _, err := time.LoadLocation(n.text()); err != nil {
		return Problem{Message: "not a time zone that this machine knows", Fix: "write local, UTC or a name such as Europe/Berlin"}
	}
	return Problem{}
}

func hostPattern(n *node) Problem {
	if p := visible(256)(n); p.Message != "" {
		return p
	}
	if _, err := path.Match(n.text(), ""); err != nil {
		return Problem{Message: "not a pattern of host names", Fix: `write it as a shell would: "it-*"`}
	}
	return Problem{}
}

func dayDuration(n *node) Problem {
	if d, err := rollout.ParseDuration(n.text()); err != nil || d == 0 {
		return Problem{Message: "must be a duration", Fix: "for example 12h or 7d"}
	}
	return Problem{}
}

func splayText(n *node) Problem {
	_, err := ParseSplay(n.text())
	switch {
	case errors.Is(err, errWide):
		return Problem{Message: "must be a day at most"}
	case err != nil:
		return Problem{Message: "must be a duration", Fix: "for example 30m"}
	}
	return Problem{}
}

var errWide = errors.New("over a day")

// ParseSplay reads a duration over which machines may be spread: a day at most.
func ParseSplay(text string) (time.Duration, error) {
	d, err := rollout.ParseDuration(text)
	if err == nil && d > maxSplay {
		err = errWide
	}
	return d, err
}

// isStart reports whether a place of the file wants a time: there YAML's own
// timestamps may stand without quotes.
func isStart(path plan.Address) bool {
	return len(path) == 4 && path[0] == "rollout" && path[1] == "rings" && path[3] == "start"
}

// rollout says who follows the policy when.
func (b builder) rollout() rollout.Rollout {
	n := b.root.get("rollout")
	if n == nil || n.kind != table {
		return rollout.Rollout{}
	}
	out := rollout.Rollout{Mode: rollout.Mode(n.get("mode").text()), Window: b.window(n.get("window"))}
	if out.Mode == "" {
		out.Mode = rollout.Rings
	}
	out.Splay, _ = rollout.ParseDuration(n.get("splay").text())
	rings := n.get("rings")
	if rings != nil {
		for _, item := range rings.items {
			out.Rings = append(out.Rings, ring(item))
		}
	}
	for _, f := range out.Lint() {
		at := n
		if f.Ring >= 0 {
			at = rings.items[f.Ring]
		}
		if key := at.get(f.Key); key == nil || key.kind != bad { // which is reported for what it is
			b.at(originOf(key, at), "rollout: "+f.Message, f.Fix)
		}
	}
	return out
}

func ring(n *node) rollout.Ring {
	r := rollout.Ring{Name: n.get("name").text(), Hosts: n.get("hosts").texts()}
	if hosts := n.get("hosts"); hosts != nil && hosts.kind == bad { // which is reported for what it is
		r.Hosts = []string{hosts.text()}
	}
	if p := n.get("percent"); p != nil && p.value.Kind() == plan.KindInt {
		r.Percent = int(p.value.Int64())
	}
	r.Start, _ = time.Parse(time.RFC3339, n.get("start").text())
	return r
}

func (b builder) window(n *node) *rollout.Window {
	if n == nil || n.kind != table {
		return nil
	}
	w := &rollout.Window{}
	w.From, _ = rollout.ParseClock(n.get("from").text())
	w.To, _ = rollout.ParseClock(n.get("to").text())
	w.Deadline, _ = rollout.ParseDuration(n.get("deadline").text())
	if zone := n.get("zone").text(); zone != "" && zone != "local" {
		w.Zone, _ = time.LoadLocation(zone)
	}
	if days := n.get("days"); days != nil && len(days.texts()) == 0 {
		w.Days = []time.Weekday{} // which Lint finds
	}
	for _, day := range n.get("days").texts() {
		if i := slices.Index(dayNames, day); i >= 0 {
			w.Days = append(w.Days, time.Weekday(i))
		}
	}
	return w
}

// policyVersion is the number that only grows, 0 where the policy has none.
func (b builder) policyVersion() int64 {
	if n := b.root.get("policy_version"); n != nil && n.kind == scalar && n.value.Kind() == plan.KindInt {
		return n.value.Int64()
	}
	return 0
}

// leastVersion wants ">=0.2": the oldest codexform that may read the policy.
func leastVersion(n *node) Problem {
	if _, ok := parseLeast(n.text()); !ok {
		fix := `for example ">=0.2"`
		if _, ok := parseLeast(">=" + n.text()); ok {
			fix = `write ">=` + n.text() + `"`
		}
		return Problem{Message: "must name the oldest version that will do", Fix: fix}
	}
	return Problem{}
}

// parseLeast reads the numbers behind ">=".
func parseLeast(text string) ([]int, bool) {
	version, ok := strings.CutPrefix(strings.TrimSpace(text), ">=")
	numbers, found := numbersOf(strings.TrimSpace(version))
	return numbers, ok && found
}

// numbersOf reads a version's leading numbers: 0.2 of "v0.2.1-rc1+dirty" gives 0, 2, 1.
func numbersOf(version string) ([]int, bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "-")
	version, _, _ = strings.Cut(version, "+")
	var out []int
	for number := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || !digits(number) {
			return nil, false
		}
		out = append(out, n)
	}
	return out, len(out) <= 3
}

// tooOld reports whether this codexform is older than the policy requires. A build
// without a version of its own, from a checkout, never is.
func (w World) tooOld(requires string) bool {
	least, ok := parseLeast(requires)
	own, known := numbersOf(w.Version)
	return ok && known && slices.Compare(own, least) < 0
}

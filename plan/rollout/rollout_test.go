package rollout_test

import (
	"fmt"
	"math"
	"testing"
	"time"
	_ "time/tzdata" // as the program has it

	"github.com/codexform/codexform/plan/rollout"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func machine(n int) rollout.Machine {
	return rollout.Machine{ID: fmt.Sprintf("4c4c4544-0042-%08x-b2c04f4d%04d", n*2654435761%(1<<32), n%10000), Host: fmt.Sprintf("lap-%d", n)}
}

var rings = rollout.Rollout{
	Mode: rollout.Rings,
	Rings: []rollout.Ring{
		{Name: "it", Hosts: []string{"IT-*"}},
		{Name: "ten", Percent: 10, Start: at("2026-11-24T09:00:00Z")},
		{Name: "all", Percent: 100, Start: at("2026-11-26T09:00:00Z")},
	},
}

func TestDecide(t *testing.T) {
	early, late := machine(0), machine(0)
	for n := 0; rollout.Lot("17", early.ID) >= 1000; n++ {
		early = machine(n)
	}
	for n := 0; rollout.Lot("17", late.ID) < 1000; n++ {
		late = machine(n)
	}
	hold, all, windowed, spread := rings, rings, rings, rings
	hold.Mode, all.Mode = rollout.Hold, rollout.All
	windowed.Window = &rollout.Window{Days: []time.Weekday{time.Monday, time.Friday}, From: 9 * 60, To: 17 * 60, Zone: time.UTC, Deadline: 48 * time.Hour}
	spread.Splay = 30 * time.Minute
	offset := rollout.Offset("17\x00ten", early.ID, 30*time.Minute)
	tests := []struct {
		name    string
		rollout rollout.Rollout
		machine rollout.Machine
		now     string
		held    bool
		ring    string
		opens   string
	}{
		{"named host, from the start", rings, rollout.Machine{ID: late.ID, Host: "it-7"}, "2026-11-01T00:00:00Z", false, "it", ""},
		{"before its ring", rings, early, "2026-11-24T08:59:59Z", true, "ten", "2026-11-24T09:00:00Z"},
		{"its ring", rings, early, "2026-11-24T09:00:00Z", false, "ten", ""},
		{"the last ring waits", rings, late, "2026-11-24T09:00:00Z", true, "all", "2026-11-26T09:00:00Z"},
		{"the last ring", rings, late, "2026-11-26T09:00:00Z", false, "all", ""},
		{"no id: the last ring only", rings, rollout.Machine{Host: "x"}, "2026-11-25T09:00:00Z", true, "all", "2026-11-26T09:00:00Z"},
		{"a container: the last ring only", rings, rollout.Machine{ID: early.ID, Container: true}, "2026-11-25T09:00:00Z", true, "all", "2026-11-26T09:00:00Z"},
		{"hold", hold, early, "2027-01-01T00:00:00Z", true, "", ""},
		{"all", all, late, "2026-11-01T00:00:00Z", false, "", ""},
		{"nothing said", rollout.Rollout{}, late, "2026-11-01T00:00:00Z", false, "", ""},
		{"outside the window", windowed, early, "2026-11-25T09:00:00Z", true, "ten", "2026-11-26T09:00:00Z"},
		{"the deadline beats the window", windowed, early, "2026-11-26T09:00:00Z", false, "ten", ""},
		{"inside the window", windowed, early, "2026-11-27T09:00:00Z", false, "ten", ""},
		{"start and window", windowed, late, "2026-11-25T09:00:00Z", true, "all", "2026-11-27T09:00:00Z"},
		{"before its offset", spread, early, "2026-11-24T09:00:00Z", offset > 0, "ten", at("2026-11-24T09:00:00Z").Add(offset).Format(time.RFC3339Nano)},
		{"behind its offset", spread, early, "2026-11-24T09:30:00Z", false, "ten", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := test.rollout.Decide("17", test.machine, at(test.now))
			opens := ""
			if !got.Opens.IsZero() {
				opens = got.Opens.UTC().Format(time.RFC3339Nano)
			}
			if got.Held != test.held || got.Ring != test.ring || opens != test.opens {
				t.Errorf("got held=%v ring=%q opens=%q (%s), want held=%v ring=%q opens=%q", got.Held, got.Ring, opens, got.Reason, test.held, test.ring, test.opens)
			}
			if got.Held == (got.Reason == "") {
				t.Errorf("held=%v with reason %q", got.Held, got.Reason)
			}
		})
	}
}

// What a machine is told about its opening comes true: not a moment earlier, and then.
func TestOpensIsTrue(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	windows := []*rollout.Window{
		nil,
		{From: 9 * 60, To: 17 * 60, Zone: zone},
		{From: 22 * 60, To: 6 * 60, Zone: zone, Days: []time.Weekday{time.Saturday}},
		{From: 2*60 + 15, To: 4 * 60, Zone: zone},
		{From: 0, To: 0, Zone: zone, Days: []time.Weekday{time.Sunday}},
		{From: 9 * 60, To: 10 * 60, Zone: zone, Days: []time.Weekday{time.Friday}, Deadline: 50 * time.Hour},
	}
	starts := []time.Time{at("2026-03-28T20:00:00Z"), at("2026-10-24T21:30:00Z"), at("2026-11-24T09:00:00Z")}
	for i, window := range windows {
		for _, start := range starts {
			for n := range 20 {
				r := rollout.Rollout{
					Rings:  []rollout.Ring{{Name: "all", Percent: 100, Start: start}},
					Window: window, Splay: 40 * time.Minute,
				}
				for hour := range 60 {
					now := start.Add(time.Duration(hour-10)*time.Hour + 17*time.Minute)
					d := r.Decide("17", machine(n), now)
					if !d.Held {
						continue
					}
					if !d.Opens.After(now) {
						t.Fatalf("window %d, %s: opens %s, which is past", i, now, d.Opens)
					}
					if d := r.Decide("17", machine(n), d.Opens.Add(-time.Second)); !d.Held {
						t.Fatalf("window %d, start %s: at %s it said %s, and was not held a second before", i, start, now, d.Opens)
					}
					if again := r.Decide("17", machine(n), d.Opens); again.Held {
						t.Fatalf("window %d, start %s: at %s it said %s (%s), and is held then until %s (%s)", i, start, now, d.Opens, d.Reason, again.Opens, again.Reason)
					}
				}
			}
		}
	}
}

func TestGrowingAPercentageOnlyAddsMachines(t *testing.T) {
	for n := range 3_000 {
		m, in := machine(n), false
		for percent := 1; percent <= 100; percent++ {
			r := rollout.Rollout{Rings: []rollout.Ring{{Percent: percent}}}
			now := !r.Decide("17", m, at("2026-11-26T09:00:00Z")).Held
			if in && !now {
				t.Fatalf("machine %s left the ring at %d %%", m.ID, percent)
			}
			in = now
		}
		if !in {
			t.Fatalf("machine %s is not among 100 %%", m.ID)
		}
	}
}

// 100,000 ids, within 3 sigma of what they should be.
func TestLotsAreFair(t *testing.T) {
	const ids = 100_000
	for _, percent := range []int{1, 10, 50} {
		count := 0
		for n := range ids {
			if rollout.Lot("17", machine(n).ID) < percent*100 {
				count++
			}
		}
		p := float64(percent) / 100
		if sigma := math.Sqrt(ids * p * (1 - p)); math.Abs(float64(count)-ids*p) > 3*sigma {
			t.Errorf("%d %%: %d of %d machines, which is over 3 sigma (%.0f) away", percent, count, ids, sigma)
		}
	}
}

func TestTwoRolloutsDrawDifferentCanaries(t *testing.T) {
	both := 0
	for n := range 100_000 {
		if id := machine(n).ID; rollout.Lot("17", id) < 100 && rollout.Lot("18", id) < 100 {
			both++
		}
	}
	if both > 30 { // 10 of 1,000 by chance
		t.Errorf("%d of about 1,000 canaries are the same in two rollouts", both)
	}
}

// The second in which most of 100,000 machines begin is no worse than chance.
func TestSplaySpreads(t *testing.T) {
	seconds := map[int]int{}
	for n := range 100_000 {
		seconds[int(rollout.Offset("17", machine(n).ID, 30*time.Minute).Seconds())]++
	}
	worst := 0
	for _, n := range seconds {
		worst = max(worst, n)
	}
	if len(seconds) != 1800 || worst > 95 { // mean 55.6
		t.Errorf("%d seconds are used, the fullest by %d machines", len(seconds), worst)
	}
}

func TestUsableID(t *testing.T) {
	for id, want := range map[string]bool{
		"": false, "00000000000000000000000000000000": false, "uninitialized\n": false, "ffffffff-ffff-ffff-ffff-ffffffffffff": false,
		"03000200-0400-0500-0006-000700080009": false, "abc": false,
		"8f1d9a0e4cbb4a3f9e0d6b1f2a3c4d5e": true, "4C4C4544-0042-3510-8052-B2C04F4D5931": true,
	} {
		if got := rollout.UsableID(id); got != want {
			t.Errorf("UsableID(%q) = %v, want %v", id, got, want)
		}
	}
}

func TestLint(t *testing.T) {
	good := rings
	if f := good.Lint(); len(f) > 0 {
		t.Errorf("a good rollout: %v", f)
	}
	for name, rs := range map[string][]rollout.Ring{
		"last below 100":   {{Percent: 50}},
		"shrinking":        {{Percent: 50}, {Percent: 10}, {Percent: 100}},
		"starts go back":   {{Percent: 10, Start: at("2026-11-26T09:00:00Z")}, {Percent: 100, Start: at("2026-11-24T09:00:00Z")}},
		"over 100":         {{Percent: 101}},
		"nobody":           {{Name: "x"}, {Percent: 100}},
		"not a pattern":    {{Hosts: []string{"[it"}}, {Percent: 100}},
		"the same again":   {{Name: "a", Percent: 10}, {Name: "b", Percent: 10}, {Percent: 100}},
		"behind all":       {{Percent: 100}, {Percent: 100}},
		"behind any host":  {{Hosts: []string{"*"}}, {Percent: 100}},
		"one name twice":   {{Name: "ten", Percent: 10}, {Name: "ten", Percent: 100}},
		"a host twice":     {{Hosts: []string{"it-*"}}, {Hosts: []string{"IT-7"}}, {Percent: 100}},
		"grows, then not":  {{Percent: 10}, {Hosts: []string{"x"}}, {Percent: 5}, {Percent: 100}},
		"open before last": {{Percent: 10, Start: at("2026-11-26T09:00:00Z")}, {Percent: 100}},
	} {
		if f := (rollout.Rollout{Rings: rs}).Lint(); len(f) != 1 {
			t.Errorf("%s: %d faults: %v", name, len(f), f)
		}
	}
}

func TestLintOfAWindow(t *testing.T) {
	for name, c := range map[string]struct {
		mode   rollout.Mode
		window rollout.Window
		faults int
	}{
		"every day":            {rollout.Rings, rollout.Window{From: 540, To: 1020}, 0},
		"no day":               {rollout.Rings, rollout.Window{From: 540, To: 1020, Days: []time.Weekday{}}, 1},
		"a deadline, and hold": {rollout.Hold, rollout.Window{From: 540, To: 1020, Deadline: time.Hour}, 1},
	} {
		if f := (rollout.Rollout{Mode: c.mode, Window: &c.window}).Lint(); len(f) != c.faults {
			t.Errorf("%s: %d faults: %v", name, len(f), f)
		}
	}
}

// A machine without a policy takes the newest that is out: it waits for no ring once a
// percentage follows, but for the window, the splay and a hold as everybody does.
func TestANewMachineTakesWhatIsOut(t *testing.T) {
	late := machine(0)
	for n := 0; rollout.Lot("17", late.ID) < 1000; n++ {
		late = machine(n)
	}
	late.New = true
	hold, windowed := rings, rings
	hold.Mode = rollout.Hold
	windowed.Window = &rollout.Window{From: 9 * 60, To: 10 * 60, Zone: time.UTC}
	for name, c := range map[string]struct {
		r    rollout.Rollout
		now  string
		held bool
	}{
		"nobody but named hosts follows": {rings, "2026-11-24T08:59:59Z", true},
		"ten percent follow":             {rings, "2026-11-24T09:00:00Z", false},
		"on hold":                        {hold, "2026-11-24T09:00:00Z", true},
		"outside the window":             {windowed, "2026-11-24T11:00:00Z", true},
	} {
		if d := c.r.Decide("17", late, at(c.now)); d.Held != c.held || d.Ring != "" && d.Ring != "all" {
			t.Errorf("%s: got %+v", name, d)
		}
	}
}

// Rings of every kind, at every time: whoever follows goes on following, but for a
// window that closes.
func TestWhoFollowsGoesOn(t *testing.T) {
	for n := range 300 {
		m, follows := machine(n), false
		for hour := range 24 * 5 {
			now := at("2026-11-23T00:00:00Z").Add(time.Duration(hour) * time.Hour)
			r := rings
			r.Splay = 90 * time.Minute
			held := r.Decide("17", m, now).Held
			if follows && held {
				t.Fatalf("machine %d is held again at %s", n, now)
			}
			follows = !held
		}
		if !follows {
			t.Fatalf("machine %d never follows", n)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * 24 * time.Hour, "30m": 30 * time.Minute, "1h30m": 90 * time.Minute, "2h": 2 * time.Hour,
		"20s": 20 * time.Second, "1m30s": 90 * time.Second, "1h0m10s": time.Hour + 10*time.Second, "10m": 10 * time.Minute, "0s": 0,
	} {
		got, err := rollout.ParseDuration(text)
		if err != nil || got != want || rollout.Format(got) != text {
			t.Errorf("%s: got %s (%v), written as %s", text, got, err, rollout.Format(got))
		}
	}
	for _, text := range []string{"", "-1d", "x", "5", "-3m", "1.5d"} {
		if d, err := rollout.ParseDuration(text); err == nil {
			t.Errorf("%q: got %s", text, d)
		}
	}
}

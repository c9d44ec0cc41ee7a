package rollout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Window is the part of the week in which a policy may be taken up.
type Window struct {
	Days     []time.Weekday // on which it begins; nil for every day
	From, To Clock          // To before From: over midnight; both the same: all day
	Zone     *time.Location // nil for the machine's own
	// Deadline is how long behind its ring's start a machine that was off in every
	// window still has to wait for one; 0 for ever.
	Deadline time.Duration
}

// Clock is a time of day in minutes.
type Clock int

// ParseClock reads "09:00".
func ParseClock(s string) (Clock, error) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || len(m) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, fmt.Errorf("%q is not a time of day such as 09:00", s)
	}
	return Clock(hour*60 + minute), nil
}

// String is "09:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// String names the window for people: "mon, tue 09:00-17:00".
func (w Window) String() string {
	text := w.From.String() + "-" + w.To.String()
	if w.Zone != nil {
		text += " " + w.Zone.String()
	}
	if len(w.Days) == 0 {
		return text
	}
	return strings.Join(names(w.Days), ", ") + " " + text
}

func names(days []time.Weekday) []string {
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = strings.ToLower(d.String()[:3])
	}
	return out
}

// open reports whether t lies in the window. The clock on the wall counts: in the
// night when it is put back an hour counts twice, when it is put forward an hour is
// missing.
func (w Window) open(t time.Time) bool {
	t = w.local(t)
	at := Clock(t.Hour()*60 + t.Minute())
	switch {
	case w.From == w.To:
		return w.on(t.Weekday())
	case w.From < w.To:
		return w.on(t.Weekday()) && at >= w.From && at < w.To
	case at >= w.From:
		return w.on(t.Weekday())
	default: // behind midnight: the day on which the window began counts
		return at < w.To && w.on(before(t.Weekday()))
	}
}

func before(d time.Weekday) time.Weekday { return (d + 6) % 7 }

func (w Window) on(d time.Weekday) bool { return len(w.Days) == 0 || slices.Contains(w.Days, d) }

func (w Window) local(t time.Time) time.Time {
	if w.Zone == nil {
		return t.Local()
	}
	return t.In(w.Zone)
}

func (w Window) overdue(begin, now time.Time) bool {
	return w.Deadline > 0 && !now.Before(begin.Add(w.Deadline))
}

const dayMinutes = 24 * 60

func (w Window) length() time.Duration {
	minutes := (int(w.To) - int(w.From) + dayMinutes) % dayMinutes
	if minutes == 0 {
		minutes = dayMinutes
	}
	return time.Duration(minutes) * time.Minute
}

// began is when the window that t lies in began; zero when it never closed before.
func (w Window) began(t time.Time) time.Time {
	t = w.local(t)
	day := 0
	switch at := Clock(t.Hour()*60 + t.Minute()); {
	case w.From == w.To && w.on(before(t.Weekday())):
		return time.Time{}
	case w.From == w.To:
		return w.date(t, 0, 0)
	case at < w.From:
		day = -1
	}
	return w.date(t, day, w.From)
}

func (w Window) date(t time.Time, day int, at Clock) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+day, int(at)/60, int(at)%60, 0, 0, t.Location())
}

// next is the time at which the window opens next, behind t; zero for never.
func (w Window) next(t time.Time) time.Time {
	t = w.local(t)
	from := w.From
	if w.From == w.To {
		from = 0
	}
	for day := range 9 {
		opens := w.date(t, day, from)
		if !w.open(opens) { // the hour that is missing when clocks are put forward
			opens = opens.Add(time.Hour)
		}
		if opens.After(t) && w.open(opens) {
			return opens
		}
	}
	return time.Time{}
}

// earliest is when a closed window lets somebody through: at its next opening, or at
// the deadline if that comes first.
func (w Window) earliest(now, begin time.Time) time.Time {
	opens := w.next(now)
	if due := begin.Add(w.Deadline); w.Deadline > 0 && (opens.IsZero() || due.Before(opens)) {
		return due
	}
	return opens
}

// ParseDuration reads a duration as Go writes one, and whole days: "30m", "7d".
func ParseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 3650 {
			return 0, fmt.Errorf("%q is not a duration such as 30m, 12h or 7d", s)
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 30m, 12h or 7d", s)
	}
	return d, nil
}

// Format is a duration as people write it: 30m, 7d.
func Format(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

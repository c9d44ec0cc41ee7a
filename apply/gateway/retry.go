package gateway

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

const (
	pauseFirst    = 500 * time.Millisecond // doubled before each retry, so 1 s before the first
	pauseMost     = 4 * time.Second
	pauseLeast    = 100 * time.Millisecond // where the server asks for none at all
	retryAfterMax = 5 * time.Second
	timeoutUsual  = 10 * time.Second
	attemptsUsual = 3
)

// pause is what a server asked for with Retry-After.
type pause struct {
	asked bool
	time  time.Duration
}

// persist tries until there is an answer that trying again would not change, or no
// more tries, or no more time.
func (s session) persist(ctx context.Context, t target, a *Answer) outcome {
	attempts := s.request.Attempts
	if attempts <= 0 {
		attempts = attemptsUsual
	}
	ceiling := pauseFirst
	for {
		a.Attempts++
		o := s.try(ctx, t)
		ceiling = min(2*ceiling, pauseMost)
		if !o.again || a.Attempts == attempts {
			return o
		}
		if !s.wait(ctx, o, ceiling) {
			return stopped(ctx, o)
		}
	}
}

// wait sleeps before the next try: a random part of ceiling, so that many machines
// that failed together do not come back together, or what the server asked for. It
// reports false where that is not worth it: too long, or past the end of the call.
func (s session) wait(ctx context.Context, o outcome, ceiling time.Duration) bool {
	d := time.Duration(s.client.random() * float64(ceiling))
	if o.pause.asked {
		if o.pause.time > retryAfterMax {
			return false
		}
		d = max(d, o.pause.time, pauseLeast)
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	return s.client.sleep(ctx, d) == nil
}

// stopped is the last outcome, unless the caller ended the call.
func stopped(ctx context.Context, last outcome) outcome {
	if errors.Is(ctx.Err(), context.Canceled) {
		return outcome{class: Canceled, detail: "stopped before asking again"}
	}
	return last
}

// retryAfter reads the header in both its forms, seconds and a date. One that
// cannot be read counts as none.
func retryAfter(h http.Header, now time.Time) pause {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return pause{true, time.Duration(n) * time.Second}
	}
	if at, err := http.ParseTime(text); err == nil {
		return pause{true, max(0, at.Sub(now))}
	}
	return pause{}
}

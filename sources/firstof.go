package sources

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// firstOf asks sources in turn and takes the first that has the key, so that one
// policy serves a laptop and a runner. It goes on only where there is nothing: a
// source that has something and cannot give it ends the search.
type firstOf struct{ sources []Source }

func (s firstOf) Ref() Ref {
	refs := make([]string, len(s.sources))
	for i, one := range s.sources {
		refs[i] = string(one.Ref())
	}
	return Ref(strings.Join(refs, " or "))
}

func (s firstOf) Fetch(ctx context.Context) (Fetched, error) {
	var missing []string
	kind := KindMissing
	for _, one := range s.sources {
		got, err := one.Fetch(ctx)
		if err == nil {
			got.Ref = one.Ref()
			return got, nil
		}
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindMissing && e.Kind != KindEmpty && e.Kind != KindUnavailable {
			return Fetched{}, err
		}
		if e.Kind == KindEmpty {
			kind = KindEmpty
		}
		missing = append(missing, e.Error())
	}
	return Fetched{}, &Error{
		Kind: kind, Ref: "first_of", Message: "no source has the key: " + strings.Join(missing, "; "),
		Hint: "set one of them up",
	}
}

// Close closes every source that wants it.
func (s firstOf) Close(ctx context.Context) error {
	var errs []error
	for _, one := range s.sources {
		if c, ok := one.(closer); ok {
			errs = append(errs, c.Close(ctx))
		}
	}
	return errors.Join(errs...)
}

// SingleUse reports that one of the sources can be asked only once.
func (s firstOf) SingleUse() bool {
	return slices.ContainsFunc(s.sources, func(one Source) bool {
		once, ok := one.(interface{ SingleUse() bool })
		return ok && once.SingleUse()
	})
}

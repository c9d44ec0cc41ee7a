package apply

import (
	"context"
	"fmt"
	"strings"
)

// purge removes the state folder of a home in which everything has been given back.
func (r *run) purge(ctx context.Context) error {
	if !r.session.HasState() {
		return nil
	}
	if !r.locked {
		if err := r.lock(ctx); err != nil {
			return err
		}
	}
	path := r.session.StatePath()
	kept, err := r.session.Purge()
	switch {
	case err != nil:
		return fmt.Errorf("everything is given back, but: %w", err)
	case len(kept) > 0:
		r.note(fmt.Sprintf("%s stays: %s in it is not codexform's", path, strings.Join(kept, ", ")))
	default:
		r.note(path + " is gone: codexform remembers nothing of this home")
	}
	return nil
}

//go:build linux && amd64

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// wineKill kills the program as it is built for Windows, and Wine with it, before every
// call by which the two change a file of the home. .ci/wine.sh starts it: it says how the
// program is run, and where Wine's own root is. CRASH_CASES and CRASH_EVERY make it less.
func (l *lab) wineKill() error {
	wine := os.Getenv("CRASH_WINE")
	if wine == "" {
		return nil // everywhere but there
	}
	if err := l.serve(); err != nil {
		return err
	}
	every, _ := strconv.Atoi(os.Getenv("CRASH_EVERY"))
	under := filepath.Dir(l.home)
	var all totals
	for _, r := range chosenReals() {
		w := l.realWalk(r, "kill")
		// a wineserver that a run found there would write for it, and be nobody's child
		w.setup = fmt.Sprintf("w='chroot %s /usr/lib/wine/wineserver64'; $w -k; $w -w; ", wine) + w.setup
		w.quick, w.every, w.under = true, every, under+","+wine+under
		t, err := l.run(w)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		fmt.Printf("    %-20s %s\n", r.name, t)
		all.add(t)
	}
	l.figure("apply on Windows, as Wine plays it: kill at every call", all)
	return l.strangers()
}

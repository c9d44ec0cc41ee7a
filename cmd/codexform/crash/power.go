//go:build linux && amd64

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// disks are the file systems that the power is cut on. A cut is the ioctl that shuts
// one down; nolog loses what was not synced, log writes the journal but no data.
var disks = []struct{ name, size, mkfs, options string }{
	{"ext4", "64M", "mkfs.ext4 -q", "defaults"},
	{"ext4, noauto_da_alloc", "64M", "mkfs.ext4 -q", "noauto_da_alloc"},
	{"xfs", "320M", "mkfs.xfs -q", "defaults"},
}

// power cuts the power at every call, on real file systems in a loop file. After a
// success the new state has to be there.
func (l *lab) power() error {
	home := l.home
	defer func() { l.home = home }()
	for _, d := range disks {
		for _, flush := range []string{"nolog", "log"} {
			if err := l.cut(d.name, d.size, d.mkfs, d.options, flush); err != nil {
				return fmt.Errorf("%s: %w", d.name, err)
			}
		}
	}
	return nil
}

func (l *lab) cut(name, size, mkfs, options, flush string) error {
	image, mount := l.path("image"), l.path("disk")
	if err := os.MkdirAll(mount, 0o755); err != nil {
		return err
	}
	again := fmt.Sprintf("mount -o loop,%s %s %s", options, image, mount)
	if _, err := l.sh("rm -f %s; truncate -s %s %s && %s %s && %s", image, size, image, mkfs, image, again); err != nil {
		return err
	}
	defer l.sh("umount %s", mount)
	l.home = filepath.Join(mount, "h", "home")
	var sum totals
	for _, c := range []string{"first-install", "same-origin", "new-origin"} {
		w := l.demoWalk(c, "apply", "kill")
		w.under = mount
		w.setup = fmt.Sprintf("mkdir -p %s; %s; sync -f %s", filepath.Dir(l.home), w.setup, mount)
		check := w.check
		script := []string{
			`[ "$CW_FAULT" = none ] && export CW_ENDED=1`,
			fmt.Sprintf("%s cut %s %s && umount %s && %s || { echo CUT-FAILED; exit 1; }", l.bin("judge"), mount, flush, mount, again),
			"CW_FAULT=power " + check,
		}
		path := l.path("cut")
		if err := os.WriteFile(path, []byte(strings.Join(script, "\n")+"\n"), 0o600); err != nil {
			return err
		}
		w.check, w.check2 = "sh "+path, "CW_FAULT=power "+check
		t, err := l.run(w)
		if err != nil {
			return err
		}
		t.cases++ // and after a success
		sum.add(t)
	}
	l.figure(fmt.Sprintf("power cut at every call: %s, %s", name, flush), sum)
	return nil
}

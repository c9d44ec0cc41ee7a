//go:build !windows

package cli_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/spf13/afero"
)

// strangerFs is a disk on which one file belongs to somebody else.
type strangerFs struct {
	afero.Fs
	name string
}

func (f strangerFs) Stat(name string) (fs.FileInfo, error) {
	info, err := f.Fs.Stat(name)
	if err == nil && filepath.Base(name) == f.name {
		return strangerInfo{info}, nil
	}
	return info, err
}

type strangerInfo struct{ fs.FileInfo }

func (i strangerInfo) Sys() any {
	own := *i.FileInfo.Sys().(*syscall.Stat_t)
	own.Uid += 7
	return &own
}

func TestDoctorFindsAStrangersFile(t *testing.T) {
	p := newPatient(t)
	p.fs = strangerFs{p.fs, "auth.json"}
	code, e := p.examine("--codex", "off")
	if code != 2 || len(e.Doctor.Findings) != 1 || e.Doctor.Findings[0].ID != "file-owner" {
		t.Errorf("exit %d, %+v", code, e.Doctor.Findings)
	}
}

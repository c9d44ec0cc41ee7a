package report

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/status"
)

// Bounds of what is read: a status has some hundred bytes.
const (
	maxStatus   = 1 << 20
	maxMachines = 1_000_000
)

// Read reads statuses from folders (every *.json below them), tar files (.tar, .tgz,
// .tar.gz), files of JSON lines and single files. A machine is named for its file, for
// the folder of a status.json, or for the member host of a JSON line. What is no status
// is counted, and stops nothing.
func Read(fs afero.Fs, names []string) (all []Machine, unreadable int, err error) {
	r := reader{fs: fs}
	for _, name := range names {
		if err := r.input(name); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", name, err)
		}
	}
	return r.all, r.unreadable, nil
}

type reader struct {
	fs         afero.Fs
	all        []Machine
	unreadable int
}

func (r *reader) input(name string) error {
	info, err := r.fs.Stat(name)
	switch {
	case err != nil:
		return bare(err)
	case info.IsDir():
		return r.folder(name)
	}
	f, _, err := bounded.Open(r.fs, name)
	if err != nil {
		return bare(err)
	}
	defer f.Close()
	switch {
	case strings.HasSuffix(name, ".tgz"), strings.HasSuffix(name, ".tar.gz"):
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		return r.tar(z)
	case strings.HasSuffix(name, ".tar"):
		return r.tar(f)
	}
	return r.lines(host(name), f)
}

func (r *reader) folder(dir string) error {
	return afero.Walk(r.fs, dir, func(name string, info fsInfo, err error) error {
		below := strings.TrimLeft(strings.TrimPrefix(name, dir), `/\`)
		if err != nil {
			return fmt.Errorf("%s: %w", below, bare(err))
		}
		if !info.Mode().IsRegular() || !strings.HasSuffix(name, ".json") {
			return nil
		}
		f, _, err := bounded.Open(r.fs, name)
		if err != nil {
			return fmt.Errorf("%s: %w", below, bare(err))
		}
		defer f.Close()
		return r.lines(host(strings.ReplaceAll(name, `\`, "/")), f)
	})
}

func (r *reader) tar(in io.Reader) error {
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeReg && strings.HasSuffix(h.Name, ".json") {
			if err := r.lines(host(h.Name), t); err != nil {
				return err
			}
		}
	}
}

// lines reads one document, or one on each line.
func (r *reader) lines(host string, in io.Reader) error {
	buffered := bufio.NewReader(in)
	dec := json.NewDecoder(io.LimitReader(buffered, maxStatus*64))
	for len(r.all) < maxMachines {
		var doc json.RawMessage
		err := dec.Decode(&doc)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			r.unreadable++
			return nil // what follows cannot be found any more
		}
		r.add(host, doc)
	}
	return fmt.Errorf("more than %d machines", maxMachines)
}

// add takes one document: a status, or one with a status for each user.
func (r *reader) add(host string, doc json.RawMessage) {
	var m struct {
		Host  string          `json:"host"`
		Users []status.Status `json:"users"`
		status.Status
	}
	if err := json.NewDecoder(bytes.NewReader(doc)).Decode(&m); err != nil {
		r.unreadable++
		return
	}
	if m.Host != "" {
		host = m.Host
	}
	for _, s := range append(m.Users, m.Status) {
		switch {
		case s.FormatVersion == status.FormatVersion && s.State != "":
			r.all = append(r.all, Machine{host, s})
		case len(m.Users) == 0:
			r.unreadable++
		}
	}
}

// host names a machine for its file.
func host(name string) string {
	base := strings.TrimSuffix(path.Base(name), ".json")
	if base == "status" {
		if dir := path.Base(path.Dir(name)); dir != "." && dir != "/" {
			return dir
		}
	}
	return base
}

package report

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/status"
)

// maxMachines bounds what is held; a status has some hundred bytes.
const maxMachines = 1_000_000

// Read reads statuses from folders (every *.json below them), tar files (.tar, .tgz,
// .tar.gz), files of JSON lines and single files. A machine is named for its file, for
// the folder of a status.json, or for the member host of a JSON line. What is no status
// is counted, and stops nothing; of several statuses of one home the newest counts.
func Read(fs afero.Fs, names []string) (Fleet, error) {
	r := reader{fs: fs}
	for _, name := range names {
		if err := r.input(name); err != nil {
			return Fleet{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	r.newest()
	return r.Fleet, nil
}

// Fleet is what was read.
type Fleet struct {
	Machines   []Machine
	Unreadable int // inputs that are no status
	Older      int // statuses of a home that has a newer one
}

type reader struct {
	Fleet
	fs afero.Fs
}

// home is what one status is of.
type home struct{ host, user, dir string }

// newest leaves one status of each home: the last run's, and of equals the last read.
func (r *reader) newest() {
	at := map[home]int{}
	kept := r.Machines[:0]
	for _, m := range r.Machines {
		h := home{m.Host, m.User, m.Home}
		i, is := at[h]
		switch {
		case !is:
			at[h] = len(kept)
			kept = append(kept, m)
		case !m.LastRun.Before(kept[i].LastRun):
			kept[i] = m
		}
	}
	r.Older = len(r.Machines) - len(kept)
	r.Machines = kept
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

// folder reads what is below a folder, one that a link names too. What cannot be read
// there is counted.
func (r *reader) folder(dir string) error {
	return afero.Walk(r.fs, strings.TrimRight(dir, `/\`)+"/", func(name string, info fsInfo, err error) error {
		switch {
		case err != nil:
			r.Unreadable++
			return nil
		case !info.Mode().IsRegular() || !strings.HasSuffix(name, ".json"):
			return nil
		}
		switch err := r.file(name); {
		case bounded.Silent(err): // as the next ones will be
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		default:
			return err
		}
	})
}

// file reads one file of a folder.
func (r *reader) file(name string) error {
	f, _, err := bounded.Open(r.fs, name)
	switch {
	case bounded.Silent(err):
		return err
	case err != nil:
		r.Unreadable++
		return nil
	}
	defer f.Close()
	return r.lines(host(strings.ReplaceAll(name, `\`, "/")), f)
}

// tar reads an archive; one that is cut short gives what it had.
func (r *reader) tar(in io.Reader) error {
	t := tar.NewReader(in)
	for first := true; ; first = false {
		h, err := t.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil && first:
			return err
		case err != nil:
			r.Unreadable++
			return nil
		}
		if h.Typeflag == tar.TypeReg && strings.HasSuffix(h.Name, ".json") {
			if err := r.lines(host(h.Name), t); err != nil {
				return err
			}
		}
	}
}

// add takes one document: a status, or one with a status for each user.
func (r *reader) add(host string, doc []byte) {
	var m struct {
		Host  string          `json:"host"`
		Users []status.Status `json:"users"`
		status.Status
	}
	if err := json.Unmarshal(doc, &m); err != nil {
		r.Unreadable++
		return
	}
	if m.Host != "" {
		host = m.Host
	}
	for _, s := range append(m.Users, m.Status) {
		switch {
		case s.FormatVersion == status.FormatVersion && stateWords[s.State] != "":
			r.Machines = append(r.Machines, cleaned(Machine{host, s}))
		case len(m.Users) == 0 || s.State != "":
			r.Unreadable++
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

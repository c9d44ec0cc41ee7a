package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/codexform/codexform/plan/bounded"
)

// maxStatus bounds one document: a status has some hundred bytes.
const maxStatus = 1 << 20

var errTooMany = fmt.Errorf("more than %d machines", maxMachines)

// documents finds the documents of a file: one, one on each line, or several that were
// put one behind the other. It reads by lines, so that a broken one costs itself alone:
// whatever begins a line with a brace begins a document.
type documents struct {
	each func(doc []byte)
	bad  func()
	doc  []byte
	skip bool // what comes belongs to a document that was given up
	mid  bool // what comes goes on with a line
}

// maxLine is more than any document has in one line, so that a file of nothing but zeros
// is not read to its end; maxInput is what maxMachines come to.
const (
	maxLine  = 16 << 20
	maxInput = 2 << 30
)

// lines reads the documents of one file.
func (r *reader) lines(host string, in io.Reader) error {
	d := documents{each: func(doc []byte) { r.add(host, doc) }, bad: func() { r.Unreadable++ }}
	buffered := bufio.NewReaderSize(io.LimitReader(in, maxInput), 64<<10)
	if first, _ := buffered.Peek(64); bytes.HasPrefix(bytes.TrimSpace(first), []byte("[")) {
		return r.list(host, buffered)
	}
	for long := 0; ; {
		line, err := buffered.ReadSlice('\n')
		d.line(line)
		if long += len(line); err == nil {
			long = 0
		}
		switch {
		case long > maxLine:
			r.Unreadable++
			return nil
		case len(r.Machines) > maxMachines:
			return errTooMany
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case bounded.Silent(err):
			return err
		case err != nil && err != io.EOF:
			r.Unreadable++ // cut short, as an archive may be
			return nil
		case err == io.EOF:
			d.end()
			return nil
		}
	}
}

// list reads the documents of one JSON array; behind a fault nothing can be found.
func (r *reader) list(host string, in io.Reader) error {
	dec := json.NewDecoder(in)
	_, err := dec.Token()
	for err == nil && dec.More() {
		var doc json.RawMessage
		if err = dec.Decode(&doc); err == nil {
			r.add(host, doc)
		}
		if len(r.Machines) > maxMachines {
			return errTooMany
		}
	}
	if err == nil {
		_, err = dec.Token() // its end
	}
	if err != nil {
		r.Unreadable++
	}
	return nil
}

// line takes one line, or as much of a long one as is there.
func (d *documents) line(line []byte) {
	if !d.mid {
		line = bytes.TrimPrefix(line, []byte("\ufeff")) // as PowerShell begins a file
	}
	starts := !d.mid && bytes.HasPrefix(line, []byte("{"))
	whole := bytes.HasSuffix(line, []byte("\n"))
	d.mid = !whole
	switch {
	case starts:
		d.end()
		d.skip = false
	case d.skip, len(d.doc) == 0 && len(bytes.TrimSpace(line)) == 0:
		return
	}
	if d.doc = append(d.doc, line...); len(d.doc) > maxStatus {
		d.giveUp()
	} else if starts && whole || bytes.HasPrefix(line, []byte("}")) {
		d.try()
	}
}

// try takes what is there, if it is whole.
func (d *documents) try() {
	if json.Valid(d.doc) {
		d.each(d.doc)
		d.doc = d.doc[:0]
	}
}

// end takes what is there; if it is not whole, it will not become so.
func (d *documents) end() {
	if d.try(); len(d.doc) > 0 {
		d.giveUp()
	}
}

func (d *documents) giveUp() {
	d.bad()
	d.doc, d.skip = d.doc[:0], true
}

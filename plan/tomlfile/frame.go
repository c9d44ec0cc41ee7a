package tomlfile

import (
	"slices"
	"strconv"

	"github.com/codexform/codexform/plan"
)

// frame is what we put around new keys, to go when nothing stands in it any more:
// a header or an inline table, blank lines.
type frame struct {
	At     plan.Address `json:"at,omitempty"` // of the table; empty for the first root keys
	Above  bool         `json:"above,omitempty"`
	Below  bool         `json:"below,omitempty"`
	Open   bool         `json:"open,omitempty"`   // the file had no final newline
	Inline bool         `json:"inline,omitempty"` // we made the inline table At
	Gap    *string      `json:"gap,omitempty"`    // what stood in the empty inline table At
}

// name is equal for frames of one kind and table.
func (f frame) name() string {
	return f.At.String() + strconv.FormatBool(f.Inline) + strconv.FormatBool(f.Gap != nil)
}

// around reports whether a key at an address stands in the frame: directly in a
// table with a header, at any depth in an inline table.
func (f frame) around(at plan.Address) bool {
	if f.Inline || f.Gap != nil {
		return len(at) > len(f.At) && at.HasPrefix(f.At)
	}
	return f.At.Equal(at[:len(at)-1])
}

// share adds to the step of a new key the frames that are around it already: the
// key that is taken back last takes them along.
func (s *state) share(r *step) {
	own := len(r.Frames)
	for _, f := range slices.Backward(s.frames) {
		same := func(g frame) bool { return g.name() == f.name() }
		if f.around(r.at) && !slices.ContainsFunc(r.Frames, same) {
			r.Frames = append(r.Frames[:len(r.Frames):len(r.Frames)], f)
		}
	}
	s.frames = append(s.frames, r.Frames[:own]...)
}

// unframe removes frames in which nothing is left.
func (s *state) unframe(frames []frame) error {
	if len(frames) == 0 {
		return nil
	}
	for _, f := range frames {
		if err := s.flush(); err != nil {
			return err
		}
		s.unframeOne(f)
	}
	return s.flush()
}

func (s *state) unframeOne(f frame) {
	n, depth := s.index.find(f.At)
	switch {
	case depth < len(f.At):
	case f.Inline && n.shape == inline && len(n.pairs) == 0 && n.holder != nil:
		s.add(s.index.cutPair(n)...)
		s.drop(f.At)
	case f.Gap != nil && n.shape == inline && len(n.pairs) == 0 && blank(*f.Gap):
		s.add(&cut{start: n.val + 1, end: n.end - 1, text: *f.Gap})
	case f.Inline || f.Gap != nil || n.section < 0:
	case len(s.index.sections[n.section].pairs) > 0:
	case n == s.index.root:
		s.unframeRoot(f)
	case n.shape == header:
		s.unframeHeader(f, n)
	}
}

// unframeRoot removes the blank lines around what were the first root keys.
func (s *state) unframeRoot(f frame) {
	text := s.index.text
	end := s.index.beforeTables()
	if f.Open && f.Above && end == len(text) {
		s.add(&cut{start: len(chomp(text)), end: end}) // the blank line is the open one now
		return
	}
	start := end
	for _, there := range []bool{f.Below, f.Above} {
		if there && blankAbove(text, start) {
			start = lineStart(text, start-1)
		}
	}
	if start < end {
		s.add(s.index.cutLines(start, end))
	}
}

func (s *state) unframeHeader(f frame, n *node) {
	x := s.index
	sec := x.sections[n.section]
	start, end := sec.start, sec.end
	if f.Above && blankAbove(x.text, start) {
		start = lineStart(x.text, start-1)
	}
	if f.Below && blankAt(x.text, end) {
		end = lineEnd(x.text, end)
	}
	s.add(x.cutLines(start, end))
	if len(n.kids) == 0 {
		s.drop(f.At)
	}
}

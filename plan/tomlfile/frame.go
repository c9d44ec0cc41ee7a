package tomlfile

import (
	"slices"

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

// frameName is equal for frames of one kind and table.
type frameName struct {
	at          string
	inline, gap bool
}

func (f frame) name() frameName { return frameName{f.At.Key(), f.Inline, f.Gap != nil} }

// frames are the latest frame of each kind, by the keys of their tables.
type frames map[string][]numbered

// numbered is a frame and its place among all.
type numbered struct {
	frame
	number int
}

// add makes frames the latest.
func (fs frames) add(number int, added []frame) int {
	for _, f := range added {
		number++
		key := f.At.Key()
		fs[key] = append(slices.DeleteFunc(fs[key], func(g numbered) bool { return g.name() == f.name() }), numbered{f, number})
	}
	return number
}

// around are the frames around a key at an address, the latest first.
func (fs frames) around(at plan.Address) []numbered {
	var found []numbered
	for n := range len(at) {
		for _, f := range fs[at[:n].Key()] {
			if f.around(at) {
				found = append(found, f)
			}
		}
	}
	slices.SortFunc(found, func(a, b numbered) int { return b.number - a.number })
	return found
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
	own := r.Frames
	for _, f := range s.frames.around(r.at) {
		same := func(g frame) bool { return g.name() == f.name() }
		if !slices.ContainsFunc(r.Frames, same) {
			r.Frames = append(r.Frames[:len(r.Frames):len(r.Frames)], f.frame)
		}
	}
	s.framed = s.frames.add(s.framed, own)
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
	case f.Inline && n.shape == inline && len(n.pairs()) == 0 && n.holder != nil:
		s.add(s.index.cutPair(n)...)
		s.drop(f.At)
	case f.Gap != nil && n.shape == inline && len(n.pairs()) == 0 && blank(*f.Gap):
		s.add(&cut{start: n.val + 1, end: n.end - 1, text: *f.Gap})
	case f.Inline || f.Gap != nil || n.section == nil:
	case len(n.section.pairs) > 0:
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
	sec := n.section
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

package tomlfile

import "github.com/codexform/codexform/plan"

// row is new tables that come one behind the other, in one round. Each stands where it
// would if the one before it had been in the file already: so many tables take one
// round, and the outcome is that of a round for each.
type row struct {
	node   *node // below which, or at the end of the file for the root
	last   *block
	tables map[string]*block // by a table and all above it: the last block in it
}

// cover notes that a block is the last in its table and all above it.
func (r *row) cover(table plan.Address, b *block) {
	for n := 1; n <= len(table); n++ {
		r.tables[table[:n].Key()] = b
	}
}

// link puts a block behind the last new one of this round, where that is its place: its
// closest relative's last table is that one. An older relative, and a table above one of
// the row, have their places elsewhere.
func (s *state) link(n *node, b *block, table plan.Address, r *step) bool {
	if s.row.node != n || s.row.last == nil || s.index.fenced || s.row.tables[table.Key()] != nil {
		return false
	}
	for k := len(table) - 1; k > 0; k-- {
		if closest := s.row.tables[table[:k].Key()]; closest != nil && closest != s.row.last {
			return false
		} else if closest != nil {
			break
		}
	}
	b.above = true
	b.frames = []frame{{At: table, Above: true, Open: openEnd(s.index.text)}}
	s.row.last.next, s.row.last = b, b
	s.row.cover(table, b)
	s.blocks[b.name] = b
	r.Frames = b.frames
	return true
}

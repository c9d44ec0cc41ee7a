package tomlfile

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// tail is the rest of a removed line behind the equals sign: a value in its spelling, and
// the comment behind it.
type tail struct {
	value plan.Value
	text  string
}

// lose keeps the tails of removed text that has no place of its own any more: where its
// keys are written anew, they keep their spelling and comments.
func (s *state) lose(pieces []piece) {
	for _, p := range pieces {
		text := p.Text
		if p.Table != nil {
			continue
		}
		if p.In != nil && len(*p.In) > 0 {
			text = "[" + p.In.TOML() + "]\n" + text
		}
		x, err := read(text, false)
		if err != nil {
			continue
		}
		for _, sec := range x.sections {
			for _, pair := range sec.pairs {
				s.loseLine(pair, x.text[pair.val:lineEnd(x.text, pair.end)])
			}
		}
	}
}

func (s *state) loseLine(pair *node, text string) {
	text = chomp(text)
	if strings.ContainsAny(text, "\r\n") {
		return // the lines of a list: its line ends may not be those of the file
	}
	if s.lost == nil {
		s.lost = map[string]tail{}
	}
	s.lost[pair.address().TOML()] = tail{pair.decoded(), text}
}

// line is a new line for the key at an address, with its last segments as they are to
// be spelt.
func (s *state) line(at plan.Address, key plan.Address, v plan.Value) string {
	if len(s.lost) == 0 {
		return line(key, v)
	}
	if t, lost := s.lost[at.TOML()]; lost && t.value.Equal(v) {
		return key.TOML() + " = " + t.text
	}
	return line(key, v)
}

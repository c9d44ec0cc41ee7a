package ui

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// inFull is the command that shows a plan with nothing folded.
func inFull(p plan.Plan) string {
	switch {
	case p.Rollback:
		return "plan --rollback --full"
	case p.Desired.Empty():
		return "plan --destroy --full"
	}
	return "plan --full"
}

// table prints what changes, a line for each key where that has room.
func (v *textView) table(p plan.Plan) {
	all := sections(p)
	for i := range all {
		if !v.Full {
			all[i].rows = folded(all[i].rows, inFull(p))
		}
		all[i].rows = v.plainRows(all[i].rows)
	}
	v.layOut(all, func(s section) {
		v.say("")
		v.title(s)
	})
}

// layOut prints sections, a line for each row where every row has room on one.
func (v *textView) layOut(all []section, title func(section)) {
	name, val := widths(all)
	fits := v.fits(all, name, val)
	for _, s := range all {
		title(s)
		for _, r := range s.rows {
			if fits {
				v.say("  " + v.row(r, name, val))
			} else {
				v.stacked(r)
			}
		}
	}
}

func (v *textView) title(s section) {
	lines := wrap("", strings.TrimRight(s.path+"  "+s.note, " "), v.lineWidth()-len("~ "))
	if len(lines) == 1 {
		v.say(strings.TrimRight(v.style.paint(s.kind, s.glyph+" "+s.path)+"  "+s.note, " "))
		return
	}
	v.say(v.style.paint(s.kind, s.glyph+" "+s.path))
	v.prose("  ", s.note)
}

func (v *textView) row(r row, name, val int) string {
	line := v.style.paint(r.kind, r.glyph+" "+r.name) + blanks(r.name, name) + "  "
	if strings.HasPrefix(r.value, "(") {
		line += v.style.paint(secret, r.value)
	} else {
		line += r.value
	}
	if r.place+r.note == "" {
		return line
	}
	line += blanks(r.value, val)
	for _, more := range []string{r.place, r.note} {
		if more != "" {
			line += "  " + v.style.paint(faint, more)
		}
	}
	return line
}

// blanks fill a column up behind s.
func blanks(s string, width int) string { return strings.TrimPrefix(pad(s, width), s) }

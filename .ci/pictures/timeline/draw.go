package timeline

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/.ci/pictures/drawing"
)

// Pictures draws the steps for a wide page and a narrow one, in light and in dark.
func Pictures(spans []Span) map[string]string {
	pictures := map[string]string{}
	for scheme, theme := range map[string]drawing.Theme{"light": drawing.Light, "dark": drawing.Dark} {
		pictures["apply-"+scheme+".svg"] = svg(spans, 760, theme)
		pictures["apply-narrow-"+scheme+".svg"] = svg(spans, 368, theme)
	}
	return pictures
}

const (
	edge = 16
	row  = 38
)

// commit is the span that begins with the commit: a kill before it leaves the old files,
// one after it the new ones.
const commit = 7

func svg(spans []Span, width int, theme drawing.Theme) string {
	var b strings.Builder
	height := 2*edge + 30 + row*len(spans) + 64
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>What happens when in an apply</title>\n<style>text{font:13px system-ui,sans-serif;fill:%s}.ms{text-anchor:end;font-variant-numeric:tabular-nums}.small{font-size:12px;fill:%s}</style>\n", theme["ink"], theme["faint"])
	fmt.Fprintf(&b, `<rect x="0.5" y="0.5" width="%d" height="%d" rx="6" fill="%s" stroke="%s"/>`+"\n", width-1, height-1, theme["paper"], theme["edge"])
	scale := float64(width-2*edge) / float64(total(spans))
	fmt.Fprintf(&b, `<text x="%d" y="%d">an apply of another model and another key: %s ms</text>`+"\n", edge, edge+12, ms(total(spans)))
	x := float64(edge)
	for i, s := range spans {
		y, w := edge+34+i*row, float64(s.Took)*scale
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text><text x="%d" y="%d" class="ms">%s ms</text>`+"\n", edge, y+8, s.Name, width-edge, y+8, ms(s.Took))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="8" rx="2" fill="%s"/><rect x="%.1f" y="%d" width="%.1f" height="8" rx="2" fill="%s"/>`+"\n",
			edge, y+14, width-2*edge, theme["edge"], x, y+14, max(w, 1.5), theme[colour(s.Name)])
		x += w
	}
	disk(&b, spans, scale, width, edge+30+row*len(spans), theme)
	b.WriteString("</svg>\n")
	return b.String()
}

// disk is the band of what a kill would leave.
func disk(b *strings.Builder, spans []Span, scale float64, width, y int, theme drawing.Theme) {
	at := edge + float64(total(spans[:commit]))*scale
	fmt.Fprintf(b, `<text x="%d" y="%d">killed here, the next run makes both files:</text>`+"\n", edge, y+14)
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%.1f" height="10" fill="%s"/><rect x="%.1f" y="%d" width="%.1f" height="10" fill="%s"/>`+"\n",
		edge, y+22, at-edge, theme["faint"], at, y+22, float64(width-edge)-at, theme["green"])
	fmt.Fprintf(b, `<text x="%d" y="%d" class="small">the old ones</text><text x="%d" y="%d" class="small" text-anchor="end">the new ones</text>`+"\n", edge, y+48, width-edge, y+48)
}

// colour tells asking from writing from the rest.
func colour(name string) string {
	switch {
	case strings.Contains(name, "GET"):
		return "violet"
	case strings.Contains(name, "switch"):
		return "amber"
	}
	return "faint"
}

func ms(d interface{ Microseconds() int64 }) string {
	return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000)
}

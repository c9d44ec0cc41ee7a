package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// plot draws the medians of both jobs beside codexform's.
func plot(results []result) string {
	const width, left, line = 760, 290, 24
	var body strings.Builder
	y := 30
	for _, job := range []struct {
		of          group
		base, title string
	}{{checks, "codexform plan", "Nothing to do"}, {applies, "codexform apply", "Both files change"}} {
		unit, most := 0.0, 0.0
		for _, r := range results {
			if r.name == job.base {
				unit = float64(r.middle())
			}
			if r.group == job.of {
				most = max(most, float64(r.middle()))
			}
		}
		fmt.Fprintf(&body, `<text x="10" y="%d" class="title">%s: CPU time, codexform = 1</text>`+"\n", y, job.title)
		y += 12
		for _, r := range results {
			if r.group != job.of {
				continue
			}
			ratio := float64(r.middle()) / unit
			class := "other"
			if strings.HasPrefix(r.name, "codexform") {
				class = "us"
			} else if !r.peer {
				class = "floor"
			}
			length := math.Log(10*ratio) / math.Log(10*most/unit) * (width - left - 60) // some take hundreds of times as long
			fmt.Fprintf(&body, `<text x="%d" y="%d" class="name">%s</text><rect x="%d" y="%d" width="%.0f" height="14" class="%s"/><text x="%.0f" y="%d">%s</text>`+"\n",
				left-8, y+12, html.EscapeString(r.name), left, y, length, class, float64(left)+length+6, y+12, times(ratio))
			y += line
		}
		y += 28
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
<title>CPU time of whole runs beside codexform's</title>
<style>text{fill:#24292f} .title{font-weight:bold;font-size:14px} .name{text-anchor:end} .us{fill:#1a7f37} .floor{fill:#8c959f} .other{fill:#0969da}</style>
<rect width="100%%" height="100%%" fill="#ffffff"/>
%s<text x="10" y="%d">Green is codexform, grey programs that do next to nothing, blue what else people use. Ten times as much is as much longer everywhere.</text>
</svg>
`, width, y+12, body.String(), y)
}

func times(ratio float64) string {
	if ratio < 10 {
		return fmt.Sprintf("%.2f", ratio)
	}
	return fmt.Sprintf("%.0f", ratio)
}

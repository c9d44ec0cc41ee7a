package drawing

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Theme is the colours of a drawing, by name of class.
type Theme map[string]string

// Light and Dark go with the pages of forges, which come in both.
var (
	Light = Theme{
		"paper": "#f6f8fa", "edge": "#d1d9e0", "ink": "#1f2328", "faint": "#59636e",
		"green": "#116329", "amber": "#7d4e00", "red": "#b3142b", "violet": "#6639ba",
	}
	Dark = Theme{
		"paper": "#0d1117", "edge": "#3d444d", "ink": "#e6edf3", "faint": "#9198a1",
		"green": "#56d364", "amber": "#e3b341", "red": "#ff7b72", "violet": "#d2a8ff",
	}
)

// classes are the looks that the program uses.
var classes = map[string]string{
	"": "ink", "1": "b", "2": "faint", "31": "red", "32": "green", "33": "amber", "35": "violet",
	"31;1": "red b", "32;1": "green b", "33;1": "amber b",
}

// Sizes in pixels: of a character, of a row, and of the margin around the text.
const (
	wide   = 7.8
	high   = 19
	margin = 16
)

// SVG draws rows for that many columns. It fails at a look that it has no colour for.
func SVG(title string, rows []Row, columns int, theme Theme) (string, error) {
	var b strings.Builder
	w, h := int(float64(columns)*wide+0.5)+2*margin, len(rows)*high+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>%s</title>\n<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:%s}.b{font-weight:600}", escape(title), theme["ink"])
	for _, name := range []string{"faint", "green", "amber", "red", "violet"} {
		fmt.Fprintf(&b, ".%s{fill:%s}", name, theme[name])
	}
	fmt.Fprintf(&b, "</style>\n"+`<rect x="0.5" y="0.5" width="%d" height="%d" rx="6" fill="%s" stroke="%s"/>`+"\n", w-1, h-1, theme["paper"], theme["edge"])
	for i, row := range rows {
		if err := draw(&b, typed(row), margin+i*high+14); err != nil {
			return "", err
		}
	}
	b.WriteString("</svg>\n")
	return b.String(), nil
}

// typed gives what a person types, and says, a look of its own: commands and comments.
func typed(row Row) Row {
	if len(row) != 1 || row[0].Look != "" {
		return row
	}
	switch text := row[0].Text; {
	case strings.HasPrefix(text, "$ "):
		return Row{{text, "1"}}
	case strings.HasPrefix(text, "# "):
		return Row{{text, "2"}}
	}
	return row
}

// draw is one row as one text; each run has its own place and length, so that columns
// stay columns in whatever font there is.
func draw(b *strings.Builder, row Row, y int) error {
	fmt.Fprintf(b, `<text y="%d">`, y)
	at := 0
	for _, run := range row {
		class, ok := classes[run.Look]
		if !ok {
			return fmt.Errorf("no colour for the look %q of %q", run.Look, run.Text)
		}
		n := utf8.RuneCountInString(run.Text)
		fmt.Fprintf(b, `<tspan x="%.1f" textLength="%.1f"`, margin+float64(at)*wide, float64(n)*wide)
		if class != "ink" {
			fmt.Fprintf(b, ` class="%s"`, class)
		}
		fmt.Fprintf(b, ">%s</tspan>", escape(run.Text))
		at += n
	}
	b.WriteString("</text>\n")
	return nil
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// Text reads the rows of a drawing again.
func Text(svg string) (string, error) {
	var b strings.Builder
	inside := false
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = inside || token.Name.Local == "text"
		case xml.EndElement:
			if token.Name.Local == "text" {
				inside = false
				b.WriteString("\n")
			}
		case xml.CharData:
			if inside {
				b.Write(token)
			}
		}
	}
}

package drawing

import (
	"errors"
	"regexp"
	"strings"
)

// Wide is the page of a desktop, Narrow that of a telephone.
const (
	Wide   = 100
	Narrow = 46
)

var (
	port    = regexp.MustCompile(`(127\.0\.0\.1:)\d{5}\b`)
	elapsed = regexp.MustCompile(` in [\d.]+m?s, key from`)
)

// Steady is what was printed without what differs from run to run: the port of the
// demo's gateway, and how long it took.
func Steady(printed string) string {
	return elapsed.ReplaceAllString(port.ReplaceAllString(printed, "${1}40404"), " in 8ms, key from")
}

// session begins where the README's picture does: what stands before it, and what was
// planned alone, is in the picture of the whole demo.
const session = "$ codexform apply"

// Session are the pictures of the demo, by the names of their files: all of it, and from
// its apply on, the latter for narrow pages too. demo plays it at a terminal that wide.
func Session(demo func(columns int) (string, error)) (map[string]string, error) {
	pictures := map[string]string{}
	for _, columns := range []int{Wide, Narrow} {
		printed, err := demo(columns)
		if err != nil {
			return nil, err
		}
		printed = Steady(printed)
		at := strings.Index(printed, session)
		if at < 0 {
			return nil, errors.New("the demo applies nothing")
		}
		err = errors.Join(
			both(pictures, names[columns], "A session: plan, apply, confirm, and a wrong key that is refused", printed[at:], columns),
			both(pictures, whole[columns], "codexform demo", printed, columns))
		if err != nil {
			return nil, err
		}
	}
	return pictures, nil
}

var (
	names = map[int]string{Wide: "session", Narrow: "session-narrow"}
	whole = map[int]string{Wide: "demo", Narrow: "demo-narrow"}
)

// both draws it in light and in dark.
func both(into map[string]string, name, title, printed string, columns int) error {
	rows := Rows(printed, columns)
	for scheme, theme := range map[string]Theme{"light": Light, "dark": Dark} {
		svg, err := SVG(title, rows, columns, theme)
		if err != nil {
			return err
		}
		into[name+"-"+scheme+".svg"] = svg
	}
	return nil
}

// Command draw makes the pictures that come from runs of the program: the session of the
// README, which is its demo at a terminal, and what happens when in an apply.
//
//	draw PROGRAM FOLDER
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/.ci/pictures/drawing"
	"github.com/codexform/codexform/.ci/pictures/timeline"
)

// runs is how many applies are measured; the middle one is drawn.
const runs = 21

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: draw PROGRAM FOLDER")
		os.Exit(2)
	}
	if err := draw(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(program, folder string) error {
	pictures, err := drawing.Session(func(columns int) (string, error) { return drawing.Demo(columns, program) })
	if err != nil {
		return err
	}
	spans, err := timeline.Measure(program, runs)
	if err != nil {
		return err
	}
	maps.Copy(pictures, timeline.Pictures(spans))
	for name, svg := range pictures {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(svg), 0o644); err != nil {
			return err
		}
	}
	return nil
}

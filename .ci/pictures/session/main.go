// Command session plays codexform's demo at a terminal and draws it: the picture of the
// README.
//
//	session PROGRAM FOLDER
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/.ci/pictures/drawing"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: session PROGRAM FOLDER")
		os.Exit(2)
	}
	if err := draw(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "session:", err)
		os.Exit(1)
	}
}

func draw(program, folder string) error {
	pictures, err := drawing.Session(func(columns int) (string, error) { return drawing.Demo(columns, program) })
	if err != nil {
		return err
	}
	for name, svg := range pictures {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(svg), 0o644); err != nil {
			return err
		}
	}
	return nil
}

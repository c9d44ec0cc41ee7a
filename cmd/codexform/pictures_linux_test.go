package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/codexform/codexform/.ci/pictures/drawing"
	"github.com/codexform/codexform/.ci/pictures/timeline"
)

const pictures = "../../docs/pictures"

// most is how large a picture may be, in bytes: a page is read over a telephone too.
const most = 100_000

// TestSessionPictures holds the pictures of the README against what the demo prints at a
// terminal now.
func TestSessionPictures(t *testing.T) {
	program := built(t)
	printed := map[int]string{}
	want, err := drawing.Session(func(columns int) (string, error) {
		out, err := drawing.Demo(columns, program)
		printed[columns] = out
		return out, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, svg := range want {
		file := filepath.Join(pictures, name)
		if *update {
			if err := os.WriteFile(file, []byte(svg), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if readFile(t, file) != svg {
			t.Errorf("%s is not what the demo prints now; make pictures", name)
		}
	}
	sameWords(t, printed[drawing.Wide])
}

// sameWords reads the picture of the whole demo as a person does, by a way of its own.
func sameWords(t *testing.T, printed string) {
	drawn, err := drawing.Text(readFile(t, filepath.Join(pictures, "demo-light.svg")))
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile("\x1b\\[[0-9;]*m|\r").ReplaceAllString(drawing.Steady(printed), "")
	if drawn != said {
		t.Errorf("the picture of the demo reads:\n%s\nand the demo printed:\n%s", drawn, said)
	}
}

// TestApplyPictures holds the picture of an apply's times against an apply: the same steps
// in the same order, whatever they take today.
func TestApplyPictures(t *testing.T) {
	spans, err := timeline.Measure(built(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`\d+\.\d`)
	for name, svg := range timeline.Pictures(spans) {
		want, err := drawing.Text(svg)
		if err != nil {
			t.Fatal(err)
		}
		got, err := drawing.Text(readFile(t, filepath.Join(pictures, name)))
		if err != nil {
			t.Fatal(err)
		}
		if number.ReplaceAllString(got, "N") != number.ReplaceAllString(want, "N") {
			t.Errorf("%s shows\n%s\nand an apply does\n%s\nmake pictures", name, got, want)
		}
	}
}

// TestPicturesAreSmall bounds every picture of the documents.
func TestPicturesAreSmall(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(pictures, "*.*"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	for _, file := range files {
		if n := len(readFile(t, file)); n > most {
			t.Errorf("%s has %d bytes, want at most %d", filepath.Base(file), n, most)
		}
	}
}

// TestPicturesAreShown demands that each picture stands in a document, in light and dark.
func TestPicturesAreShown(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(pictures, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	var pages strings.Builder
	for _, page := range documents(t) {
		pages.WriteString(readFile(t, page))
	}
	for _, file := range files {
		if !strings.Contains(pages.String(), "pictures/"+filepath.Base(file)) {
			t.Errorf("no document shows %s", filepath.Base(file))
		}
	}
}

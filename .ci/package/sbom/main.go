// Command sbom holds lists of components against CycloneDX's own schema, which the module
// that writes them brings along:
//
//	sbom SCHEMAS FILE…
package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	if err := judge(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// beside finds a schema that another one names by its place on the web.
type beside struct{ dir string }

var names = map[string]string{"jsf-0.82.schema.json": "jsf-0.82.schemax.json"}

func (b beside) Load(url string) (any, error) {
	name := path.Base(url)
	if other, ok := names[name]; ok {
		name = other
	}
	f, err := os.Open(filepath.Join(b.dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return jsonschema.UnmarshalJSON(f)
}

func judge(schemas string, files []string) error {
	c := jsonschema.NewCompiler()
	c.UseLoader(beside{schemas})
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		list, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		says, _ := list.(map[string]any)
		schema, err := c.Compile(fmt.Sprintf("http://cyclonedx.org/schema/bom-%v.schema.json", says["specVersion"]))
		if err != nil {
			return err
		}
		if err := schema.Validate(list); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Printf("sbom: %d of %d as CycloneDX's schema has it\n", len(files), len(files))
	return nil
}

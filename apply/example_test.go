package apply_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
)

// Run makes a Codex home what it should be. With what was read from a policy, Desired and
// Resolve come from package sources.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	options := apply.Options{
		Home:    filepath.Join(dir, ".codex"),
		Desired: plan.Desired{Settings: []plan.Setting{{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")}}},
		Gateway: &gateway.Client{Getenv: os.LookupEnv},
	}
	for range 2 {
		result, err := apply.Run(context.Background(), options)
		fmt.Println(result.Outcome, err)
	}
	text, err := os.ReadFile(filepath.Join(options.Home, "config.toml"))
	fmt.Print(string(text))
	// Output:
	// applied <nil>
	// unchanged <nil>
	// model = "gpt-5.4"
}

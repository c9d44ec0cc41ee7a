package tomlfile_test

import (
	"fmt"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// Apply changes the bytes of what an edit names, and no others. Its notes take the edits
// back byte for byte.
func ExampleApply() {
	src := []byte("# mine\nmodel   = 'gpt-5' # for now\n")
	address := plan.Address{"model"}
	edited, err := tomlfile.Apply(src, []tomlfile.Edit{{Address: address, Value: plan.Str("gpt-5.4")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(edited.Data))
	back, err := tomlfile.Apply(edited.Data, []tomlfile.Edit{{
		Address: address, Value: plan.Str("gpt-5"), TakeBack: edited.Notes[0],
	}})
	fmt.Println(err, string(back.Data) == string(src))
	// Output:
	// # mine
	// model   = 'gpt-5.4' # for now
	// <nil> true
}

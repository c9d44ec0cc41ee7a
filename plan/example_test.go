package plan_test

import (
	"fmt"

	"github.com/codexform/codexform/plan"
)

// Make compares what should be with what is, key by key.
func ExampleMake() {
	desired := plan.Desired{Settings: []plan.Setting{
		{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")},
		{Address: plan.Address{"model_provider"}, Value: plan.Str("team")},
		{Address: plan.Address{"approval_policy"}, Value: plan.Str("on-request"), Default: true},
	}}
	observed := plan.Observed{Config: plan.Config{Exists: true, Root: plan.Table(
		plan.Member{Key: "model", Value: plan.Str("gpt-5")},
		plan.Member{Key: "approval_policy", Value: plan.Str("never")},
	)}}
	p := plan.Make(desired, observed)
	for _, c := range p.Files[0].Changes {
		fmt.Printf("%-6s %s: %s\n", c.Action, c.Address, c.After)
	}
	fmt.Println("empty:", p.Empty())
	// Output:
	// update model: "gpt-5.4"
	// noop   approval_policy: "never"
	// create model_provider: "team"
	// empty: false
}

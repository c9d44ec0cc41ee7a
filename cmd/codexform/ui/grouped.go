package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// grouped are the findings that a plan shows one by one, and a line for the others:
// those about keys of the user's own, which the plan neither makes nor mends.
func (o Options) grouped(all []plan.Diagnostic) (shown []plan.Diagnostic, line string) {
	if o.Verbose {
		return all, ""
	}
	yours := slices.DeleteFunc(slices.Clone(all), func(d plan.Diagnostic) bool { return !aboutYours(d) })
	if len(yours) == 0 {
		return all, ""
	}
	return slices.DeleteFunc(slices.Clone(all), aboutYours), yoursLine(yours)
}

// keepsKeyOut are rules about a key of the user's that are as much about the policy's: what
// it brings would not be used.
var keepsKeyOut = []string{"credential-store", "login-method-conflict"}

func aboutYours(d plan.Diagnostic) bool {
	return !slices.Contains(keepsKeyOut, d.Rule) && d.Origin.File == plan.ConfigFile && d.Severity.Rank() >= plan.Warning.Rank()
}

// yoursLine counts findings by their rules, and says which matter.
func yoursLine(all []plan.Diagnostic) string {
	var rules, counted []string
	counts, stops := map[string]int{}, ""
	for _, d := range all {
		if counts[d.Rule]++; counts[d.Rule] == 1 {
			rules = append(rules, d.Rule)
		}
		if d.Stops {
			stops = "Codex does not start with them; "
		}
	}
	for _, rule := range rules {
		counted = append(counted, fmt.Sprintf("%d %s", counts[rule], Visible(rule)))
	}
	return fmt.Sprintf("About keys of yours: %s. %scodexform doctor says more, and so does plan --verbose.", strings.Join(counted, ", "), stops)
}

// Package sources knows what should be: it reads the desired state from YAML and
// gets the secret that it names.
//
// Load reads the files strictly and reports every problem of all of them in one
// run, each with its place. What it returns, a Policy, holds the desired state
// without its secret; Resolve asks the policy's Source for it.
//
//	policy, err := sources.Load(world, []string{"codex.yaml"})
//	…
//	defer policy.Close(ctx)
//	desired, warnings, err := policy.Resolve(ctx)
//
// The way from bytes to a policy has four stages, a file or two each: checkText
// refuses what no person typed on purpose, parse makes a tree in which every node
// knows its place, a shape says for every place which keys and kinds are allowed,
// and build makes the merged tree mean something. A problem found in one stage does
// not hide those of the next.
//
// A message never holds a value from the file, because it may be a secret that
// somebody put in the wrong place; names of keys are shown unless they look like one.
package sources

// Package codex holds all that is known of Codex: which files it reads and what
// they mean to it. It reads a home and renders new bytes for it; it never writes.
//
//	snapshot, err := codex.Read(fsys, home)                // both files and the ledger
//	p := plan.Make(desired, snapshot.Observed)
//	rendered, err := snapshot.Render(p, now)               // the files as they would be
//	findings := codex.Check(codex.Checked{…})              // what would go wrong
//
// # Knowledge
//
// Three kinds, kept apart because they grow old in different ways:
//
//   - Keys, their types and values, and the versions that know them: keys.txt and
//     features.txt, tables that are held against real Codex binaries.
//   - Rules: what a file that is correct TOML does in Codex that its author may not
//     expect. [Rules] lists them; docs/reference/rules.md explains each, and a test keeps
//     both together.
//   - Which credential Codex sends, and where to: [Effective] answers for a config.toml
//     and an auth.json as they are, by Codex's own order of precedence.
//   - Which credential may meet which host: [MaySend], which every request to a gateway
//     asks first.
//
// Where a Codex is installed its own word counts for more than the tables: it is asked
// for its version, and to load the new files from a private copy, before anything is
// written.
//
// # Layers
//
// Codex merges several files: its own, those of an administrator, profiles. [Layers]
// has the others, strongest first. What we manage is one of them, so a rule looks at
// the merged whole: a setting that a stronger layer overrides is said.
package codex

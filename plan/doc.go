// Package plan works out the difference between what should be and what is. It
// is the core of codexform: values in, a plan out. It reads no file, asks nobody and
// knows no clock, so the same values give the same plan, in the same order.
//
// # Three sides
//
// For each key that is managed, three values are compared:
//
//	Desired   what the YAML asks for, made by package sources
//	Observed  what config.toml and auth.json say, made by package plan/codex
//	Ledger    what was applied last, and what was there before us; it is part of
//	          Observed, because it lies in the same home
//
// The ledger is what tells a user's edit from our own value. A key that the policy
// stops naming is given back when it still holds what we applied, and released, left
// alone, when somebody has changed it since. A key that nobody ever named is the
// user's, and in no plan.
//
// [Make] compares and gives a [Plan]: for each file its changes, and for each change an
// [Action]. [Undo] and [Rollback] make plans for going back. A plan is data; there is
// nothing in it to run. [Document] is the same plan as it is stored and printed as
// JSON, without any secret: a [Secret] masks itself in every encoding.
//
// # Where to look
//
//	make.go          Make: the plan of both files; plan.go and change.go are what it gives
//	desired.go       what is wanted; observed.go what is there; ledger.go what was applied
//	holding.go       one file: what is ours, what is given back (giveback.go), what is set (wish.go)
//	default.go       a default gives way to what somebody has set
//	remember.go      the ledger after a plan; history.go and move.go what a run is remembered by
//	rollback.go      going back to before an apply; undo.go a run's own way back
//	takeover.go      what goes because a new host comes: credentials from before
//	policy.go        what differs between two policies; repair.go what rules mend
//	files.go         which files are made, deleted, and with which mode
//	document.go      the plan as JSON
//	value*.go        a setting's value: itself, as TOML, as JSON; tree.go its keys by address
//	secret.go        a key that shows itself to nobody
//	secrecy*.go      which text is a secret, and Redact, which masks it
//
// # Who carries it out
//
// Package plan/codex turns a plan into the bytes of both files, by the editors
// plan/tomlfile and plan/jsonfile, and holds it to the rules of Codex. Package apply
// looks at a home, plans, and writes; it is the only one that changes the machine.
//
//	codex.yaml ──sources.Load──▶ Desired ─┐
//	                                      ├─ Make ──▶ Plan ──Render──▶ bytes ──apply.Run──▶ home
//	home ────────codex.Read────▶ Observed ┘
//
// # Is this an API?
//
// The packages of this module are there for the command beside them: they may
// change in any version, without notice. What is promised, and kept within a major
// version, is what the program says and does: the YAML and its schema, commands, flags
// and exit codes, the JSON documents by their format_version, and that the ledger of an
// older version is read. Who wants to build on codexform runs it and reads its JSON.
package plan

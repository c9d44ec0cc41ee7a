// Package doctor examines a setup: everything that can keep it from working, each with
// evidence and one fix. It is what `codexform doctor` does, and has words of its own.
//
// An exam takes steps. A step is one check; its outcome is what it saw, or why it was
// skipped. A check that sees something wrong finds: a finding has an id, a severity, what
// was seen and one thing to do. What a step has learned (of the policy, the home, Codex)
// stays with the exam for the steps after it, and what one found can make the next ones
// worthless: "something else comes first".
//
// Nothing here looks at a home, judges a file or asks a gateway in its own way: a Case
// hands in the ways of the commands, so that doctor sees what plan and apply would meet.
// The findings are listed in docs/reference/doctor.md, which a test holds against the code.
package doctor

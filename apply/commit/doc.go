// Package commit is the only code that writes to a Codex home. It knows bytes,
// files and folders; of TOML, plans and the network it knows nothing.
//
// Its one promise: config.toml, auth.json and our own ledger change together or
// not at all. A kill, a power cut or an error at any system call leaves, after the
// next run, the old files or the new ones, byte for byte, and nothing of ours
// beside them; and in no state in between does a key meet a host that it was not
// meant for.
//
// A run that changes something goes like this:
//
//	s, err := commit.Open(options)        // looks, writes nothing
//	err = s.Lock(ctx)                     // one codexform at a time
//	recovered, err := s.Recover(ctx)      // ends what a killed run left
//	state, err := s.Read()                // both files and the ledger
//	t, err := s.Switch(ctx, change)       // the new files are in place
//	state, err = t.Read()                 // as Codex would read them
//	err = t.Commit()                      // or t.Undo(ctx, ask)
//	err = s.Close()
//
// A run that finds nothing to change needs neither Lock nor Recover (unless
// Interrupted) and makes no call that writes.
//
// What lies on disk says how far a run came. Files beside the targets are called
// .codexform-RANDOM; which of them belong to a run stands in a file in the state
// folder, which is called staging until everything is ready, intent while the
// targets are being switched, and done once the new state is in force. Recovery
// reads that name, looks at the files, and can itself be interrupted anywhere. A power
// cut may keep such a file without its intent: RANDOM begins with what tells this home
// from others, so that the next run knows it as rubbish of its own.
package commit

// Package tomlfile edits a TOML file without disturbing the bytes that are not
// ours: bytes and edits in, bytes out.
//
// Parse reads a file as Codex would. Apply finds where each edit belongs, cuts
// and inserts in the bytes as they are, and proves the result by decoding it
// again. Nothing is ever printed anew, so comments, order, blanks, spelling, line
// endings and a byte order mark stay.
//
// # How an edit is made
//
//	file ──read──▶ index ──set, remove──▶ cuts ──flush──▶ new text ──read──▶ index
//	                 ▲                      │                                  │
//	                 │                      └─ a note of each, as steps        │
//	                 └──────────── the next round, when there is one ──────────┘
//	last index ──prove──▶ bytes and notes
//
// An edit looks its address up in the index and turns into cuts of the text as it
// was read: set replaces a value or inserts lines, remove takes lines away. Cuts
// that do not touch are gathered and made at once. One that touches another, or has
// to see what another leaves, waits: the cuts so far are made (flush), the outcome
// is read, and a new round begins. Every cut is written down as a step, and the
// steps of one edit are its note. Given back as TakeBack, a note says what to do to
// have the old bytes again: a new key goes, with the frame that was made for it; an
// old spelling returns; a piece that was cut is put where its neighbours still
// stand. Where the file has changed too much for that, the edit is made like any
// other. Last of all the result is proven.
//
// # Words
//
//   - index: a file, read: its tree of nodes, and where each of them stands.
//   - node: a key, a table or one element of an array of tables; its shape is how it
//     is spelt (a leaf, inline, dotted, implied by longer headers, with a header).
//   - section: the root, or what one header opens, up to the next header.
//   - cut: a range of the text, and what takes its place.
//   - round: cuts that are made together, against one reading of the text.
//   - block: new lines of one table that go in together, with a header if need be.
//   - frame: what we put around new keys (header, inline table, blank lines) and
//     what goes with the last of them.
//   - unit: one header, pair, comment or blank line, whole lines each; where a piece
//     stood is told by the kinds of the units beside it.
//   - piece: text that was cut, and between which units it stood.
//   - hole: the place of a pair in an inline table.
//   - step, note: how to take back one thing that an edit did; all steps of an edit.
//   - taker: an edit that takes back another.
//   - turn: the number of an Apply among those whose notes still stand: what was done
//     in the latest turn, and there in the latest round, is taken back first.
package tomlfile

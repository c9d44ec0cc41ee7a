// Command codextables makes the tables of package codex from real programs: keys.txt,
// features.txt and models.txt. It is no part of codexform.
//
// No Codex lists its keys. So they are asked for: a key with a value of a wrong type
// is refused by a Codex that knows it and ignored by one that does not, and the
// refusal says what it takes. The names to try are read out of the program itself,
// where each table has its list of names; and since a table that is given a list says
// how many keys it has ("struct … with N elements"), what was found can be counted.
//
//	make codex-tables
//
// Every answer is kept beside the programs, so that a run that was stopped goes on.
package main

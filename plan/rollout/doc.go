// Package rollout answers who follows a policy when. It is data in, a Decision out:
// no server, no clock and no machine of its own. A policy carries a Rollout, a machine
// knows its id, name and the time, and every machine that works it out for the same
// policy draws its own lot:
//
//	lot = first 8 bytes of SHA-256(salt, 0, machine id), mod 10,000
//
// A ring with a percentage takes the lots below it, so that growing the percentage
// only adds machines, and another salt (another policy version) draws other ones.
//
// A machine follows when Mode is All, or when a ring matches it whose start is
// reached, inside the window, behind its own offset of the splay. Otherwise it is
// held: nothing is wrong with it, and nothing is done.
package rollout

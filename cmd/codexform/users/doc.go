// Package users runs work as the other users of this machine.
//
// Root must not work in a home that somebody else may change under its hands: a link
// swapped at the right moment leads it anywhere. So the privileged process opens
// nothing below a home. It starts one child for each user, which is that user in every
// respect (uid, gid, groups, environment), and tells it by a pipe what is wanted. The
// child does all work on files, and all requests, with that user's rights alone. What it
// answers is the word of somebody who may be lying: it is bounded, and parsed, and
// believed about that one user only.
package users

// Command is the one argument of a child.
const Command = "run-for-user"

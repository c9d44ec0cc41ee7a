// Package mdm installs what codexform exports for Macs on simulated ones, by a real MDM
// server, NanoMDM, in this process. It is a module of its own, so that the program does
// not depend on the server: make mdm runs it.
package mdm

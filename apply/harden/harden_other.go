//go:build !linux && !windows

package harden

func process() error { return noCore() }

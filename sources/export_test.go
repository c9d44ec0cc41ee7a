package sources

import "time"

// ShortCommand is a command source with little patience.
func ShortCommand(s Source) Source {
	c := s.(commandSource)
	c.timeout = time.Second
	return c
}

// Argv is what a command source runs.
func Argv(s Source) []string { return s.(commandSource).argv }

package sources

import "time"

// Impatient is a source that waits for a second at most.
func Impatient(s Source) Source {
	switch s := bare(s).(type) {
	case commandSource:
		s.timeout = time.Second
		return s
	case keyringSource:
		s.timeout = time.Second
		return s
	}
	return s
}

// Argv is what a command source runs.
func Argv(s Source) []string { return bare(s).(commandSource).argv }

func bare(s Source) Source {
	if w, ok := s.(asWritten); ok {
		return w.Source
	}
	return s
}

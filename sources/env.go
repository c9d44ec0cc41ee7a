package sources

import "context"

// envSource is a variable of the environment.
type envSource struct {
	name   string
	lookup func(string) (string, bool)
}

func (s envSource) Ref() Ref { return Ref("env:" + s.name) }

func (s envSource) Fetch(context.Context) (Fetched, error) {
	value, ok := s.lookup(s.name)
	if !ok {
		return Fetched{}, &Error{
			Kind: KindMissing, Ref: s.Ref(), Message: "the variable is not set",
			Hint: "set it to the key in the environment that codexform runs in",
		}
	}
	got, err := fetched(s.Ref(), []byte(value))
	if e, is := err.(*Error); is && e.Kind == KindEmpty {
		e.Message = "the variable is empty"
	}
	return got, err
}

package vault

// New makes a client with a session of its own.
func New(c Config, w World) (*Client, error) { return NewSession(w).Client(c) }

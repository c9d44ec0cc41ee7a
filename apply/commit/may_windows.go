package commit

// mayCreate knows nothing here: access lists are judged when a file is made.
func mayCreate(string) error { return nil }

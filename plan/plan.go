package plan

// Plan is all changes, in order: config.toml first, then auth.json; inside a file
// the settings in the order of the desired state, then what goes away, by address.
// It is data: it can be printed, compared, stored, and there is nothing in it to run.
type Plan struct {
	Home        string // the Codex home
	Desired     Desired
	Files       []FileChange
	Unmanaged   int // keys in both files that are the user's and stay
	Diagnostics []Diagnostic
}

// Summary counts changes by action.
type Summary struct {
	Create   int `json:"create"`
	Update   int `json:"update"`
	Delete   int `json:"delete"`
	NoOp     int `json:"noop"`
	Drift    int `json:"drift"`
	Released int `json:"released"`
}

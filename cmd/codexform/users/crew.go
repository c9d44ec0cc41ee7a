package users

import "sync"

// Crew does work for accounts of this machine, each in a child of its own. What the
// system knows of accounts is asked for several of them at a time.
type Crew struct{ batches map[string]*batch }

// batch are accounts whose groups are asked for together.
type batch struct {
	names []string
	ask   sync.Once
	known map[string][]uint32
}

// together is how many accounts are asked about at a time. The work for the first of
// them waits for the answer about all.
const together = 32

// Gather is a crew for accounts. It works for others too, and asks about each of those alone.
func Gather(accounts []Account) *Crew {
	k := &Crew{batches: map[string]*batch{}}
	var last *batch
	for _, a := range accounts {
		if a.Fault() != nil || a.Homeless() != "" || k.batches[a.Name] != nil {
			continue
		}
		if last == nil || len(last.names) == together {
			last = &batch{}
		}
		last.names = append(last.names, a.Name)
		k.batches[a.Name] = last
	}
	return k
}

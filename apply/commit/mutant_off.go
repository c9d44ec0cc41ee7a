//go:build !crashmutant

package commit

// skipSync leaves out a sync, in the builds that crash tests are tested with.
func skipSync() bool { return false }

//go:build !windows

package cli

import "log/syslog"

// toSystemLog hands text to the journal, the unified log or syslog, whichever listens.
func toSystemLog(text string) error {
	w, err := syslog.New(syslog.LOG_NOTICE|syslog.LOG_USER, "codexform")
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Notice(text)
}

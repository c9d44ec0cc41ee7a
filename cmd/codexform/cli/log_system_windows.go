package cli

import "golang.org/x/sys/windows/svc/eventlog"

// toSystemLog hands text to the application event log.
func toSystemLog(text string) error {
	log, err := eventlog.Open("codexform")
	if err != nil {
		return err
	}
	defer log.Close()
	return log.Warning(1, text)
}

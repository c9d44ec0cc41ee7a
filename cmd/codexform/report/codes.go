package report

import "github.com/codexform/codexform/plan/status"

// codeWords say each code in the words of docs/reference/errors.
var codeWords = map[status.Code]string{
	status.Policy:     "the desired state, or the command line, is wrong",
	status.Rule:       "a rule of severity error stops the plan",
	status.Secret:     "the secret could not be had",
	status.HTTP401:    "the gateway does not know the key",
	status.HTTP403:    "the gateway forbids it",
	status.HTTP404:    "there is no model list at this URL",
	status.HTTP429:    "the gateway wants to be asked less often",
	status.HTTP5XX:    "the gateway has a fault",
	status.Net:        "the gateway cannot be reached",
	status.TLS:        "the certificate of the gateway is not trusted",
	status.Redirect:   "the gateway sends us elsewhere",
	status.NotList:    "the answer is not a model list",
	status.Model:      "the gateway has no such model",
	status.Conflict:   "another writer, or a key and a host that do not belong together",
	status.Lock:       "another codexform is at work",
	status.Damaged:    "a file cannot be read as Codex would",
	status.Refusal:    "a file that must not be written",
	status.Permission: "not allowed to read or write",
	status.Disk:       "the disk is full, read-only or faulty",
	status.Load:       "Codex would not start",
	status.Overridden: "a stronger layer decides",
	status.Clock:      "the clock cannot be right",
	status.Undo:       "written, not confirmed, and not undone",
	status.Bug:        "a bug in codexform",
}

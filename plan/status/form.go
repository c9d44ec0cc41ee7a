package status

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// lineLimit is what Intune keeps of a line, in bytes; everything that we print is
// ASCII there.
const lineLimit = 2048

// People reports whether the form leaves room for what a command prints for people,
// before Text.
func (f Form) People() bool { return f == Free || f == JSONLast || f == Azure }

// Text is what the form says of a status, with its final newline, or nothing.
func (f Form) Text(s Status) string {
	switch f {
	case OneLine: // the console wants the same text for the same state: no time in it
		s.Opens = time.Time{}
	case OneToken:
		return s.Word() + "\n"
	case PlainToken:
		return strings.ReplaceAll(s.Word(), ":", "_") + "\n"
	case Result:
		return tagged(s.Line())
	case ResultInt:
		return tagged(strconv.Itoa(s.count()))
	case ResultDate:
		return tagged(date(s.LastSuccess))
	case OKLine:
		if !s.OK() {
			return ""
		}
	case Compliance:
		return compliance(s)
	case JSONLast:
		return jsonLine(s)
	case Prometheus:
		return exposition([]Status{s})
	case Azure:
		return azure(s) + s.line()
	}
	return s.line()
}

func (s Status) line() string {
	line := s.Line()
	return line[:min(len(line), lineLimit-1)] + "\n"
}

// count is the number of changes as an attribute of type integer can say it.
func (s Status) count() int {
	switch {
	case s.State == Failed:
		return -1
	case s.State == Drift:
		return max(len(s.Changes), 1)
	}
	return 0
}

func tagged(text string) string { return "<result>" + text + "</result>\n" }

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

func compliance(s Status) string {
	return jsonLine(struct {
		CodexInSync        bool
		CodexState         string
		CodexPolicyVersion int64
		CodexError         string
	}{s.OK(), string(s.State), s.PolicyVersion, string(s.Code)})
}

func jsonLine(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("a status that JSON cannot hold: " + err.Error())
	}
	return string(text) + "\n"
}

func azure(s Status) string {
	switch s.State {
	case Drift:
		return fmt.Sprintf("##vso[task.logissue type=warning]codexform: changes to apply: %d\n", s.count())
	case Failed:
		return fmt.Sprintf("##vso[task.logissue type=error;code=%s]codexform: %s\n", s.Code, s.Word())
	}
	return ""
}

// exposition is the Prometheus text format: gauges with help and type, a line a user
// where there are several.
func exposition(all []Status) string {
	var b strings.Builder
	gauge := func(name, help string, value func(Status) string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
		for _, s := range all {
			fmt.Fprintf(&b, "%s%s %s\n", name, labels(s, name == errorGauge), value(s))
		}
	}
	gauge("codexform_in_sync", "Whether the Codex home is as its policy wants it, or held (1), or not (0).", func(s Status) string { return flag(s.OK()) })
	gauge("codexform_held", "Whether the policy is not for this machine yet.", func(s Status) string { return flag(s.State == Held) })
	gauge(errorGauge, "Whether the last run failed.", func(s Status) string { return flag(s.State == Failed) })
	gauge("codexform_pending_changes", "Keys that an apply would change.", func(s Status) string { return strconv.Itoa(max(s.count(), 0)) })
	gauge("codexform_policy_version", "The policy_version that was looked at, 0 where it has none.", func(s Status) string { return strconv.FormatInt(s.PolicyVersion, 10) })
	gauge("codexform_last_success_timestamp_seconds", "When the last run succeeded, 0 for never.", func(s Status) string { return seconds(s.LastSuccess) })
	return b.String()
}

const errorGauge = "codexform_error"

// labels are those of a series: whose home it is, and of an error its code.
func labels(s Status, withCode bool) string {
	var all []string
	if s.User != "" {
		all = append(all, `user="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s.User)+`"`)
	}
	if withCode && s.State == Failed {
		all = append(all, `code="`+string(s.Code)+`"`)
	}
	if len(all) == 0 {
		return ""
	}
	return "{" + strings.Join(all, ",") + "}"
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt(t.Unix(), 10)
}

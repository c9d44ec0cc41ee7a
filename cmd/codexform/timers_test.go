package main

import (
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	microplist "github.com/micromdm/plist"
	"howett.net/plist"
)

var timers = filepath.Join("..", "..", "examples", "timers")

// job is what a property list of launchd says.
type job struct {
	Label            string
	ProgramArguments []string
	UserName         string
	StartInterval    int
	RunAtLoad        bool
	ExitTimeOut      int
}

// TestLaunchd reads both property lists with two readers, and does what they say.
func TestLaunchd(t *testing.T) {
	for _, kind := range []string{"agent", "daemon"} {
		label := "com.github.codexform." + kind
		data := []byte(readFile(t, filepath.Join(timers, "launchd", label+".plist")))
		var one, two job
		if _, err := plist.Unmarshal(data, &one); err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		if err := microplist.Unmarshal(data, &two); err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		if one.Label != label || one.StartInterval != 3600 || !one.RunAtLoad || one.ExitTimeOut <= 90 || one.UserName != "" || slices.Contains(one.ProgramArguments, "--all-users") != (kind == "daemon") {
			t.Errorf("%s says %+v", label, one)
		}
		if two.Label != label || !slices.Equal(one.ProgramArguments, two.ProgramArguments) {
			t.Errorf("two readers: %+v and %+v", one, two)
		}
		applies(t, one.ProgramArguments[1:])
	}
}

// applies carries a timer's command out, with another policy and in another home.
func applies(t *testing.T, args []string) {
	t.Helper()
	i := slices.Index(args, "-f")
	if i < 0 || len(args) < i+2 || !strings.HasSuffix(args[i+1], "codex.yaml") {
		t.Fatalf("no policy in %q", args)
	}
	dir := t.TempDir()
	policy := filepath.Join(dir, "codex.yaml")
	if err := os.WriteFile(policy, []byte("version: 1\nsettings: {model: gpt-5.4}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	args[i+1] = policy
	args = slices.DeleteFunc(args, func(a string) bool { return a == "--all-users" }) // which is root's, and has tests of its own
	if out := codexform(t, dir, args...); !strings.Contains(out, "Applied") {
		t.Errorf("%q printed %s", args, out)
	}
}

// TestSystemd holds the units against systemd's own judge, with the program where
// this test has it, and does what they say.
func TestSystemd(t *testing.T) {
	judge, err := exec.LookPath("systemd-analyze")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{"codexform", "codexform@", "codexform-users", "codexform-machine"} {
		dir := t.TempDir()
		for _, kind := range []string{".service", ".timer"} {
			text := readFile(t, filepath.Join(timers, "systemd", unit+kind))
			if command := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(text); kind == ".service" {
				applies(t, strings.Fields(command[1])[1:])
			}
			text = strings.ReplaceAll(text, "/usr/bin/codexform", program)
			if err := os.WriteFile(filepath.Join(dir, unit+kind), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if judge == "" {
			continue
		}
		args := []string{"verify", "--man=no", filepath.Join(dir, unit+".service"), filepath.Join(dir, unit+".timer")}
		if unit == "codexform" {
			args = append(args, "--user")
		}
		cmd := exec.Command(judge, args...)
		cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), unit) {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

// Of the Task Scheduler's schema (MS-TSCH 2.5): what may stand in an element that the
// task uses, in its order, and the form of its text.
var taskSchema = map[string][]string{
	"Task":             {"RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"},
	"RegistrationInfo": {"Date", "Author", "Version", "Description", "URI"},
	"Triggers":         {"LogonTrigger"},
	"LogonTrigger":     {"Repetition", "StartBoundary", "EndBoundary", "ExecutionTimeLimit", "Enabled", "UserId", "Delay"},
	"Repetition":       {"Interval", "Duration", "StopAtDurationEnd"},
	"Principals":       {"Principal"},
	"Principal":        {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
	"Settings": {
		"AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries",
		"AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName", "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden",
		"DeleteExpiredTaskAfter", "IdleSettings", "NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle",
	},
	"Actions": {"Exec"},
	"Exec":    {"Command", "Arguments", "WorkingDirectory"},
}

var taskText = map[string]*regexp.Regexp{
	"Interval": regexp.MustCompile(`^PT\d+[HM]$`), "Delay": regexp.MustCompile(`^PT\d+[HM]$`), "ExecutionTimeLimit": regexp.MustCompile(`^PT\d+[HM]$`),
	"Enabled": truth, "Hidden": truth, "AllowHardTerminate": truth, "StartWhenAvailable": truth, "RunOnlyIfNetworkAvailable": truth,
	"DisallowStartIfOnBatteries": truth, "StopIfGoingOnBatteries": truth,
	"MultipleInstancesPolicy": regexp.MustCompile(`^(Parallel|Queue|IgnoreNew|StopExisting)$`),
	"RunLevel":                regexp.MustCompile(`^(LeastPrivilege|HighestAvailable)$`), "GroupId": regexp.MustCompile(`^S-1-5-32-545$`),
	"Priority": regexp.MustCompile(`^([0-9]|10)$`),
	"Command":  regexp.MustCompile(`^"%ProgramFiles%\\codexform\\codexform\.exe"$`), "Arguments": regexp.MustCompile(`^apply `),
	"URI": regexp.MustCompile(`^\\codexform$`), "Description": regexp.MustCompile(`.`),
}

var truth = regexp.MustCompile(`^(true|false)$`)

// TestTask reads the task as the Task Scheduler's schema describes it, and does what
// it says.
func TestTask(t *testing.T) {
	text := readFile(t, filepath.Join(timers, "windows", "codexform.xml"))
	if strings.ContainsFunc(text, func(r rune) bool { return r > 126 }) {
		t.Error("without an encoding in its first line, the file has to be ASCII")
	}
	d := xml.NewDecoder(strings.NewReader(text))
	leaves := map[string]string{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if start.Name.Space != "http://schemas.microsoft.com/windows/2004/02/mit/task" || start.Name.Local != "Task" {
				t.Fatalf("the root is %v", start.Name)
			}
			element(t, d, "Task", leaves)
		}
	}
	if len(leaves) < 12 {
		t.Errorf("only %d values: %v", len(leaves), leaves)
	}
	applies(t, regexp.MustCompile(`[^\s"]+`).FindAllString(leaves["Arguments"], -1))
}

// element reads what is left of an element: children that may be there, or a text.
func element(t *testing.T, d *xml.Decoder, name string, leaves map[string]string) {
	allowed, parent := taskSchema[name]
	next, text := 0, ""
	for {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			child := token.Name.Local
			if i := slices.Index(allowed, child); i < next {
				t.Errorf("%s in %s is unknown, or out of order", child, name)
			} else {
				next = i
			}
			element(t, d, child, leaves)
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			if parent {
				return
			}
			leaves[name] = text
			if form := taskText[name]; form == nil || !form.MatchString(text) {
				t.Errorf("%s is %q", name, text)
			}
			return
		}
	}
}

package status

// Contract is how one console hears a Status. All of them are rows of one table; what
// each console expects is in docs/reference/contracts.md, with its source.
type Contract struct {
	Name    string
	Console string // whose dialect it is, for people
	Form    Form
	Quiet   bool // stderr stays empty, whatever happens
	Exits   Exits
}

// Exits are a contract's exit codes. Held is InSync in every console: it must not
// bring a machine into line that was left alone on purpose. None is behind destroy: drift
// to all but those who ask whether there is something to remove.
type Exits struct{ InSync, Drift, Error, Transient, None int }

// Form is what stands on stdout.
type Form string

// The forms.
const (
	Free       Form = "free"       // what the command prints for people, and the line last
	OneLine    Form = "line"       // the line
	OneToken   Form = "token"      // the word
	PlainToken Form = "plain"      // the word in letters, digits, _ and - only
	Result     Form = "result"     // the line in <result> tags
	ResultInt  Form = "result-int" // the number of changes in <result> tags, -1 for an error
	ResultDate Form = "result-date"
	OKLine     Form = "ok-line" // the line when all is well, else nothing
	Compliance Form = "compliance"
	JSONLast   Form = "json-last" // what the command prints for people, and the status as JSON last
	Prometheus Form = "prometheus"
	Azure      Form = "azure" // what the command prints for people, with a logging command last
)

// Contracts are all of them, by console.
var Contracts = []Contract{
	{"jamf-ea", "Jamf Pro extension attribute, String", Result, false, Exits{0, 0, 0, 0, 0}},
	{"jamf-ea-int", "Jamf Pro extension attribute, Integer", ResultInt, false, Exits{0, 0, 0, 0, 0}},
	{"jamf-ea-date", "Jamf Pro extension attribute, Date", ResultDate, false, Exits{0, 0, 0, 0, 0}},
	{"jamf-policy", "Jamf Pro policy script", Free, false, Exits{0, 1, 1, 1, 1}},
	{"intune-detect", "Intune remediation, detection script", OneLine, true, Exits{0, 1, 2, 2, 1}},
	{"intune-remediate", "Intune remediation, remediation script", OneLine, true, Exits{0, 1, 1, 1, 1}},
	{"intune-win32-detect", "Intune Win32 app, detection script", OKLine, true, Exits{0, 1, 1, 1, 1}},
	{"intune-win32-install", "Intune Win32 app, install command", Free, false, Exits{0, 1, 1, 1618, 1}},
	{"intune-compliance", "Intune custom compliance", Compliance, true, Exits{0, 0, 0, 0, 0}},
	{"intune-mac-attr", "Intune macOS custom attribute", OneToken, true, Exits{0, 0, 0, 0, 0}},
	{"kandji", "Kandji (Iru) audit script", Free, false, Exits{0, 1, 1, 1, 1}},
	{"munki-installcheck", "Munki installcheck_script: 0 installs", Free, false, Exits{1, 0, 2, 2, 0}},
	{"munki-uninstallcheck", "Munki uninstallcheck_script: 0 removes", Free, false, Exits{0, 0, 2, 2, 1}},
	{"fleet-script", "Fleet script", Free, false, Exits{0, 1, 1, 1, 1}},
	{"ws1-attr", "Workspace ONE sensor", PlainToken, true, Exits{0, 0, 0, 0, 0}},
	{"jumpcloud", "JumpCloud command", Free, false, Exits{0, 1, 1, 1, 1}},
	{"exit01", "any console that takes 0 for well and 1 for not", Free, false, Exits{0, 1, 1, 1, 1}},
	{"unless", "Puppet and Chef guards: 0 leaves the machine alone", Free, false, Exits{0, 2, 0, 0, 2}},
	{"nomad", "Nomad task", JSONLast, false, Exits{0, 1, 1, 1, 1}},
	{"prom", "Prometheus text file", Prometheus, false, Exits{0, 0, 0, 0, 0}},
	{"azure", "Azure Pipelines step", Azure, false, Exits{0, 0, 1, 1, 0}},
}

// FindContract is the contract of a name, and whether there is one.
func FindContract(name string) (Contract, bool) {
	for _, c := range Contracts {
		if c.Name == name {
			return c, true
		}
	}
	return Contract{}, false
}

// Exit is the exit code for a state.
func (c Contract) Exit(s Status) int {
	switch {
	case s.State == None, s.State == Drift && s.Destroyed:
		return c.Exits.None
	case s.State == Drift:
		return c.Exits.Drift
	case s.State == Failed && s.Code.Transient():
		return c.Exits.Transient
	case s.State == Failed:
		return c.Exits.Error
	}
	return c.Exits.InSync
}

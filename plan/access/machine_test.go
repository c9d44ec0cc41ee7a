package access

import (
	"strings"
	"testing"
)

const (
	kim    = "S-1-5-21-1-2-3-1001"
	admins = "S-1-5-32-544"
	// inherited is what ProgramData hands down to a folder that an administrator makes there.
	inherited = "O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
)

func TestFault(t *testing.T) {
	for name, c := range map[string]struct {
		list, owner string
		kind        Kind
		fault, fix  string // parts of them; "" for none
	}{
		"as we make a folder":            {PublicFolder, admins, Folder, "", ""},
		"as we make a file":              {PublicFile, admins, File, "", ""},
		"the system's":                   {PublicFile, "S-1-5-18", File, "", ""},
		"the installer's":                {PublicFolder, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", Above, "", ""},
		"a user's":                       {PublicFolder, kim, Folder, "belongs to the account " + kim, "/setowner *" + admins},
		"nobody's":                       {PublicFolder, "", Above, "belongs to nobody", "/setowner"},
		"ProgramData itself":             {inherited, "S-1-5-18", Above, "", ""},
		"a folder made by hand in it":    {inherited, admins, Folder, "takes files of all users", "/inheritance:r"},
		"its owner is a user's no more":  {PublicFolder + "(A;OICI;FA;;;" + kim + ")", admins, Folder, "takes files of " + kim, "/remove:g *" + kim},
		"above, a user may rename":       {"D:(A;;0x10000;;;" + kim + ")", admins, Above, "replaced by " + kim, "/remove:g *" + kim},
		"above, everybody may":           {"D:(A;;FA;;;WD)", admins, Above, "replaced by everyone", "/remove:g *S-1-1-0"},
		"a volume that users may write":  {"D:(A;OICI;0x1301bf;;;AU)", admins, Volume, "", ""},
		"a volume that users may empty":  {"D:(A;OICI;0x1301ff;;;AU)", admins, Volume, "replaced by every user who has signed in", "/remove:g *S-1-5-11"},
		"a domain's users":               {"D:(A;;FA;;;DU)", admins, File, "changed by all users of the domain", `/remove:g "Domain Users"`},
		"the domain's administrators":    {"D:(A;;FA;;;DA)(A;;FA;;;S-1-5-21-9-9-9-512)(A;;FA;;;LA)", admins, File, "", ""},
		"creator owner is judged as who": {"D:(A;;FA;;;CO)(A;;FA;;;OW)", admins, Folder, "", ""},
		"a file that users may write":    {"D:(A;;FW;;;BU)", admins, File, "changed by all users", "*S-1-5-32-545:RX"},
		"without a list":                 {"O:BA", admins, File, "changed by everyone", "/remove:g *S-1-1-0"},
	} {
		fault, fix := Fault(c.list, c.owner, c.kind)
		if (fault == "") != (c.fault == "") || !strings.Contains(fault, c.fault) || !strings.Contains(fix, c.fix) {
			t.Errorf("%s: %q, fix %q: want %q, %q", name, fault, fix, c.fault, c.fix)
		}
		if c.kind == File && strings.Contains(fix, "(OI)") {
			t.Errorf("%s: the fix hands down what a file has nobody to hand down to: %s", name, fix)
		}
	}
}

func TestReadable(t *testing.T) {
	for list, want := range map[string]bool{
		PublicFile: true, PublicFolder: true, inherited: true,
		"D:(A;;FR;;;WD)": true, "D:(A;;GR;;;AU)": true, "D:(A;;0x80000000;;;BU)": true, "O:BA": true,
		"D:P(A;;FA;;;SY)(A;;FA;;;BA)": false, "D:(A;;FR;;;" + kim + ")": false, "D:(A;;FR;;;BG)": false,
		"D:(A;;FW;;;WD)": false, "D:(A;OICIIO;FA;;;WD)": false, "D:(D;;FR;;;WD)": false, "D:": false,
	} {
		if got := Readable(list); got != want {
			t.Errorf("%s: %v, want %v", list, got, want)
		}
	}
}

// Who runs the program is no stranger where what they name is followed with their rights.
func TestFaultTrusts(t *testing.T) {
	if fault, _ := Fault(PublicFolder+"(A;OICI;FA;;;"+kim+")", kim, Folder, kim); fault != "" {
		t.Errorf("somebody's own folder %s", fault)
	}
	if fault, _ := Fault("D:(A;OICI;FA;;;WD)", kim, Folder, kim); fault == "" {
		t.Error("everyone may change it, and nothing is said")
	}
}

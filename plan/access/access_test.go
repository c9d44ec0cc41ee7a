package access

import "testing"

func TestWhoMayChange(t *testing.T) {
	for _, c := range []struct{ list, changes, replaces string }{
		{"O:BAG:SYD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)", "", ""},
		// what ProgramData hands down to a folder: users may add to it, and replace nothing
		{"O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)", "all users", ""},
		// and to a file
		{"O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", "", ""},
		{"D:(A;;FA;;;WD)", "everyone", "everyone"},
		{"D:(A;;0x1301bf;;;AU)", "every user who has signed in", "every user who has signed in"},
		{"D:(A;;FR;;;WD)", "", ""},
		{"D:(A;;GW;;;S-1-1-0)", "everyone", ""},
		{"D:(A;;0x40;;;S-1-5-32-545)", "", "all users"},
		{"D:(A;;WD;;;BU)", "all users", "all users"},
		{"D:(A;OICIIO;FA;;;WD)", "", ""},
		{"D:(D;;FA;;;WD)(A;;FR;;;WD)", "", ""},
		{"D:(A;;FA;;;S-1-5-21-1-2-3-1001)", "", ""}, // one account, who was named
		{"D:PAIS:AI(AU;SAFA;FA;;;WD)", "", ""},      // what is watched gives no right
		{"D:NO_ACCESS_CONTROL", "everyone", "everyone"},
		{"O:BAG:BA", "everyone", "everyone"},
		{"D:", "", ""}, // nobody may
		{"D:(A;;0xzz;;;WD)", "everyone", "everyone"},
		{`D:(XA;;FA;;;WD;(Member_of {SID(BA)}))`, "everyone", "everyone"},
	} {
		if got := Changes(c.list); got != c.changes {
			t.Errorf("%s: %q may change it, want %q", c.list, got, c.changes)
		}
		if got := Replaces(c.list); got != c.replaces {
			t.Errorf("%s: %q may replace in it, want %q", c.list, got, c.replaces)
		}
	}
}

func TestMachineOwned(t *testing.T) {
	for owner, want := range map[string]bool{
		"S-1-5-18": true, "S-1-5-32-544": true, "BA": true, "S-1-5-21-1-2-3-500": false, "": false, "S-1-5-32-545": false,
	} {
		if got := machineOwned(owner); got != want {
			t.Errorf("%s: %v, want %v", owner, got, want)
		}
	}
}

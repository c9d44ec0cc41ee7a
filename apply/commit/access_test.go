package commit

import "testing"

func TestPrivateList(t *testing.T) {
	const kim, admin = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-500"
	for _, c := range []struct{ owner, writer, want string }{
		{kim, kim, "D:P(A;;FA;;;SY)(A;;FA;;;" + kim + ")"},
		{kim, systemSID, "D:P(A;;FA;;;SY)(A;;FA;;;" + kim + ")"},
		{kim, admin, "D:P(A;;FA;;;SY)(A;;FA;;;" + kim + ")(A;;FA;;;" + admin + ")"},
		{systemSID, kim, "D:P(A;;FA;;;SY)(A;;FA;;;" + kim + ")"},
	} {
		if got := privateList(c.owner, c.writer); got != c.want {
			t.Errorf("owner %s, written by %s: got %s, want %s", c.owner, c.writer, got, c.want)
		}
	}
}

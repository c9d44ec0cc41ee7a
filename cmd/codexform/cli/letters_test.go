package cli

import "testing"

// TestLetters: what a locale says a terminal can show; one that says nothing shows UTF-8.
func TestLetters(t *testing.T) {
	for _, c := range []struct {
		all, kind, lang string
		ascii           bool
	}{
		{"", "", "", false},
		{"", "", "C.UTF-8", false},
		{"", "", "de_DE.utf8", false},
		{"", "UTF-8", "C", false}, // as on macOS
		{"", "", "en_US", false},
		{"", "", "de_DE.UTF-8@euro", false},
		{"", "", "C", true},
		{"", "", "POSIX", true},
		{"", "", "de_DE.ISO-8859-1", true},
		{"", "ja_JP.eucJP", "ja_JP.UTF-8", true},
		{"C", "de_DE.UTF-8", "de_DE.UTF-8", true},
		{"de_DE.UTF-8", "C", "C", false},
	} {
		values := map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.kind, "LANG": c.lang}
		a := &app{env: testEnv("plan")}
		a.env.LookupEnv = func(name string) (string, bool) { v, ok := values[name]; return v, ok }
		if got := a.asciiOnly(); got != c.ascii {
			t.Errorf("LC_ALL=%q LC_CTYPE=%q LANG=%q: %v", c.all, c.kind, c.lang, got)
		}
	}
}

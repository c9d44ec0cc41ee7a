package main

import (
	"strings"
	"testing"
)

const (
	config = `{"config":{"scan_level":"symbol"}}`
	known  = `{"osv":{"id":"GO-1","summary":"a loop"}}{"osv":{"id":"GO-2","summary":"a leak"}}`
)

func found(id, module, function string) string {
	return `{"finding":{"osv":"` + id + `","fixed_version":"v2","trace":[{"module":"` + module + `","version":"v1","package":"p","function":"` + function + `"}]}}`
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct{ in, out, err string }{
		"nothing":            {config + known, "0 vulnerable functions called in modules; 0 in", ""},
		"standard library":   {config + known + found("GO-1", "stdlib", "F"), "GO-1 stdlib v1: p.F is called; fixed in v2: a loop\n0 vulnerable", ""},
		"a module":           {config + known + found("GO-2", "example.com/m", "F"), "GO-2 example.com/m v1: p.F is called", "1 in modules"},
		"both":               {config + known + found("GO-1", "stdlib", "F") + found("GO-2", "example.com/m", "F"), "1 vulnerable functions called in modules; 1 in", "1 in modules"},
		"required, uncalled": {config + known + found("GO-2", "example.com/m", ""), "0 vulnerable functions called in modules; 0 in", ""},
		"no data base":       {config, "", "nothing is proved"},
		"no functions":       {`{"config":{"scan_level":"module"}}` + known, "", "nothing is proved"},
		"nothing said":       {"", "", "nothing is proved"},
		"cut off":            {config + known + `{"finding":`, "", "reading govulncheck's answer"},
	} {
		var out strings.Builder
		err := judge(strings.NewReader(c.in), &out)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got error %v, want %q", name, err, c.err)
		}
		if !strings.Contains(out.String(), c.out) {
			t.Errorf("%s: got %q, want %q in it", name, out.String(), c.out)
		}
	}
}

package codex_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// dotenvFiles are .env files of variables V0, V1, …, what they come to, and what the
// environment says before them. "" is a variable that is not set, or set to nothing.
var dotenvFiles = []struct {
	text string
	want map[string]string
}{
	{
		text: `
V0=plain
V1 = "double"
V2= 'single'
export V3=exported
V4=a#b
V5=a # comment
V6="a # b" # comment
V7='$V0'
V8=$V0
V9=${V0}x
V10=\$V0
V11="x${V0}y"
V12="$V0"
V13=$V0$V1
V14=$V0-$V1
V15=${SHELL_SAYS}
V16=$NOBODY.
V17='it''s'
V18=a\ b
V19=a b
V20=a"b"'c'
V21="a\"b"
V22='a\b'
V23=a\qb
V24
V25=
V26= # nothing
  V27 =  indented  
V28="tab	in"
V.29=dotted
30V=digit
V31=${V0
V32=$
V33=$$V0
V34="unicode é"
SHELL_SAYS=later
V35=$SHELL_SAYS
V36=first
V36=second
CODEX_X=hidden
V37=$CODEX_X
V38=${CODEX_X}
codex_y=small
V39=${codex_y}
export=odd
V40=$export
A_B=with
V52=${SHELL_SAYS}
V41=$A_B
V42=${A_B}
V43=a=b=c
V44="a"b
V45="a" b
V46=` + "`" + `x` + "`" + `
V47=${V0:-x}
V48=\\x
#V49=comment
 # V50=comment
V51=end`,
		want: map[string]string{
			"V0": "plain", "V1": "double", "V2": "single", "V3": "exported", "V4": "a#b", "V5": "a", "V6": "a # b", "V7": "$V0",
			"V8": "plain", "V9": "plainx", "V10": "$V0", "V11": "xplainy", "V13": "plaindouble", "V14": "plain-double",
			"V15": "said", "V16": ".", "V17": "its", "V18": "a b", "V20": "abc", "V21": `a"b`, "V22": `a\b`, "V27": "indented",
			"V28": "tab\tin", "V33": "plain", "V34": "unicode é", "V35": "_SAYS", "V36": "second", "V37": "_X", "V38": "hidden", "V39": "small",
			"V40": "odd", "V41": "_B", "V42": "with", "V43": "a=b=c", "V44": "ab", "V46": "`x`", "V48": `\x`, "V51": "end", "V52": "later",
		},
	},
	{
		text: "V0=\"two\nlines\"\nV1=after\nV2='three\n# no comment\nlines'\nV3=then\r\nV4=\"crlf\"\r\n",
		want: map[string]string{"V1": "after", "V3": "then", "V4": "crlf"},
	},
	{text: "\ufeffV0=mark\nV1=after\n", want: map[string]string{"V1": "after"}},
	{text: "V0=\xff\nV1=after\n", want: map[string]string{"V1": "after"}},
	{text: "V0=open\nV1=\"never closed\nV2=inside\n", want: map[string]string{"V0": "open"}},
	{text: "V0=it's\nV1=swallowed\nV2=it's\nV3=after\n", want: map[string]string{"V3": "after"}},
	{text: "V0=blank at the end ", want: map[string]string{}},
	{text: "V0=x ", want: map[string]string{}},
	{text: "V0=one\\\nV1=two\n", want: map[string]string{"V0": "one", "V1": "two"}},
}

const dotenvVariables = 60

func dotenvEnvironment() []string { return []string{"SHELL_SAYS=said"} }

// A .env file is read as Codex reads it.
func TestDotenv(t *testing.T) {
	for _, tc := range dotenvFiles {
		env := codex.NewEnvironment(lookup(dotenvEnvironment()), []byte(tc.text))
		for i := range dotenvVariables {
			name := fmt.Sprintf("V%d", i)
			got := env.Get(name)
			if got != tc.want[name] && !strings.Contains(got, "\n") {
				t.Errorf("%s = %q, want %q, in\n%q", name, got, tc.want[name], tc.text)
			}
		}
	}
}

// TestDotenvAcceptance has the real Codex send the variables as headers.
func TestDotenvAcceptance(t *testing.T) {
	codextest.Binary(t)
	for i, tc := range dotenvFiles {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			gateway, home := codextest.NewGateway(t), codextest.Home(t)
			config := strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL) + "[model_providers.g.env_http_headers]\n"
			for i := range dotenvVariables {
				config += fmt.Sprintf("X-V%d = \"V%d\"\n", i, i)
			}
			codextest.WriteFile(t, home, "config.toml", config)
			codextest.WriteFile(t, home, "auth.json", keyOnly)
			codextest.WriteFile(t, home, ".env", tc.text)
			ran := codextest.Turn(t, home, dotenvEnvironment())
			turns := gateway.Turns()
			if len(turns) == 0 {
				t.Fatalf("no turn, exit %d\n%s", ran.Exit, ran.Stderr)
			}
			for i := range dotenvVariables {
				name := fmt.Sprintf("V%d", i)
				if got := turns[0].Header.Get("X-" + name); got != tc.want[name] {
					t.Errorf("Codex has %s = %q, want %q", name, got, tc.want[name])
				}
			}
		})
	}
}

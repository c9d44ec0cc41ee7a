package tomlfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// lived is a config of about that many lines as people have them: root keys,
// trust tables, servers, comments, no provider of ours yet.
func lived(lines int) []byte {
	var b strings.Builder
	b.WriteString("# my settings\nmodel = \"gpt-5\"\napproval_policy = \"on-request\"\nmodel_reasoning_effort = 'high' # for now\n\n" +
		"[model_providers.rack]\nname = \"Rack\"\nbase_url = \"http://localhost:11434/v1\"\n")
	for i := 0; i*12+8 < lines; i++ {
		fmt.Fprintf(&b, "\n[projects.\"/home/mira/src/site-%d\"]\ntrust_level = \"trusted\"\n\n"+
			"# server %d\n[mcp_servers.server-%d]\ncommand = \"npx\" # or bunx\nargs = [\"-y\", \"@acme/docs-mcp@latest\"]\n"+
			"startup_timeout_sec = 20\nenabled = true\nenv = { TOKEN = \"keep-me\", LOG = 'warn' }\n\n", i, i, i)
	}
	return []byte(b.String())
}

// guide is the edits of the setup guide.
func guide() []Edit {
	provider := plan.Address{"model_providers", "OpenAI"}
	return []Edit{
		{Address: plan.Address{"model_provider"}, Value: plan.Str("OpenAI")},
		{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")},
		{Address: plan.Address{"review_model"}, Value: plan.Str("gpt-5.4")},
		{Address: plan.Address{"model_reasoning_effort"}, Value: plan.Str("xhigh")},
		{Address: plan.Address{"disable_response_storage"}, Value: plan.Bool(true)},
		{Address: plan.Address{"network_access"}, Value: plan.Str("enabled")},
		{Address: plan.Address{"windows_wsl_setup_acknowledged"}, Value: plan.Bool(true)},
		{Address: plan.Address{"model_context_window"}, Value: plan.Int(1000000)},
		{Address: plan.Address{"model_auto_compact_token_limit"}, Value: plan.Int(900000)},
		{Address: child(provider, "name"), Value: plan.Str("OpenAI")},
		{Address: child(provider, "base_url"), Value: plan.Str("https://api.routescope.ai/v1")},
		{Address: child(provider, "wire_api"), Value: plan.Str("responses")},
		{Address: child(provider, "requires_openai_auth"), Value: plan.Bool(true)},
	}
}

var sizes = []int{200, 5_000, 50_000}

func BenchmarkParse(b *testing.B) {
	for _, lines := range sizes {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			src := lived(lines)
			for b.Loop() {
				if _, err := Parse(src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkApply makes the guide's 13 edits with their proof.
func BenchmarkApply(b *testing.B) {
	for _, lines := range sizes {
		b.Run(fmt.Sprint(lines), func(b *testing.B) { benchmarkApply(b, lived(lines), guide()) })
	}
}

// BenchmarkNothing applies what is there already.
func BenchmarkNothing(b *testing.B) {
	for _, lines := range sizes {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			done, err := Apply(lived(lines), guide())
			if err != nil {
				b.Fatal(err)
			}
			benchmarkApply(b, done.Data, guide())
		})
	}
}

// BenchmarkTakeBack takes the guide's edits back.
func BenchmarkTakeBack(b *testing.B) {
	for _, lines := range sizes {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			done, err := Apply(lived(lines), guide())
			if err != nil {
				b.Fatal(err)
			}
			edits, err := backwards(lived(lines), guide(), done)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkApply(b, done.Data, edits)
		})
	}
}

func benchmarkApply(b *testing.B, src []byte, edits []Edit) {
	b.Helper()
	for b.Loop() {
		if _, err := Apply(src, edits); err != nil {
			b.Fatal(err)
		}
	}
}

package codex

import (
	"fmt"
	"strconv"

	"github.com/codexform/codexform/plan"
)

func modelRules() []Rule {
	return []Rule{
		{"context-window-clamped", plan.Warning, "Codex uses a smaller context window", contextWindowClamped},
		{"session-history", plan.Warning, "Codex would no longer list older sessions", sessionHistory},
	}
}

// windowOf is the largest context window of a model in the catalogue that a version
// brings along, in tokens; false when it does not know the model.
func windowOf(model string, v Version) (int64, bool) {
	var most int64
	line, _ := modelsTable.line([]byte(model))
	for _, w := range line.words() {
		word, ok := holds(w, v)
		switch {
		case word == "" && !ok:
			return 0, false
		case word != "" && ok:
			most, _ = strconv.ParseInt(word, 10, 64)
		}
	}
	return most, most > 0
}

// strangersClamped is the first measured version that gives a model which it does not
// know no more than unknownWindow, whatever is set.
var strangersClamped = Version{0, 158, 0}

const (
	unknownWindow  = 272000
	usableWindow   = 95 // percent of the window that Codex works with
	compactPercent = 90 // of the window, at which Codex compacts at the latest
)

func contextWindowClamped(f *finder) {
	model := f.merged.Get("model").Text()
	if model == "" || f.ownCatalogue() {
		return
	}
	most, known := f.window(model)
	if !known {
		most = unknownWindow
		if f.Version.measuredBy().Compare(strangersClamped) < 0 {
			return
		}
	}
	window, limit := f.merged.Get("model_context_window").Int64(), f.merged.Get("model_auto_compact_token_limit").Int64()
	latest := most * compactPercent / 100
	fix := "describe the model in a file and name it in model_catalog_json, or lower the value"
	switch {
	case window > most:
		summary := fmt.Sprintf("Codex uses %d tokens of %s, not %d: it %s", most*usableWindow/100, model, window, clampReason(model, known, most))
		if limit > latest {
			summary += fmt.Sprintf("; it compacts at %d, not at %d", latest, limit)
		}
		f.add(plan.Address{"model_context_window"}, summary, fix)
	case limit > latest:
		f.add(plan.Address{"model_auto_compact_token_limit"},
			fmt.Sprintf("Codex compacts sessions with %s at %d tokens, not at %d: it %s", model, latest, limit, clampReason(model, known, most)), fix)
	}
}

// window is windowOf in the words of the Codex at hand where it was asked.
func (f *finder) window(model string) (int64, bool) {
	if f.Word != nil && f.Word.Windows != nil {
		most, known := f.Word.Windows[model]
		return most, known
	}
	return windowOf(model, f.Version)
}

func clampReason(model string, known bool, most int64) string {
	if known {
		return fmt.Sprintf("knows no larger window for it than %d", most)
	}
	return fmt.Sprintf("does not know %s and takes %d for its window", model, most)
}

// ownCatalogue reports whether Codex gets its knowledge of models elsewhere.
func (f *finder) ownCatalogue() bool {
	provider := f.merged.Get("model_providers").Get(selectedProvider(f.merged))
	return !f.merged.Get("model_catalog_json").IsAbsent() || !provider.Get("model_catalog_url").IsAbsent()
}

func sessionHistory(f *finder) {
	if f.Hidden == 0 {
		return
	}
	f.add(plan.Address{"model_provider"},
		fmt.Sprintf("%s under another model_provider: codex resume no longer lists them", count(f.Hidden, "session was begun", "sessions were begun")),
		"nothing is lost: codex resume -c model_provider=ID lists those of a provider that is still defined")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// NamedModels are the models that a config.toml names, each once.
func NamedModels(root plan.Value) []string {
	var out []string
	for _, key := range []string{"model", "review_model"} {
		if m := root.Get(key).Text(); m != "" && (len(out) == 0 || out[0] != m) {
			out = append(out, m)
		}
	}
	return out
}

package ui

import "strings"

// Initial is a first desired state that was written.
type Initial struct {
	File     string   `json:"file"`
	Home     string   `json:"codex_home,omitempty"` // that it was made from, "" for none
	Variable string   `json:"variable,omitempty"`   // that must hold the key, "" for none
	Notes    []string `json:"notes"`                // what it leaves out or would change
	YAML     string   `json:"yaml,omitempty"`       // the text itself, where no file was written
}

func (v *textView) Initial(i Initial) {
	if i.YAML != "" {
		v.say(strings.TrimRight(InertDocument(i.YAML), "\n")) // its notes stand on top of it
		return
	}
	from := "a form to fill in"
	if i.Home != "" {
		from = "from " + v.home(i.Home)
	}
	v.say("Wrote " + Visible(i.File) + ", " + from + ".")
	for _, n := range i.Notes {
		v.say("- " + Visible(n))
	}
	v.say("\nNext: codexform plan" + fileFlag(i.File))
}

// fileFlag is -f with a file that is not the default.
func fileFlag(name string) string {
	if name == "codex.yaml" {
		return ""
	}
	return " -f " + Visible(name)
}

func (v *jsonView) Initial(i Initial) {
	i.Notes = some(i.Notes)
	v.print(struct {
		Init Initial `json:"init"`
	}{i})
}

func (v *markdownView) Initial(i Initial) { v.text.Initial(i) }

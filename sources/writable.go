package sources

import (
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/plan/way"
)

// ruleWritable is the rule of a policy that others may write: it names programs to run
// and says where a key goes.
const ruleWritable = "policy-writable"

// judge warns of a policy's file that everybody may change, or replace in its folder.
// For root, who trusts nobody's group, the group counts too. A pipe is not judged.
func (w World) judge(file string, info fs.FileInfo, ps *problems) {
	if info == nil || !info.Mode().IsRegular() {
		return
	}
	summary, fix := w.strangers(file)
	if summary == "" {
		summary, fix = w.othersWrite(file, info)
	}
	if summary != "" {
		ps.warn(plan.Diagnostic{
			Severity: plan.Warning, Rule: ruleWritable, Summary: summary, Fix: fix,
			Origin: plan.Origin{File: file, Place: plan.Place{Line: 1, Column: 1}},
		})
	}
}

// othersWrite judges by the permission bits, where there are any.
func (w World) othersWrite(file string, info fs.FileInfo) (summary, fix string) {
	others := fs.FileMode(0o002)
	if w.UID == "0" {
		others = 0o022
	}
	if othersMay(info.Mode())&others != 0 {
		return mayWrite("others"), "chmod go-w " + file + ", or -f - < " + file + " where modes mean nothing"
	}
	for _, folder := range w.folders(file) {
		dir, err := w.Fs.Stat(folder)
		if err == nil && dir.Mode()&fs.ModeSticky == 0 && othersMay(dir.Mode())&others != 0 {
			return mayReplace("others"), "chmod go-w " + folder + ", or -f - < " + file + " where modes mean nothing"
		}
	}
	return "", ""
}

// folders are those in which somebody could put another policy in the place of this one:
// that of the file, and where it is a link, those of all that it leads to.
func (w World) folders(file string) []string {
	all := []string{filepath.Dir(file)}
	if w.OS == "windows" {
		return all
	}
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(w.Dir, path)
	}
	defer stall.Enter(stall.Look, "", file).Leave()
	for step, err := range way.To(path) {
		if err != nil {
			break
		}
		if !step.Info.IsDir() && !slices.Contains(all, step.In) { // a link, or the file
			all = append(all, step.In)
		}
	}
	return all
}

func mayWrite(who string) string {
	return who + " may write this policy, which names programs to run and the host that gets a key"
}

func mayReplace(who string) string {
	return who + " may put another policy in the place of this one: they may write its folder"
}

// UntrustedError is a policy that others may write: nothing that it says is done.
type UntrustedError struct{ plan.Diagnostic }

// Error names the file, says who may write it, and what mends that.
func (e *UntrustedError) Error() string {
	return e.Origin.File + ": " + e.Summary + "; " + e.Fix
}

// Trusted is an *UntrustedError where others may write the policy.
func (p *Policy) Trusted() error {
	for _, d := range p.Warnings {
		if d.Rule == ruleWritable {
			return &UntrustedError{d}
		}
	}
	return nil
}

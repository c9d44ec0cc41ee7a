package sources

import (
	"io/fs"
	"os"
	"path/filepath"

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
		summary, fix = w.othersWrite(file, info, ps)
	}
	if summary != "" {
		ps.warn(plan.Diagnostic{
			Severity: plan.Warning, Rule: ruleWritable, Summary: summary, Fix: fix,
			Origin: plan.Origin{File: file, Place: plan.Place{Line: 1, Column: 1}},
		})
	}
}

// othersWrite judges by the permission bits, where there are any.
func (w World) othersWrite(file string, info fs.FileInfo, ps *problems) (summary, fix string) {
	others := fs.FileMode(0o002)
	if w.UID == "0" {
		others = 0o022
	}
	if othersMay(info.Mode())&others != 0 {
		return mayWrite("others"), "chmod go-w " + file + ", or -f - < " + file + " where modes mean nothing"
	}
	if folder := w.openAround(file, others, ps); folder != "" {
		return mayReplace("others"), "chmod go-w " + folder + ", or -f - < " + file + " where modes mean nothing"
	}
	return "", ""
}

// openAround is a folder in which others could put another policy in the place of this one:
// its own, and those of all links on the way to it; "" where there is none. The way to a
// folder is looked at once, however many policies lie in it.
func (w World) openAround(file string, others fs.FileMode, ps *problems) string {
	dir := filepath.Dir(file)
	folder, known := ps.around[dir]
	if !known {
		if folder = w.open(dir, others); folder == "" {
			folder = w.openOnTheWay(dir, others)
		}
		if ps.around == nil {
			ps.around = map[string]string{}
		}
		ps.around[dir] = folder
	}
	if folder == "" && w.isLink(file) {
		folder = w.openOnTheWay(file, others)
	}
	return folder
}

// open is a folder that others may write, "" where they may not.
func (w World) open(folder string, others fs.FileMode) string {
	dir, err := w.Fs.Stat(folder)
	if err != nil || dir.Mode()&fs.ModeSticky != 0 || othersMay(dir.Mode())&others == 0 {
		return ""
	}
	return folder
}

// openOnTheWay is the first open folder of those that hold a link, or the file, on the way
// to a path.
func (w World) openOnTheWay(path string, others fs.FileMode) string {
	if w.OS == "windows" {
		return ""
	}
	defer stall.Enter(stall.Look, "", path).Leave()
	for step, err := range way.To(w.absolute(path)) {
		if err != nil {
			break
		}
		if step.Info.IsDir() {
			continue
		}
		if folder := w.open(step.In, others); folder != "" {
			return folder
		}
	}
	return ""
}

func (w World) isLink(file string) bool {
	defer stall.Enter(stall.Look, "", file).Leave()
	info, err := os.Lstat(w.absolute(file))
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

func (w World) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(w.Dir, path)
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

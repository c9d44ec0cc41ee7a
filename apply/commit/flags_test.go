package commit

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFlagMark(t *testing.T) {
	for flags, want := range map[uint32]string{
		0: "", 0x40: "", 0x8000: "", // nothing; compressed; hidden
		userImmutable: "chflags nouchg", userAppend: "chflags nouappnd", userImmutable | 0x8000: "chflags nouchg",
		systemImmutable | userImmutable: "sudo chflags noschg", systemAppend: "sudo chflags nosappnd",
	} {
		if mark, fix := flagMark(flags); fix != want || (mark == "") != (want == "") {
			t.Errorf("%#x: %q with %q, want %q", flags, mark, fix, want)
		}
	}
}

// A folder that is spelt in another way is the same folder: macOS and Windows know one by
// several spellings. Here a link stands for the other one.
func TestBelowByIdentity(t *testing.T) {
	needLinks(t)
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	must(t, os.MkdirAll(filepath.Join(home, "a", "b"), 0o700))
	must(t, os.MkdirAll(filepath.Join(dir, "home-of-another"), 0o700))
	spelt := filepath.Join(dir, "HOME")
	must(t, os.Symlink(home, spelt))
	for path, want := range map[string]bool{
		home: true, filepath.Join(home, "a", "b"): true, filepath.Join(home, "a", "none", "file"): true,
		dir: false, filepath.Join(dir, "home-of-another"): false, filepath.Join(dir, "none"): false,
	} {
		for _, of := range []string{home, spelt} {
			if got := below(path, of); got != want {
				t.Errorf("%s below %s: %v, want %v", path, of, got, want)
			}
		}
	}
}

package sources_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/codexform/codexform/sources"
)

const windowsKey = "sk-windows-0123456789"

// wide is UTF-16 as Windows keeps text, without a mark.
func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// Windows' own tools store two bytes a character in the Credential Manager.
func TestKeyringOfWindows(t *testing.T) {
	for _, stored := range []string{windowsKey, wide(windowsKey)} {
		w := world(t, nil, nil)
		w.Keyring = func(string, string) (string, error) { return stored, nil }
		got, err := source(t, w, "{keyring: {service: codex, user: ada}}").Fetch(context.Background())
		if err != nil || string(got.Secret.Reveal()) != windowsKey {
			t.Errorf("%q: got %v, %v", stored[:4], got.Secret, err)
		}
	}
}

type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
func (e exitCode) ExitCode() int { return int(e) }

// A keychain that is locked is not the same as none: another source is not asked.
func TestLockedKeychain(t *testing.T) {
	for code, want := range map[exitCode]string{36: sources.KindLocked, 51: sources.KindLocked, 128: sources.KindLocked, 1: sources.KindUnavailable} {
		w := world(t, nil, map[string]string{"KEY": windowsKey})
		w.Keyring = func(string, string) (string, error) { return "", code }
		_, err := source(t, w, "{keyring: {service: codex, user: ada}}").Fetch(context.Background())
		var e *sources.Error
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("exit code %d: got %v, want %s", int(code), err, want)
		}
		_, err = source(t, w, "{first_of: [{keyring: {service: codex, user: ada}}, {env: KEY}]}").Fetch(context.Background())
		if passed := err == nil; passed != (want == sources.KindUnavailable) {
			t.Errorf("exit code %d: first_of went on: %v (%v)", int(code), passed, err)
		}
	}
}

// What PowerShell 5 makes of `"sk-…" > key` is said by its name, in every file.
func TestEncodedSecretFiles(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfe" + wide(windowsKey):        "it is UTF-16",
		"\xfe\xff\x00s\x00k\x00-":            "it is UTF-16",
		wide(windowsKey):                     "it is UTF-16",
		"\xef\xbb\xbf" + windowsKey:          "it starts with a byte order mark",
		"\xef\xbb\xbf" + windowsKey + "\r\n": "it starts with a byte order mark",
	} {
		_, err := source(t, world(t, nil, map[string]string{"KEY": text}), "{env: KEY}").Fetch(context.Background())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sk-") {
			t.Errorf("%q: got %v, want %q", text[:4], err, want)
		}
	}
}

// Paths of Windows that start neither at a drive's root nor at a folder.
func TestWindowsPaths(t *testing.T) {
	for secret, want := range map[string]string{
		`{file: 'C:keys\k'}`:     "a drive without a whole path",
		`{file: 'C:'}`:           "a drive without a whole path",
		`{command: ['~\k.bat']}`: "~ is not expanded here",
		`{command: ['~/k.sh']}`:  "~ is not expanded here",
		`{file: '\keys\k'}`:      "",
		`{file: 'C:\keys\k'}`:    "",
		`{file: '\\host\s\k'}`:   "",
		`{file: 'keys\k'}`:       "",
	} {
		w := world(t, map[string]string{"codex.yaml": "version: 1\nprovider: {base_url: 'https://gateway.example/v1'}\nsecret: " + secret + "\n"}, nil)
		w.OS = "windows"
		p, err := sources.Load(w, []string{"codex.yaml"})
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", secret, err, want)
		case secret == `{file: '\keys\k'}` && !strings.HasSuffix(string(p.Source.Ref()), `file:\keys\k`):
			t.Errorf("%s leads to %s", secret, p.Source.Ref())
		}
	}
}

// The variables of Windows that end with (x86).
func TestParenthesisedVariable(t *testing.T) {
	w := world(t, map[string]string{"/programs/key": windowsKey}, map[string]string{"ProgramFiles(x86)": "/programs"})
	w.OS = "windows"
	got, err := source(t, w, "{file: '${env.ProgramFiles(x86)}/key'}").Fetch(context.Background())
	if err != nil || string(got.Secret.Reveal()) != windowsKey {
		t.Errorf("got %v, %v", got.Secret, err)
	}
}

// needPOSIXPaths skips tests whose policies name paths as Linux and macOS have them;
// TestWindowsPaths has the others.
func needPOSIXPaths(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the paths of this test are those of Linux and macOS")
	}
}

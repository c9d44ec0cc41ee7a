package mdm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/micromdm/nanomdm/mdm"
	"github.com/micromdm/nanomdm/test"
	"github.com/micromdm/nanomdm/test/enrollment"
	"howett.net/plist"
)

// mac is a Mac as far as profiles go: it enrols, asks for commands, installs, lists and
// removes profiles by their identifier, and refuses what macOS refuses.
type mac struct {
	*enrollment.Enrollment
	profiles map[string]profile
	refused  int
}

// profile is a configuration profile as a Mac keeps it.
type profile struct {
	Identifier string           `plist:"PayloadIdentifier"`
	UUID       string           `plist:"PayloadUUID"`
	Type       string           `plist:"PayloadType"`
	Version    int              `plist:"PayloadVersion"`
	Scope      string           `plist:"PayloadScope"`
	Content    []map[string]any `plist:"PayloadContent"`
}

func newMac(t *testing.T, doer *http.Client, server string) *mac {
	t.Helper()
	e, err := enrollment.NewRandomDeviceEnrollment(doer, "com.example.apns.topic", server, "")
	if err != nil {
		t.Fatal(err)
	}
	m := &mac{Enrollment: e, profiles: map[string]profile{}}
	if err := m.DoEnroll(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// command is what a server sends.
type command struct {
	CommandUUID string
	Command     struct {
		RequestType string
		Payload     []byte
		Identifier  string
	}
}

// poll does what the server has for this Mac, until there is nothing left.
func (m *mac) poll(ctx context.Context) error {
	report := &mdm.CommandResults{Enrollment: *m.GetEnrollment(), Status: "Idle"}
	for {
		c, err := m.ask(ctx, report)
		if c == nil || err != nil {
			return err
		}
		report = &mdm.CommandResults{Enrollment: *m.GetEnrollment(), CommandUUID: c.CommandUUID, Status: "Acknowledged"}
		if err := m.do(*c); err != nil {
			m.refused++
			report.Status = "Error"
			report.ErrorChain = []mdm.ErrorChain{{ErrorCode: 1000, ErrorDomain: "MCProfileErrorDomain", LocalizedDescription: err.Error()}}
		}
	}
}

func (m *mac) ask(ctx context.Context, report *mdm.CommandResults) (*command, error) {
	body, err := test.PlistReader(report)
	if err != nil {
		return nil, err
	}
	resp, err := m.DoReportAndFetch(ctx, body)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("the server says %s: %s", resp.Status, data))
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	c := new(command)
	_, err = plist.Unmarshal(data, c)
	return c, err
}

func (m *mac) do(c command) error {
	switch c.Command.RequestType {
	case "InstallProfile":
		var p profile
		if _, err := plist.Unmarshal(c.Command.Payload, &p); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
		if old, is := m.profiles[p.Identifier]; is && old.UUID != p.UUID {
			return fmt.Errorf("%s is installed with another UUID", p.Identifier)
		}
		m.profiles[p.Identifier] = p
		return nil
	case "RemoveProfile":
		if _, is := m.profiles[c.Command.Identifier]; !is {
			return fmt.Errorf("%s is not installed", c.Command.Identifier)
		}
		delete(m.profiles, c.Command.Identifier)
		return nil
	}
	return fmt.Errorf("no such command: %s", c.Command.RequestType)
}

// check is what Apple's documents demand of each payload.
func (p profile) check() error {
	if p.Type != "Configuration" || p.Identifier == "" || p.UUID == "" || p.Version != 1 || len(p.Content) == 0 {
		return fmt.Errorf("not a configuration profile: %+v", p)
	}
	seen := map[string]bool{p.UUID: true, p.Identifier: true}
	for _, payload := range p.Content {
		for _, key := range []string{"PayloadType", "PayloadIdentifier", "PayloadUUID"} {
			if s, _ := payload[key].(string); s == "" || key != "PayloadType" && seen[s] {
				return fmt.Errorf("%s %q is missing or stands twice", key, s)
			}
			seen[payload[key].(string)] = true
		}
	}
	return nil
}

// preferences are the managed preferences that Codex would read.
func (m *mac) preferences() map[string]any {
	out := map[string]any{}
	for _, p := range m.profiles {
		for _, payload := range p.Content {
			switch payload["PayloadType"] {
			case "com.openai.codex":
				collect(out, payload)
			case "com.apple.ManagedClient.preferences":
				for _, forced := range payload["PayloadContent"].(map[string]any)["com.openai.codex"].(map[string]any)["Forced"].([]any) {
					collect(out, forced.(map[string]any)["mcx_preference_settings"].(map[string]any))
				}
			}
		}
	}
	return out
}

func collect(out, from map[string]any) {
	for key, value := range from {
		if !strings.HasPrefix(key, "Payload") {
			out[key] = value
		}
	}
}

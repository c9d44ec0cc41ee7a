package codex

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
)

// askTimeout bounds one conversation with Codex, which takes a second or two.
const askTimeout = 30 * time.Second

// Asked is what Codex makes of a config.toml together with every other layer that
// counts on this machine, those that no file shows included.
type Asked struct {
	// Provider is the provider that it would use.
	Provider string
	// Pinned reports that the provider is not the user's to choose.
	Pinned bool

	origins map[string]origin
}

// origin is the layer that a value comes from.
type origin struct{ Type, File string }

// Asker is a Codex that can be asked.
type Asker interface {
	Ask(ctx context.Context, config []byte) (Asked, error)
}

// Loader is a Codex that can be made to load a config.toml.
type Loader interface {
	Loads(ctx context.Context, config []byte) error
}

// Origin says for people which layer a key gets its value from, "" when it is
// config.toml or nobody said.
func (a Asked) Origin(key plan.Address) string {
	o, ok := a.origins[strings.Join(key, ".")]
	switch {
	case !ok, o.Type == "user":
		return ""
	case o.File != "":
		return o.File
	case o.Type == "legacyManagedConfigTomlFromMdm":
		return "a managed preference of this Mac"
	case o.Type == "enterpriseManaged":
		return "the organisation's settings for Codex"
	}
	return "another layer of Codex's settings (" + o.Type + ")"
}

// Ask starts Codex's app server on a copy of a config.toml and asks it for the
// settings in effect.
func (b Binary) Ask(ctx context.Context, config []byte) (Asked, error) {
	s, err := b.scratch(b.Home, config)
	if err != nil {
		return Asked{}, err
	}
	defer s.remove()
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	answers, err := b.converse(ctx, s)
	if err != nil {
		return Asked{}, fmt.Errorf("asking Codex for its settings: %w", err)
	}
	return parseAnswers(answers)
}

// The requests, by their ids. Answers come in any order.
const (
	askHello = iota
	askSettings
	askProviders
)

var requests = []string{
	`{"id":0,"method":"initialize","params":{"clientInfo":{"name":"codexform","title":"codexform","version":"1"}}}`,
	`{"method":"initialized"}`,
	`{"id":1,"method":"config/read","params":{"includeLayers":false}}`,
	`{"id":2,"method":"modelProvider/list","params":{}}`,
}

// converse writes the requests and reads until each has its answer. Codex's input
// stays open until then: when it closes earlier, Codex ends without a word.
func (b Binary) converse(ctx context.Context, s scratch) (map[int]json.RawMessage, error) {
	cmd := b.command(ctx, s, "app-server")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := stall.Enter(stall.Look, "", b.Path)
	err = cmd.Start()
	start.Leave()
	if err != nil {
		return nil, err
	}
	release := hold(cmd)
	_, err = io.WriteString(in, strings.Join(requests, "\n")+"\n")
	answers, readErr := readAnswers(out)
	in.Close()
	waitErr := cmd.Wait()
	release()
	if len(answers) == askProviders+1 {
		return answers, nil
	}
	return nil, errors.Join(err, readErr, waitErr, ctx.Err())
}

// maxAnswer bounds one answer of Codex.
const maxAnswer = 16 << 20

func readAnswers(out io.Reader) (map[int]json.RawMessage, error) {
	answers := map[int]json.RawMessage{}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxAnswer)
	for len(answers) <= askProviders && lines.Scan() {
		var m struct {
			ID     *int
			Result json.RawMessage
			Error  json.RawMessage
		}
		if json.Unmarshal(lines.Bytes(), &m) != nil || m.ID == nil {
			continue
		}
		if m.Error != nil {
			m.Result = nil // an older Codex does not know every question
		}
		answers[*m.ID] = m.Result
	}
	if len(answers) <= askProviders && lines.Err() == nil {
		return nil, errors.New("it ended without an answer")
	}
	return answers, lines.Err()
}

func parseAnswers(answers map[int]json.RawMessage) (Asked, error) {
	var settings struct {
		Origins map[string]struct{ Name origin }
	}
	var providers struct {
		DefaultProviderID string
		CanChangeDefault  *bool
	}
	if answers[askSettings] == nil {
		return Asked{}, errors.New("asking Codex for its settings: it is too old to say")
	}
	err := json.Unmarshal(answers[askSettings], &settings)
	if answers[askProviders] != nil {
		err = errors.Join(err, json.Unmarshal(answers[askProviders], &providers))
	}
	if err != nil {
		return Asked{}, errors.New("asking Codex for its settings: it answers in a form that is not known here")
	}
	a := Asked{Provider: providers.DefaultProviderID, origins: map[string]origin{}}
	a.Pinned = providers.CanChangeDefault != nil && !*providers.CanChangeDefault
	for key, o := range settings.Origins {
		a.origins[key] = o.Name
	}
	return a, nil
}

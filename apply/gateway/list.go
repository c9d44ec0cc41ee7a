package gateway

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/codexform/codexform/plan"
)

// Limits of a model list.
const (
	listBytes  = 2 << 20
	listModels = 10_000
	listDepth  = 100
	valueBytes = 128 << 10 // one string or number; the decoder holds it whole
)

var (
	errTooLarge = errors.New("more than 2 MiB")
	errTooLong  = errors.New("a text of more than 128 KiB in it")
	errTooMany  = errors.New("more than 10,000 models")
	errTooDeep  = errors.New("JSON nested deeper than 100")
	errNotJSON  = errors.New("a body that is not JSON")
	errNoList   = errors.New("JSON that is not a model list")
)

// nearNames is how many listed names are shown for a missing model.
const nearNames = 3

// listing is what we want to know of a model list, and all that is kept of it.
type listing struct {
	listed int
	found  map[string]bool
	near   map[string]*plan.Nearest
	every  bool // it lists everyModel
}

// everyModel is what proxies list that pass any model on.
const everyModel = "*"

// readList reads a model list of either shape, {"data":[{"id":…}]} or
// {"models":[{"slug":…}]}, to its end. It holds one entry's name at a time.
func readList(r io.Reader, wanted []string) (listing, error) {
	p := parser{dec: json.NewDecoder(r), listing: listing{found: map[string]bool{}, near: map[string]*plan.Nearest{}}}
	p.dec.UseNumber()
	for _, model := range wanted {
		p.near[model] = &plan.Nearest{Wanted: model, Most: nearNames, Longer: true}
	}
	err := p.document()
	return p.listing, err
}

type parser struct {
	listing
	dec     *json.Decoder
	depth   int
	entries int
	isList  bool
}

// document reads the one object that the answer has to be.
func (p *parser) document() error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	if tok != json.Delim('{') {
		return errNoList
	}
	for p.dec.More() {
		if err := p.member(); err != nil {
			return err
		}
	}
	if _, err := p.token(); err != nil {
		return err
	}
	if _, err := p.dec.Token(); err != io.EOF {
		return errNotJSON
	}
	if !p.isList || p.entries > 0 && p.listed == 0 {
		return errNoList
	}
	return nil
}

func (p *parser) member() error {
	key, err := p.token()
	if err != nil {
		return err
	}
	switch key {
	case "data":
		return p.array("id")
	case "models":
		return p.array("slug")
	}
	return p.skip()
}

// array reads a list of entries that are named by their member called name.
func (p *parser) array(name string) error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	if tok != json.Delim('[') {
		return p.finish(tok)
	}
	p.isList = true
	for p.dec.More() {
		if p.entries++; p.entries > listModels {
			return errTooMany
		}
		if err := p.entry(name); err != nil {
			return err
		}
	}
	_, err = p.token()
	return err
}

func (p *parser) entry(name string) error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	if tok != json.Delim('{') {
		return p.finish(tok)
	}
	for p.dec.More() {
		key, err := p.token()
		if err != nil {
			return err
		}
		value, err := p.token()
		if err != nil {
			return err
		}
		if id, ok := value.(string); ok && key == name {
			p.add(id)
		} else if err := p.finish(value); err != nil {
			return err
		}
	}
	_, err = p.token()
	return err
}

func (p *parser) add(id string) {
	p.listed++
	if id == everyModel {
		p.every = true
		for model := range p.near {
			p.found[model] = true
		}
		return
	}
	for model, near := range p.near {
		if id == model {
			p.found[model] = true
		} else {
			near.Offer(id) // not one of more than 64 bytes
		}
	}
}

// skip reads one value that does not matter.
func (p *parser) skip() error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	return p.finish(tok)
}

// finish reads on to the end of the value that tok began.
func (p *parser) finish(tok json.Token) error {
	if tok != json.Delim('{') && tok != json.Delim('[') {
		return nil
	}
	for outer := p.depth; p.depth >= outer; {
		if _, err := p.token(); err != nil {
			return err
		}
	}
	return nil
}

// token is the next token, with the depth kept. The decoder's own errors quote the
// answer, so they become ours; the reader's go through bounded.
func (p *parser) token() (json.Token, error) {
	tok, err := p.dec.Token()
	if err != nil {
		return nil, errNotJSON
	}
	switch tok {
	case json.Delim('{'), json.Delim('['):
		if p.depth++; p.depth > listDepth {
			return nil, errTooDeep
		}
	case json.Delim('}'), json.Delim(']'):
		p.depth--
	}
	return tok, nil
}

//go:build linux

package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// form is one way in which a secret may lie about.
type form struct {
	name string
	text []byte
}

// forms are the ways that canary knows: raw, any 12 characters of it, in the three
// alignments of base64, hex, URL, JSON, and plain digests.
func forms(secret string) []form {
	all := []form{
		{"raw", []byte(secret)},
		{"upper case", []byte(strings.ToUpper(secret))},
		{"hex", []byte(hex.EncodeToString([]byte(secret)))},
		{"HEX", []byte(strings.ToUpper(hex.EncodeToString([]byte(secret))))},
		{"url", []byte(url.QueryEscape(secret))},
	}
	for i := 0; i+12 <= len(secret); i++ {
		all = append(all, form{fmt.Sprintf("window %d", i), []byte(secret[i : i+12])})
	}
	if j, err := json.Marshal(secret); err == nil {
		all = append(all, form{"json", bytes.Trim(j, `"`)})
	}
	all = append(all, base64Forms(secret)...)
	for _, text := range []string{secret, "Bearer " + secret, secret + "\n"} {
		all = append(all, digests(text)...)
	}
	return all
}

func base64Forms(secret string) []form {
	var all []form
	for pad := range 3 {
		e := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", pad) + secret))
		cut := e[(pad*8+5)/6 : len(e)/4*4-4]
		all = append(all, form{"base64", []byte(cut)}, form{"base64url", []byte(strings.NewReplacer("+", "-", "/", "_").Replace(cut))})
	}
	return all
}

func digests(text string) []form {
	m, a, b, c := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text))
	var all []form
	for name, sum := range map[string][]byte{"md5": m[:], "sha1": a[:], "sha256": b[:], "sha512": c[:]} {
		all = append(all,
			form{"digest " + name, sum},
			form{"digest " + name + " hex", []byte(hex.EncodeToString(sum)[:16])},
			form{"digest " + name + " base64", []byte(base64.StdEncoding.EncodeToString(sum)[:16])})
	}
	return all
}

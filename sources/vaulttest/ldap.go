package vaulttest

import (
	"encoding/asn1"
	"io"
	"net"
	"testing"
)

// Directory is an LDAP server that knows the passwords of a few people. It speaks
// as much of RFC 4511 as a login needs: simple bind, search by base, unbind.
type Directory struct {
	Address string            // host:port
	people  map[string]string // distinguished name to password
}

// NewDirectory starts a directory on loopback. People are under their DN.
func NewDirectory(tb testing.TB, people map[string]string) *Directory {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { ln.Close() })
	d := &Directory{ln.Addr().String(), people}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go d.serve(conn)
		}
	}()
	return d
}

// The operations of the protocol, as tags of the class "application".
const (
	bindRequest = iota
	bindResponse
	unbindRequest
	searchRequest
	searchEntry
	searchDone
)

const (
	success            = 0
	invalidCredentials = 49
)

func (d *Directory) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var m struct {
			ID int
			Op asn1.RawValue
		}
		raw, err := readElement(conn)
		if err != nil {
			return
		}
		if _, err := asn1.Unmarshal(raw, &m); err != nil {
			return
		}
		switch m.Op.Tag {
		case bindRequest:
			reply(conn, m.ID, bindResponse, result(d.bind(m.Op.Bytes)))
		case searchRequest:
			var base []byte
			asn1.Unmarshal(m.Op.Bytes, &base)
			reply(conn, m.ID, searchEntry, entry(base))
			reply(conn, m.ID, searchDone, result(success))
		default:
			return
		}
	}
}

// bind checks a simple bind: version, name, password with the context tag 0.
func (d *Directory) bind(b []byte) int {
	var version int
	var name []byte
	var password asn1.RawValue
	rest, err := asn1.Unmarshal(b, &version)
	if err == nil {
		rest, err = asn1.Unmarshal(rest, &name)
	}
	if err == nil {
		_, err = asn1.Unmarshal(rest, &password)
	}
	want, known := d.people[string(name)]
	if err != nil || !known || len(want) == 0 || string(password.Bytes) != want {
		return invalidCredentials
	}
	return success
}

func result(code int) []byte {
	return concat(must(asn1.Marshal(asn1.Enumerated(code))), octets(nil), octets(nil))
}

// entry is the person whose DN is the base of the search.
func entry(dn []byte) []byte {
	attribute := sequence(octets([]byte("cn")), must(asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: octets(dn)})))
	return concat(octets(dn), sequence(attribute))
}

func reply(w io.Writer, id, op int, body []byte) {
	w.Write(sequence(must(asn1.Marshal(id)),
		must(asn1.Marshal(asn1.RawValue{Class: asn1.ClassApplication, Tag: op, IsCompound: true, Bytes: body}))))
}

func sequence(fields ...[]byte) []byte {
	return must(asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: concat(fields...)}))
}

func octets(b []byte) []byte { return must(asn1.Marshal(append([]byte{}, b...))) }

func concat(fields ...[]byte) []byte {
	var all []byte
	for _, p := range fields {
		all = append(all, p...)
	}
	return all
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// readElement reads one element of BER with a definite length.
func readElement(r io.Reader) ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	n := int(head[1])
	if n >= 0x80 {
		long := make([]byte, n&0x7f)
		if _, err := io.ReadFull(r, long); err != nil {
			return nil, err
		}
		head, n = append(head, long...), 0
		for _, b := range long {
			n = n<<8 | int(b)
		}
	}
	if n > 1<<16 {
		return nil, io.ErrShortBuffer
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return append(head, body...), err
}

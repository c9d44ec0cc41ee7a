// Command vaultdev is a real Vault server for tests: Vault's own core and HTTP
// handler over memory, with the backends that package vault has to get along with.
// It prints one line of JSON when it listens, and lives until it is killed.
//
// It is for loopback only: the default build is an old version of Vault, chosen
// for its licence.
package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

type options struct {
	listen    string
	rootToken string
	state     string
	certFile  string
	keyFile   string
	logLevel  string
	standby   bool
}

// ready is the line that tells the test how to reach the server.
type ready struct {
	Version   string `json:"version"`
	Address   string `json:"address"`
	Standby   string `json:"standby,omitempty"`
	RootToken string `json:"root_token,omitempty"`
	UnsealKey string `json:"unseal_key,omitempty"`
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback `address`, or unix:PATH")
	flag.StringVar(&o.rootToken, "root-token", "root", "the root `token`")
	flag.StringVar(&o.state, "state", "unsealed", "unsealed, sealed or uninitialized")
	flag.StringVar(&o.certFile, "tls-cert", "", "certificate `file`; speak TLS and ask for a client certificate")
	flag.StringVar(&o.keyFile, "tls-key", "", "key `file` of -tls-cert")
	flag.StringVar(&o.logLevel, "log-level", "off", "Vault's log `level`, on stderr")
	flag.BoolVar(&o.standby, "standby", false, "start a second node that stands by, on a port of its own")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "vaultdev:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	ln, err := listen(o.listen)
	if err != nil {
		return err
	}
	c, err := newCluster(o, baseURL(o, ln))
	if err != nil {
		return err
	}
	info, err := c.start(o)
	if err != nil {
		return err
	}
	info.Address = baseURL(o, ln)
	if o.standby {
		if info.Standby, err = c.serveStandby(); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(info); err != nil {
		return err
	}
	return serve(o, ln, c.active.handler(ln))
}

func listen(address string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return net.Listen("unix", path)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, errors.New("only loopback addresses")
	}
	return net.Listen("tcp", address)
}

func baseURL(o options, ln net.Listener) string {
	switch {
	case ln.Addr().Network() == "unix":
		return "unix://" + ln.Addr().String()
	case o.certFile != "":
		return "https://" + ln.Addr().String()
	}
	return "http://" + ln.Addr().String()
}

func serve(o options, ln net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler: h, TLSConfig: &tls.Config{ClientAuth: tls.RequestClientCert},
		ErrorLog: log.New(io.Discard, "", 0),
	} // tests break handshakes on purpose
	if o.certFile != "" {
		return s.ServeTLS(ln, o.certFile, o.keyFile)
	}
	return s.Serve(ln)
}

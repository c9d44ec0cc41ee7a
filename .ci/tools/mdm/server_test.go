package mdm

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	nlhttp "github.com/micromdm/nanolib/http"
	"github.com/micromdm/nanolib/log"
	"github.com/micromdm/nanomdm/cryptoutil"
	httpapi "github.com/micromdm/nanomdm/http/api"
	httpmdm "github.com/micromdm/nanomdm/http/mdm"
	"github.com/micromdm/nanomdm/service/certauth"
	"github.com/micromdm/nanomdm/service/nanomdm"
	"github.com/micromdm/nanomdm/storage/inmem"
	"howett.net/plist"
)

// server is NanoMDM on loopback, with its own check of the Macs' certificates.
type server struct{ *httptest.Server }

func newServer(t *testing.T) *server {
	t.Helper()
	store := inmem.New()
	svc := certauth.New(nanomdm.New(store), store)
	mux := http.NewServeMux()
	macs := nlhttp.NewMWMux(mux)
	macs.Use(func(h http.Handler) http.Handler {
		return httpmdm.CertExtractMdmSignatureMiddleware(h, httpmdm.MdmSignatureVerifierFunc(cryptoutil.VerifyMdmSignature))
	})
	macs.Handle("/mdm", httpmdm.CheckinAndCommandHandler(svc, log.NopLogger))
	httpapi.HandleAPIv1("/v1", mux, log.NopLogger, store, nil)
	s := &server{httptest.NewServer(mux)}
	t.Cleanup(s.Close)
	return s
}

// send queues a command for every Mac.
func (s *server) send(t *testing.T, macs []*mac, id string, request map[string]any) {
	t.Helper()
	body, err := plist.Marshal(map[string]any{"CommandUUID": id, "Command": request}, plist.XMLFormat)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(macs))
	for i, m := range macs {
		ids[i] = m.ID()
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.URL+"/v1/enqueue/"+strings.Join(ids, ",")+"?nopush=1", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("queueing %s: %s", id, resp.Status)
	}
}

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	k8s "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/cert"
	"github.com/hashicorp/vault/builtin/credential/ldap"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

// cluster is an active node and, when asked for, one that stands by over the
// same storage.
type cluster struct {
	active    node
	standby   node
	standbyLn net.Listener
}

type node struct{ core *vault.Core }

func newCluster(o options, address string) (*cluster, error) {
	log := hclog.New(&hclog.LoggerOptions{Level: hclog.LevelFromString(o.logLevel), Output: os.Stderr})
	store, err := newStore(o, log)
	if err != nil {
		return nil, err
	}
	c := &cluster{}
	if c.active, err = newNode(store, address, log); err != nil || !o.standby {
		return c, err
	}
	if c.standbyLn, err = listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	c.standby, err = newNode(store, "http://"+c.standbyLn.Addr().String(), log)
	return c, err
}

func newStore(o options, log hclog.Logger) (physical.Backend, error) {
	if o.standby {
		return inmem.NewInmemHA(nil, log)
	}
	return inmem.NewInmem(nil, log)
}

func newNode(store physical.Backend, address string, log hclog.Logger) (node, error) {
	conf := &vault.CoreConfig{
		Physical:        store,
		DisableMlock:    true,
		Logger:          log,
		BuiltinRegistry: noPlugins{},
		AuditBackends:   auditBackends,
		LogicalBackends: map[string]logical.Factory{"kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{
			"approle": approle.Factory, "cert": cert.Factory, "jwt": jwt.Factory,
			"kubernetes": k8s.Factory, "ldap": ldap.Factory, "userpass": userpass.Factory,
		},
	}
	if ha, ok := store.(physical.HABackend); ok {
		conf.HAPhysical, conf.RedirectAddr = ha, address
	}
	core, err := vault.NewCore(conf)
	return node{core}, err
}

// start brings the active node into the state that was asked for, with a KV
// version 2 at secret/ when it is unsealed.
func (c *cluster) start(o options) (ready, error) {
	info := ready{Version: version.GetVersion().VersionNumber()}
	if o.state == "uninitialized" {
		return info, nil
	}
	ctx := namespace.ContextWithNamespace(context.Background(), namespace.RootNamespace)
	res, err := c.active.core.Initialize(ctx, &vault.InitParams{
		BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
	})
	if err != nil {
		return info, err
	}
	info.UnsealKey = fmt.Sprintf("%x", res.SecretShares[0])
	if o.state == "sealed" {
		return info, nil
	}
	if err := c.active.unseal(res.SecretShares[0]); err != nil {
		return info, err
	}
	if err := c.active.prepare(ctx, res.RootToken, o.rootToken); err != nil {
		return info, err
	}
	info.RootToken = o.rootToken
	if o.standby {
		return info, c.standby.unseal(res.SecretShares[0])
	}
	return info, nil
}

// unseal waits until the node is of use: an active one first has to win the
// election. Unseal wipes the key that it is given, hence the copy.
func (n node) unseal(key []byte) error {
	if _, err := n.core.Unseal(append([]byte{}, key...)); err != nil {
		return err
	}
	for range 500 {
		if standby, _ := n.core.Standby(); !standby || n.hasLeader() {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("no leader after five seconds")
}

func (n node) hasLeader() bool {
	self, leader, _, err := n.core.Leader()
	return err == nil && !self && leader != ""
}

func (n node) prepare(ctx context.Context, token, wanted string) error {
	for _, r := range []*logical.Request{
		{Path: "auth/token/create", Data: map[string]any{
			"id": wanted, "policies": []string{"root"}, "no_parent": true, "no_default_policy": true,
		}},
		{Path: "sys/mounts/secret", Data: map[string]any{
			"type": "kv", "options": map[string]any{"version": "2"},
		}},
	} {
		r.Operation, r.ClientToken = logical.UpdateOperation, token
		res, err := n.core.HandleRequest(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.Path, err)
		}
		if res != nil && res.IsError() {
			return fmt.Errorf("%s: %w", r.Path, res.Error())
		}
	}
	return nil
}

func (n node) handler(ln net.Listener) http.Handler {
	conf := &configutil.Listener{Address: ln.Addr().String(), Type: "tcp"} // the type of Type differs between versions
	if ln.Addr().Network() == "unix" {
		conf.Type = "unix"
	}
	return vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: n.core, ListenerConfig: conf})
}

func (c *cluster) serveStandby() (string, error) {
	go http.Serve(c.standbyLn, c.standby.handler(c.standbyLn))
	return "http://" + c.standbyLn.Addr().String(), nil
}

// noPlugins is a plugin catalog with nothing in it.
type noPlugins struct{}

func (noPlugins) Contains(string, consts.PluginType) bool { return false }

func (noPlugins) Get(string, consts.PluginType) (func() (any, error), bool) { return nil, false }

func (noPlugins) Keys(consts.PluginType) []string { return nil }

func (noPlugins) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, false
}

func (noPlugins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

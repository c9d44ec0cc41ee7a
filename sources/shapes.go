package sources

import "time"

// The shape of the whole desired state. docs/schema/codex.schema.json says the same
// for editors; a test demands that both give the same verdict.

var (
	anyText  = &shape{kind: textShape, check: oneLine(512)}
	nameText = &shape{kind: textShape, check: visible(256)}
	pathText = &shape{kind: textShape, check: filePath}
	envText  = &shape{kind: textShape, check: expandedVariable}
	flag     = &shape{kind: flagShape}
)

func textOf(check func(*node) Problem) *shape { return &shape{kind: textShape, check: check} }

func wholeOf(low, high int64) *shape { return &shape{kind: numberShape, check: between(low, high)} }

func listOf(items *shape) *shape { return &shape{kind: listShape, items: items} }

func tableOf(keys ...key) *shape { return &shape{kind: tableShape, keys: keys} }

var rootShape = tableOf(
	key{name: "version", shape: &shape{kind: numberShape, check: formatVersion}, required: true},
	key{name: "requires", shape: textOf(leastVersion)},
	key{name: "policy_version", shape: wholeOf(1, maxPolicyVersion)},
	key{name: "model", shape: textOf(modelName)},
	key{name: "review_model", shape: textOf(modelName)},
	key{name: "reasoning_effort", shape: textOf(visible(64))},
	key{name: "provider", shape: providerShape},
	key{name: "secret", shape: secretRoot},
	key{name: "delivery", shape: textOf(oneOfTexts("auth_json", "env_key", "command"))},
	key{name: "layer", shape: textOf(oneOfTexts("user", "system"))},
	key{name: "enforce", shape: flag},
	key{name: "codex", shape: textOf(codexVersions)},
	key{name: "codex_home", shape: textOf(homePath)},
	key{name: "settings", shape: &shape{kind: openShape}},
	key{name: "defaults", shape: &shape{kind: openShape}},
	key{name: "absent", shape: listOf(listOf(&shape{kind: textShape}))},
	key{name: "repair", shape: listOf(textOf(repairRule))},
	key{name: "confirm", shape: confirmShape},
	key{name: "rollout", shape: rolloutShape},
)

var providerShape = tableOf(
	key{name: "id", shape: textOf(providerID)},
	key{name: "name", shape: textOf(oneLine(256))},
	key{name: "base_url", shape: textOf(baseURL), required: true, merged: true},
	key{name: "wire_api", shape: textOf(oneOfTexts("responses"))},
	key{name: "env_key", shape: textOf(variable)},
	key{name: "auth_header", shape: textOf(authHeader)},
)

// confirmMost is how long a gateway may be waited for, where somebody asks for it.
const confirmMost = 5 * time.Minute

var confirmShape = tableOf(
	key{name: "enabled", shape: flag},
	key{name: "models", shape: &shape{kind: listShape, items: nameText, empty: true}},
	key{name: "timeout", shape: &shape{kind: textShape, check: duration(confirmMost), unit: true}},
	key{name: "attempts", shape: wholeOf(1, 10)},
	key{name: "on_failure", shape: textOf(oneOfTexts("rollback", "keep"))},
)

var (
	oneSource  = &shape{kind: secretShape, one: true, keys: sourceKeys}
	secretRoot = &shape{kind: secretShape, one: true, keys: append(sourceKeys[:len(sourceKeys):len(sourceKeys)],
		key{name: "first_of", shape: listOf(oneSource)})}
)

var sourceKeys = []key{
	{name: "env", shape: envText},
	{name: "file", shape: fileShape},
	{name: "command", shape: &shape{kind: listShape, items: anyText, argv: true}},
	{name: "vault", shape: vaultShape},
	{name: "credential", shape: textOf(credentialName)},
	{name: "keyring", shape: tableOf(
		key{name: "service", shape: anyText, required: true},
		key{name: "user", shape: anyText, required: true})},
}

var fileShape = &shape{kind: tableShape, text: textOf(secretFile), keys: []key{
	{name: "path", shape: pathText, required: true},
	{name: "format", shape: textOf(oneOfTexts("json", "dotenv")), required: true},
	{name: "field", shape: anyText, required: true},
}}

var vaultShape = tableOf(
	key{name: "address", shape: textOf(vaultAddress)},
	key{name: "namespace", shape: anyText},
	key{name: "mount", shape: anyText},
	key{name: "path", shape: textOf(vaultPath), required: true},
	key{name: "field", shape: anyText},
	key{name: "engine", shape: textOf(oneOfTexts("auto", "kv1", "kv2"))},
	key{name: "version", shape: wholeOf(1, 1<<31-1)},
	key{name: "ca_cert", shape: pathText},
	key{name: "client_cert", shape: pathText},
	key{name: "client_key", shape: pathText},
	key{name: "timeout", shape: &shape{kind: textShape, check: duration(30 * time.Second), unit: true}},
	key{name: "auth", shape: vaultAuthShape},
)

var vaultAuthShape = tableOf(
	key{name: "method", shape: textOf(oneOfTexts("token", "approle", "jwt", "kubernetes", "userpass", "ldap", "cert"))},
	key{name: "mount", shape: anyText},
	key{name: "role", shape: anyText},
	key{name: "role_id", shape: anyText},
	key{name: "username", shape: anyText},
	key{name: "token", shape: parameter(wrappedKey)},
	key{name: "secret_id", shape: parameter(wrappedKey)},
	key{name: "jwt", shape: parameter(key{name: "github_actions", shape: tableOf(key{name: "audience", shape: anyText})})},
	key{name: "password", shape: parameter()},
)

var wrappedKey = key{name: "wrapped", shape: flag, extra: true}

// parameter is where a secret of a login is found.
func parameter(more ...key) *shape {
	return &shape{kind: secretShape, one: true, keys: append([]key{
		{name: "env", shape: envText}, {name: "file", shape: pathText},
	}, more...)}
}

package main

// mutant is one place of the program, and what is put there instead.
type mutant struct {
	what, file, old, new string
	tests                []string
}

var (
	core  = []string{"./plan", "./plan/codex -run Lives|Standing|Undo|Ledger|TestAuth -lives 400 -lives-seed 1"}
	run   = []string{"./apply"}
	story = []string{"./cmd/codexform -run Script"}

	source   = []string{"./sources -run Command|Longest|Variable|Bounds"}
	vaults   = []string{"./sources/vault -run TLS|Versions"}
	gateways = []string{"./apply/gateway"}
	screen   = []string{"./cmd/codexform/ui"}
)

var mutants = []mutant{
	{"an auth.json with other members is deleted", "plan/files.go", " || o.Auth.Members > 0", "", core},
	{"a rollback writes what was masked", "plan/rollback.go", "case hasMask(w.Value):", "case false:", core},
	{"config.toml is deleted although comments remain", "plan/codex/render.go", "len(bytes.TrimSpace(set.Data)) == 0", "len(bytes.TrimSpace(set.Data)) >= 0", core},
	{"the ledger does not see another value from before us", "plan/remember.go", "a.Prior.Equal(b.Prior)", "true", core},
	{"the ledger does not see that a value from before us is lost", "plan/remember.go", "a.PriorLost == b.PriorLost &&", "", core},
	{"what is released shows unmasked", "plan/secrecy.go", "if c.Yours || c.Action == Release {", "if c.Yours {", core},
	{"a saved plan's id of the key is not compared", "apply/stale.go", "return saved.BeforeID != fresh.BeforeID", "return false", run},
	{"a saved plan's stamp of auth.json is not compared", "apply/stale.go", "saved.BeforeStamp != stamp", "false", append(run, story...)},
	{"no recovery at the beginning of a run", "apply/run.go", "if r.session.Interrupted() {", "if false {", append(run, story...)},
	{"the key is not read back", "apply/finish.go", ".Changed() && !got.Observed.Auth.Key.Equal(s.Rendered.After.Key)", ".Changed() && false", run},
	{"a damaged state is no exit 8", "cmd/codexform/cli/exit.go", "as[*apply.UndoError](err) || as[*commit.StateError](err)", "as[*apply.UndoError](err)", []string{"./cmd/codexform/cli -run Exit"}},

	{"a key is given back although somebody changed it", "plan/giveback.go", "case !e.stands(h.found) && !again:", "case false:", core},
	{"a number that Codex spells anew counts as changed", "plan/same.go", "return float64(v.num) == w.Float64()", "return false", core},
	{"the user's writing below a removed table is lost", "plan/giveback.go", "if back = merged(now, back); ", "if ", core},
	{"the user's writing is lost when a table is removed again", "plan/holding.go", "kept(w.Address, merged(e.Prior, before), false)", "kept(w.Address, e.Prior, false)", core},
	{"a default overwrites what the user had", "plan/default.go", "(w.Default || w.Implied) && !owned && h.occupied(w.Address)", "false", core},
	{"a default stays over the user's own value", "plan/default.go", "e.Prior.IsAbsent() && !e.PriorLost", "true", core},
	{"a setting goes on as a removal", "plan/wish.go", "case w.absent != e.removed(), w.repair", "case false, w.repair", core},
	{"tables that we made stay in the tree", "plan/holding.go", "h.now.remove(table)", "", core},
	{"a made table is forgotten", "plan/holding.go", "if h.madeAt[a[:i].Key()] || h.base", "if h.base", core},
	{"a removal of nothing is owned", "plan/holding.go", "if w.absent && e.Prior.IsAbsent() && !e.PriorLost {", "if false {", core},
	{"an adopted value counts as made by us", "plan/holding.go", "Adopted: !w.absent && before.Same(w.Value)}", "Adopted: false}", core},
	{"a released key stays owned", "plan/giveback.go", "*back, *c = now, released(*c, x.Reason)", "*back, *c = e.Prior, released(*c, x.Reason)", core},
	{"what was masked is written back", "plan/giveback.go", "back := withoutMasks(e.Prior)", "back := e.Prior", core},
	{"a rollback forgets a key's value from before us", "plan/rollback.go", "e.Prior = w.as.Prior // without", "_ = w // without", core},
	{"a rollback takes up what the user changed since", "plan/rollback.go", "case !held && (", "case !held && false && (", core},
	{"a rollback of a drifted key overwrites it", "plan/rollback.go", "(!held || e.stands(h.found))", "(!held || e.stands(h.found) || true)", core},
	{"a lost ledger is not remembered by history", "plan/rollback.go", "held || !g.held ||", "true || held || !g.held ||", core},
	{"what a lost ledger's next apply adopted stays after a rollback", "plan/rollback.go", "goals[i].was == nil && e.Adopted", "false", core},
	{"history keeps what the file said with our keys in it", "plan/move.go", "Left: Redact(a, h.base.At(a))", "Left: Redact(a, h.now.At(a))", core},
	{"the newest record is not the last word", "plan/rollback.go", "out[i].left, out[i].held = m.Left, m.Held", "if out[i].left.IsAbsent() { out[i].left, out[i].held = m.Left, m.Held }", core},
	{"an undo overwrites what the user wrote meanwhile", "plan/undo.go", "case now.Equal(after), !was", "case true, !was", core},
	{"the notes of before are lost when all is written anew", "plan/codex/restack.go", "e.Note = n\n", "_ = n\n", core},
	{"all is written anew although somebody wrote among it", "plan/codex/restack.go", "return ok && bytes.Equal(got, want)", "return ok", core},
	{"all is written anew although a key of ours stays behind", "plan/codex/restack.go", "ok && s.says(data, p.File(name).Edited(root))", "ok", core},
	{"nothing is written anew", "plan/codex/render.go", "if len(f.GiveBack) > 0 || p.Undoes {", "if p.Undoes {", core},
	{"an adopted key that we rotated counts as the user's", "plan/remember.go", "e.Adopted, e.NewFile = false, ", "e.NewFile = ", core},
	{"{} stays where a displaced key stood", "plan/files.go", "!h.newFile && !e.Displaced", "!h.newFile && (!e.Displaced || true)", core},
	{"auth_mode goes while somebody else's key stays", "plan/make.go", "case key[0].Reason == someone:", "case false:", core},
	{"a login made anew is not noticed", "plan/make.go", "case key[0].Displaces, key[0].Action == Create && !o.Auth.Exists:", "case false:", core},
	{"a displaced key is not said", "plan/make.go", "if e.Adopted || !e.holds(o.Auth.Key, o.Ledger.FingerprintKey) {", "if e.Adopted {", core},
	{"a provider loses its name to a destroy", "plan/codex/standing.go", `[]string{"name", "base_url"}`, `[]string{"base_url"}`, core},
	{"a selector comes back without its table", "plan/codex/standing.go", "Address: at, Gone: true,", "Address: at, Gone: false,", core},
	{"a newer ledger that says we may read it is refused", "plan/codex/ledger.go", "doc.Oldest > ledgerFormat ||", "doc.Format > ledgerFormat ||", core},
	{"a ledger for newer readers is read", "plan/codex/ledger.go", "doc.Oldest > ledgerFormat || doc.Format < 1", "doc.Format < 1", core},
	{"a ledger that cannot be read again is written", "plan/codex/render.go", "len(data) > maxLedger", "false", core},
	{"a change of mode is not counted", "plan/plan.go", "if f.ModeOnly() {", "if false {", core},
	{"a change of mode is not recorded", "plan/history.go", "if f.Action == Update && f.Mode != f.OldMode {", "if false {", core},
	{"a damaged history stops a destroy", "apply/look.go", "s.pastErr != nil && l.Command == Destroy", "false", story},
	{"the policy that was here last is forgotten", "plan/remember.go", "return Policy{d.Paths, d.Digest, now}", "return was", append(core, story...)},

	{"TLS 1.0 is enough for Vault", "sources/vault/transport.go", "MinVersion: tls.VersionTLS12", "MinVersion: tls.VersionTLS10", vaults},
	{"TLS 1.0 is enough for a gateway", "apply/gateway/transport.go", "MinVersion: tls.VersionTLS12", "MinVersion: tls.VersionTLS10", gateways},
	{"a command's stderr shows the policy's own key variables", "sources/command.go", "plan.SecretName(name) || slices.Contains(s.hide, name) {", "plan.SecretName(name) {", source},
	{"a command's stderr shows variables named as secrets", "sources/command.go", "plan.SecretName(name) || slices.Contains(s.hide, name) {", "slices.Contains(s.hide, name) {", source},
	{"a command is given the key variables", "sources/command.go", "return slices.Contains(s.hide, name) || slices.Contains(keyVariables, name)", "return slices.Contains(s.hide, name)", source},
	{"a command's stderr shows what the program wrote", "sources/command.go", "known := strings.Fields(out.buf.String())", "var known []string", source},
	{"a command's stderr is masked the shortest first", "sources/command.go", "return len(b) - len(a)", "return len(a) - len(b)", source},
	{"a word that was cut off in a command's stderr shows", "sources/command.go", "text = withoutCut(text)", "_ = text", source},
	{"what a placeholder stood for is put back the shortest first", "sources/written.go", "cmp.Compare(len(b.is), len(a.is))", "cmp.Compare(len(a.is), len(b.is))", source},
	{"% in an annotation's properties is not escaped", "cmd/codexform/ui/ci.go", `s = strings.ReplaceAll(inertText(Visible(s)), "%", "%25")`, `s = inertText(Visible(s))`, screen},
	{"% in an annotation's message is not escaped", "cmd/codexform/ui/ci.go", `strings.ReplaceAll(inertText(Visible(line)), "%", "%25")`, `inertText(Visible(line))`, screen},
	{"a comma in an annotation is not escaped", "cmd/codexform/ui/ci.go", `":", "%3A", ",", "%2C"`, `":", "%3A"`, screen},
	{"a colon in an annotation is not escaped", "cmd/codexform/ui/ci.go", `":", "%3A", ",", "%2C"`, `",", "%2C"`, screen},
	{"a number with a trailing dot is a host", "plan/host.go", `host = strings.TrimSuffix(host, ".")`, "_ = host", core},
	{"a metadata name with a trailing dot is asked", "apply/gateway/target.go", `strings.ToLower(strings.TrimSuffix(host, "."))`, "strings.ToLower(host)", gateways},
	{"a secret's version may be 0", "sources/vault/kv.go", "err != nil || n < 1", "err != nil || n < 0", vaults},
	{"a secret's version is not looked at", "sources/vault/kv.go", "err != nil || n < 1", "err != nil", vaults},
	{"a far longer name is near to a wanted one", "plan/near.go", "if len(name) > farthest {", "if false {", gateways},
	{"a provider's id has no limit", "sources/checks.go", "upper and lower case count\"}\n\t}\n\treturn visible(64)(n)", "upper and lower case count\"}\n\t}\n\treturn visible(1<<20)(n)", source},
	{"a policy may ask for version 0", "sources/shapes.go", `key{name: "version", shape: wholeOf(1, 1<<31-1)}`, `key{name: "version", shape: wholeOf(0, 1<<31-1)}`, source},

	{"a record from before moves were kept counts each key as made by us", "plan/rollback.go", "case owned && !e.Prior.Equal(before):", "case owned && false:", core},
	{"a rollback brings an older edit back over a newer one", "plan/rollback.go", "g.touched && !g.saw.Same(g.was.Last)", "false", core},
	{"a record from before moves were kept counts each key as ours before", "plan/rollback.go", "case owned && !e.Prior.Equal(before):", "case owned:", core},
	{"only what was not ours counts as written between records", "plan/rollback.go", "} else if !m.Saw.Same(out[i].left) {", "} else if !out[i].held && !m.Saw.Same(out[i].left) {", core},
	{"a rollback gives the reasons of a policy", "plan/rollback.go", "config.behind, pins.behind, auth.behind = records[0].N, records[0].N, records[0].N", "_ = 0", core},
	{"what the user wrote over a removal is kept twice", "plan/rollback.go", "e.Prior = w.as.Prior // ", "// ", core},
	{"what is adopted since stands in the way of a rollback", "plan/rollback.go", "g.was != nil && meet(g.at, e.Address)", "false", core},
	{"a repair goes where the policy speaks", "plan/repair.go", "if slices.ContainsFunc(before, related) || slices.ContainsFunc(out, related) {", "if slices.ContainsFunc(out, related) {", core},
	{"a repair looks at what is ours", "plan/repair.go", "case e.stands(o.Config.Root):", "case false:", core},
	{"a repair does not see what an earlier policy took away", "plan/repair.go", "root = root.With(e.Address, merged(now, e.Prior))", "root = root.With(e.Address, now)", core},
	{"an undo leaves headers without keys", "plan/undo.go", "h.put(&h.set, Step{Address: a[:i]})", "_ = i", core},
	{"an undo does not know what was ours before", "plan/undo.go", "p.Undoes, p.Holds = true, ", "p.Undoes, p.Holds = false, ", core},
	{"an undo leaves the header around a key that somebody took away", "plan/undo.go", "case n != \"\" && was.IsAbsent() && now.IsAbsent():", "case false:", core},
	{"an undo takes no edit back where something was given back first", "plan/undo.go", "return e.Note\n", "return e.Note[:0]\n", core},
	{"an undo takes a table for a value", "plan/undo.go", "|| (was.Kind() == KindTable) == (now.Kind() == KindTable) {", "|| true {", core},
	{"a server loses its command to a destroy", "plan/codex/standing.go", "{\"mcp_servers\", false, ", "{\"mcp_server\", false, ", core},
	{"a server wants a command and a URL", "plan/codex/standing.go", "{\"mcp_servers\", false, ", "{\"mcp_servers\", true, ", core},
	{"an undo keeps a provider that was not there before", "plan/codex/standing.go", "s.first.At(at).Text() == id && vacant(s.first.At(table), plan.Value{})", "false", core},
	{"what is kept is said to go", "plan/giveback.go", "*back, *c = now, released(*c, x.Reason)", "*back = now", core},
	{"a profile may lose its provider", "plan/codex/standing_profiles.go", "if !p.Root.Get(\"model_provider\").IsAbsent() {", "if false {", core},
	{"a profile may lose what it adds to", "plan/codex/standing_profiles.go", "u.table(plan.Address{n.table, m.Key}, n.keys, n.each)", "_ = m", core},
	{"a login goes to the host of a kept provider", "plan/codex/standing_profiles.go", "(host == \"\" || host != s.host)", "(false && host != s.host)", core},
	{"a kept provider never gets the key again", "plan/codex/standing_profiles.go", "(host == \"\" || host != s.host)", "(true || host != s.host)", core},
	{"files are profiles of every version", "plan/codex/profiles.go", "len(versions) == 0 || slices.ContainsFunc(versions, func(v Version) bool { return !isOld(v) })", "true", []string{"./plan/codex -run TestProfiles"}},
	{"what the rules know does not stay", "plan/codex/standing_rest.go", "if len(refused) == 0 {\n\t\treturn\n\t}", "if true {\n\t\treturn\n\t}", core},
	{"more than what is needed stays", "plan/codex/standing_rest.go", "going = fewer", "i++", core},
	{"what stopped before an undone apply is mended by its undo", "plan/codex/standing_rest.go", "drop(refused, around.refusals(s.first))", "_ = 0", core},
	{"a line of a text that is nowhere is named", "plan/codex/render_left.go", "if !errors.As(err, &bad) {", "if true || !errors.As(err, &bad) {", core},
	{"edits in each other's way take nothing back", "plan/tomlfile/state.go", "return s.takeBack(edits)\n}", "return nil\n}", core},
	{"a header stays that an undo wrote around a key", "plan/codex/render_left.go", "data = got.Data", "_ = got", core},
}

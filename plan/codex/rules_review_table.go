package codex

import (
	"slices"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// watched is a key of config.toml at whose changes a person should look; rule is "" for
// one that may change. Every key that Codex knows is watched or has been judged
// harmless: TestEveryKeyIsJudged.
type watched struct {
	pattern string // see like
	rule    string
	opens   func(moved) bool
	says    string // with %s in the place of the new value
}

// When a change is one to look at.
func ever(moved) bool        { return true }
func given(m moved) bool     { return !m.after.IsAbsent() }
func switched(m moved) bool  { return m.after.True() || unbarred(m) }
func grown(m moved) bool     { return longer(m.before, m.after) }
func shrunken(m moved) bool  { return longer(m.after, m.before) }
func unlimited(m moved) bool { return !m.before.IsAbsent() && (m.after.IsAbsent() || grown(m)) } // of a list of all that is allowed

// unbarred reports that nobody says any more that something is off.
func unbarred(m moved) bool {
	return m.after.IsAbsent() && m.before.Kind() == plan.KindBool && !m.before.True()
}

// dropped reports that something was on and is so no more.
func dropped(m moved) bool { return m.before.True() && !m.after.True() }

// emptied reports a limit that lets nothing through from now on.
func emptied(m moved) bool { return m.after.Kind() == plan.KindInt && m.after.Int64() <= 0 }

func worded(m moved) bool {
	return given(m) && m.after.Kind() != plan.KindBool && m.after.Kind() != plan.KindInt
}

func unguarded(m moved) bool { // of a guard that is on when nobody says anything, or was on
	return m.after.Kind() == plan.KindBool && !m.after.True() || m.after.IsAbsent() && m.before.True()
}

func allowed(m moved) bool {
	return m.after.Text() == "allow" || m.after.IsAbsent() && m.before.Kind() == plan.KindString && m.before.Text() != "allow"
}

// longer reports whether a list has something that another one has not.
func longer(before, after plan.Value) bool {
	return slices.ContainsFunc(after.Items(), func(v plan.Value) bool { return !slices.ContainsFunc(before.Items(), v.Equal) })
}

// hosts are keys that hold an address which Codex sends to, or trusts to tell it one.
var hosts = strings.Split(`model_providers * base_url
model_providers * model_catalog_url
model_providers * gateway_oauth authorization_url
model_providers * gateway_oauth token_url
openai_base_url
chatgpt_base_url
model_catalog_url
mcp_servers * url
mcp_servers * oauth authorization_server_issuer
mcp_servers * oauth callback_url
mcp_servers * oauth_resource
mcp_oauth_callback_url
mcp_enterprise_managed_auth idp issuer
plugins * mcp_servers * ema_auth url
plugins * mcp_servers * ema_auth authorization_server_issuer
experimental_realtime_ws_base_url
experimental_realtime_webrtc_call_base_url
experimental_thread_store_endpoint
experimental_thread_config_endpoint
permissions * network proxy_url
permissions * network socks_url`, "\n")

// watch is all other keys; the first pattern that an address fits counts.
var watch = []watched{
	{"notify", "runs-command", given, "%s is run"},
	{"hooks state * enabled", "runs-command", switched, "this hook is run"},
	{"hooks **", "runs-command", ever, "%s is run"},
	{"plugins * mcp_servers * disabled_tools", "opens-sandbox", shrunken, "a limit is gone"},
	{"plugins * mcp_servers * enabled_tools", "opens-sandbox", unlimited, "a limit is gone"},
	{"plugins * enabled", "runs-command", switched, "this plugin is run"},
	{"plugins **", "runs-command", given, "%s decides what a plugin may do"},
	{"marketplaces **", "runs-command", given, "plugins come from %s"},
	{"js_repl_node_path", "runs-command", given, "%s is run"},
	{"js_repl_node_module_dirs", "runs-command", given, "code is loaded from %s"},
	{"zsh_path", "runs-command", given, "%s is run"},
	{"mcp_servers * enabled", "runs-command", switched, "this server is started"},
	{"mcp_servers * command", "runs-command", given, "%s is run"},
	{"mcp_servers * args", "runs-command", ever, "%s is run"},
	{"mcp_servers * cwd", "runs-command", given, "it is run in %s"},
	{"mcp_servers * environment_id", "runs-command", given, "it is run in %s"},
	{"mcp_servers * experimental_environment", "runs-command", given, "it is run in %s"},
	{"mcp_servers * http_headers_helper", "runs-command", given, "%s is run"},
	{"model_providers * auth command", "runs-command", given, "%s is run"},
	{"model_providers * auth args", "runs-command", given, "%s is run"},
	{"model_providers * auth cwd", "runs-command", given, "it is run in %s"},
	{"model_providers * aws auth_refresh **", "runs-command", given, "%s is run"},
	{"model_providers * aws credential_export **", "runs-command", given, "%s is run"},
	{"agents * config_file", "runs-command", given, "an agent follows %s"},
	{"otel headers_helper", "runs-command", given, "%s is run"},
	{"debug config_lockfile load_path", "runs-command", given, "settings are taken from %s"},
	{"shell_environment_policy experimental_use_profile", "runs-command", switched, "the login profile is run"},
	{"allow_login_shell", "runs-command", switched, "the login profile is run"},

	{"sandbox_workspace_write network_access", "opens-sandbox", switched, "the sandbox gets the network"},
	{"sandbox_workspace_write writable_roots", "opens-sandbox", grown, "more folders may be written: %s"},
	{"sandbox_workspace_write exclude_slash_tmp", "opens-sandbox", unguarded, "/tmp may be written"},
	{"sandbox_workspace_write exclude_tmpdir_env_var", "opens-sandbox", unguarded, "the temporary folder may be written"},
	{"shell_environment_policy inherit", "opens-sandbox", opensInherit, "commands see more variables"},
	{"shell_environment_policy ignore_default_excludes", "opens-sandbox", switched, "commands see every variable, keys among them"},
	{"shell_environment_policy exclude", "opens-sandbox", shrunken, "commands see more variables"},
	{"shell_environment_policy include_only", "opens-sandbox", unlimited, "commands see more variables"},
	{"shell_environment_policy filters *", "opens-sandbox", opensFilter, "commands see more variables"},
	{"apps * destructive_enabled", "opens-sandbox", switched, "an app may destroy"},
	{"apps * open_world_enabled", "opens-sandbox", switched, "an app may reach out"},
	{"apps * enabled", "opens-sandbox", switched, "this app may be used"},
	{"apps * default_tools_enabled", "opens-sandbox", switched, "all tools of this app may be used"},
	{"apps * tools * enabled", "opens-sandbox", switched, "this tool may be used"},
	{"default_permissions", "opens-sandbox", ever, "another set of permissions applies"},
	{"permissions * description", "", ever, ""},
	{"permissions * filesystem glob_scan_max_depth", "opens-sandbox", ever, "what is forbidden by pattern is looked for to another depth"},
	{"permissions * network denied_domains", "opens-sandbox", shrunken, "a limit is gone"},
	{"permissions * network allowed_domains", "opens-sandbox", unlimited, "more hosts may be reached: %s"},
	{"permissions **", "opens-sandbox", opensPermission, "what was not allowed may be now"},
	{"exec_policy **", "opens-sandbox", shrunken, "a limit is gone"},
	{"rules **", "opens-sandbox", shrunken, "a limit is gone"},
	{"mcp_servers * disabled_tools", "opens-sandbox", shrunken, "a limit is gone"},
	{"mcp_servers * enabled_tools", "opens-sandbox", unlimited, "a limit is gone"},
	{"mcp_servers * required", "opens-sandbox", dropped, "Codex starts without this server, too"},
	{"features network_proxy **", "opens-sandbox", ever, "the network is opened in another way: %s"},
	{"features * **", "opens-sandbox", worded, "a feature is told %s"}, // what stands there is many things, and more with each version
	{"auto_review circuit_break_action", "opens-sandbox", ever, "what stops the reviewing model is another thing"},
	{"browser_use allow_history_access", "opens-sandbox", switched, "the browser's history may be read"},
	{"browser_use **", "opens-sandbox", allowed, "the browser may be used"},
	{"computer_use **", "opens-sandbox", opensComputer, "programs may be used"},
	{"windows sandbox", "opens-sandbox", ever, "another sandbox is used"},
	{"windows sandbox_private_desktop", "opens-sandbox", unguarded, "the sandbox shares the desktop"},
	{"windows allow_mxc", "opens-sandbox", switched, "another sandbox is used"},
	{"allow_symlinked_codex_home", "opens-sandbox", switched, "the Codex home may be a link"},
	{"notice hide_full_access_warning", "opens-sandbox", switched, "a warning is hidden"},
	{"notice hide_world_writable_warning", "opens-sandbox", switched, "a warning is hidden"},
	{"model_providers * capabilities external_web_access", "opens-sandbox", switched, "pages are fetched"},
	{"web_search", "opens-sandbox", opensSearch, "pages are fetched: %s"},
	{"tools web_search allowed_domains", "opens-sandbox", unlimited, "more pages may be fetched"},
	{"tools web_search", "opens-sandbox", switched, "pages are fetched"},
	{"tools web_search_request", "opens-sandbox", switched, "pages are fetched"},
	{"memories disable_on_external_context", "opens-sandbox", unguarded, "what comes from outside may be remembered"},
	{"memories generate_memories", "telemetry-target", switched, "what is said in sessions is kept"},
	{"memories use_memories", "instructions-file", switched, "what was kept of other sessions tells the model what to do"},
	{"memories no_memories_if_mcp_or_web_search", "opens-sandbox", unguarded, "what comes from outside may be remembered"},

	{"model_providers * env_key", "secret-source", given, "the value of %s is sent to this provider"},
	{"model_providers * env_http_headers *", "secret-source", given, "the value of %s is sent to this provider"},
	{"model_providers * experimental_bearer_token", "secret-source", given, "this is sent to this provider"},
	{"model_providers * credential_file", "secret-source", given, "the credential in %s is sent to this provider"},
	{"model_providers * aws **", "secret-source", given, "requests are signed for %s"},
	{"model_providers * project_id", "secret-source", given, "requests are made for %s"},
	{"model_providers * location", "secret-source", given, "requests are made for %s"},
	{"model_providers * gateway_oauth **", "secret-source", given, "a login to this provider uses %s"},
	{"mcp_servers * bearer_token_env_var", "secret-source", given, "the value of %s is sent to this server"},
	{"mcp_servers * bearer_token", "secret-source", given, "this is sent to this server"},
	{"mcp_servers * env_http_headers *", "secret-source", given, "the value of %s is sent to this server"},
	{"mcp_servers * env_vars", "secret-source", grown, "this server sees the variables %s"},
	{"mcp_servers * oauth **", "secret-source", given, "a login to this server uses %s"},
	{"mcp_servers * scopes", "secret-source", grown, "a login to this server may do more: %s"},
	{"mcp_servers * auth", "secret-source", given, "another credential is sent to this server"},
	{"mcp_enterprise_managed_auth **", "secret-source", given, "logins use %s"},
	{"forced_login_method", "secret-source", ever, "another login may be used"},
	{"forced_chatgpt_workspace_id", "secret-source", ever, "another workspace may be used"},
	{"cli_auth_credentials_store", "secret-source", ever, "credentials are kept elsewhere"},
	{"mcp_oauth_credentials_store", "secret-source", ever, "credentials of servers are kept elsewhere"},

	{"otel environment", "", ever, ""},
	{"otel headers_helper_refresh_interval_ms", "", ever, ""},
	{"otel tool_result max_bytes", "", ever, ""},
	{"otel **", "telemetry-target", ever, "%s"},
	{"analytics enabled", "telemetry-target", switched, "use is reported"},
	{"feedback enabled", "telemetry-target", switched, "feedback is sent"},
	{"responses_api_metadata *", "telemetry-target", given, "%s is sent with each request"},
	{"debug config_lockfile export_dir", "telemetry-target", given, "settings are written to %s"},
	{"experimental_thread_store type", "telemetry-target", ever, "sessions are kept elsewhere: %s"},
	{"log_dir", "telemetry-target", ever, "logs are written to %s"},
	{"sqlite_home", "telemetry-target", ever, "sessions are kept in %s"},
	{"history persistence", "telemetry-target", ever, "what is kept of prompts: %s"},

	{"model_instructions_file", "instructions-file", ever, "%s"},
	{"model_catalog_json", "instructions-file", ever, "%s"},
	{"experimental_instructions_file", "instructions-file", ever, "%s"},
	{"experimental_compact_prompt_file", "instructions-file", ever, "%s"},
	{"experimental_realtime_start_instructions", "instructions-file", ever, "%s"},
	{"experimental_realtime_ws_backend_prompt", "instructions-file", ever, "%s"},
	{"experimental_realtime_ws_startup_context", "instructions-file", ever, "%s"},
	{"instructions", "instructions-file", ever, "%s"},
	{"developer_instructions", "instructions-file", ever, "%s"},
	{"base_instructions", "instructions-file", ever, "%s"},
	{"compact_prompt", "instructions-file", ever, "%s"},
	{"include_permissions_instructions", "instructions-file", unguarded, "the model is not told what it may do"},
	{"project_doc_fallback_filenames", "instructions-file", ever, "%s"},
	{"project_root_markers", "instructions-file", ever, "%s"},
	{"project_doc_max_bytes", "instructions-file", emptied, "no AGENTS.md is read"},
	{"agents * developer_instructions", "instructions-file", ever, "%s"},
	{"agents * description", "instructions-file", given, "%s"},
	{"auto_review policy", "instructions-file", ever, "%s"},
	{"auto_review extra_policy", "instructions-file", ever, "%s"},
	{"auto_review experimental_policy_template", "instructions-file", ever, "%s"},
	{"auto_review experimental_conversation_history_prompt", "instructions-file", ever, "%s"},
	{"skills config", "instructions-file", grown, "%s"},
	{"skills include_instructions", "instructions-file", switched, "skills tell the model what to do"},
	{"cloud skills enabled", "instructions-file", switched, "skills come from elsewhere"},
	{"orchestrator skills enabled", "instructions-file", switched, "skills come from elsewhere"},
	{"orchestrator mcp enabled", "runs-command", switched, "servers come from elsewhere"},
	{"tool_suggest discoverables", "runs-command", grown, "these are offered: %s"},
}

// Feature switches that open something when they are on, or when they are off.
var (
	openingFeatures = sync.OnceValue(func() []string {
		return strings.Fields(`approve_all apps apps_mcp_path_override auth_elicitation browser_use browser_use_external
		browser_use_full_cdp_access builtin_mcp child_agents_md chronicle codex_hooks computer_use connectors daemon_auto_start enable_mcp_apps
		executor_capability_discovery executor_capability_discovery_v2 exec_permission_approvals external_agent_memory_import
		external_migration general_analytics guardian_trust_orchestrator_connectors hooks in_app_browser in_app_local_automation
		in_app_updates js_repl memories memory_tool plugin_hooks plugin_sharing plugins prefer_mxc recommended_plugins remote_control
		remote_plugin request_permissions request_permissions_tool realtime_conversation respect_system_proxy rmcp_client
		runtime_metrics search_tool skill_mcp_dependency_install standalone_web_search system_proxy_fallback telepathy
		skills use_agent_identity use_legacy_landlock web_search web_search_request workspace_dependencies`)
	})
	guardingFeatures = sync.OnceValue(func() []string {
		return strings.Fields(`credential_masking elevated_windows_sandbox enable_experimental_windows_sandbox exec_policy
		experimental_windows_sandbox guardian_approval guardianv2 guardianv3 hosted_search_policy network_proxy safe_image_decoder
		secret_auth_storage tool_call_mcp_elicitation untrusted_as_tool_output use_linux_sandbox_bwrap windows_sandbox_service
		write_stdin_approval request_rule`)
	})
)

func opensInherit(m moved) bool {
	ladder := []string{"none", "core", "all"}
	return climbs(ladder, m) || m.after.IsAbsent() && m.before.Text() != "all"
}

func climbs(ladder []string, m moved) bool {
	to := slices.Index(ladder, m.after.Text())
	return to == len(ladder)-1 || to > slices.Index(ladder, m.before.Text()) && !m.before.IsAbsent()
}

func opensFilter(m moved) bool {
	return m.after.Text() == "include" || m.after.IsAbsent() && m.before.Text() != "include"
}

func opensSearch(m moved) bool {
	return climbs([]string{"disabled", "cached", "indexed", "live"}, m) || m.after.IsAbsent() && m.before.Text() == "disabled"
}

func opensComputer(m moved) bool { return allowed(m) || grown(m) }

// opensPermission reports anything but what forbids more.
func opensPermission(m moved) bool {
	if m.after.Kind() == plan.KindBool {
		return m.after.True()
	}
	return !slices.Contains([]string{"deny", "none"}, m.after.Text()) && (m.before.Text() != "write" || m.after.Text() != "read")
}

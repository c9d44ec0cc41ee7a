# The status of machine $i of a fleet, made from a real one: most follow, some are held, a few
# drift or need a person.
.codex_home = "/home/kim/.codex" | .codex_version = "0.171.0" | .tool_version = "0.2.0"
| .ring = (if $i % 10 == 0 then "ten" else "all" end)
| if $i % 40 == 7 then .state = "error" | .code = "E401" | .message = "401 Unauthorized"
  elif $i == 88 then .state = "error" | .code = "E_NET" | .message = "gateway.example: no such host"
  elif $i % 33 == 3 then .state = "drift" | .changes = ["model"]
  elif $i % 5 == 4 then .state = "held" | .policy_version = 16 | .reason = "ring all opens on 30 November"
  else . end

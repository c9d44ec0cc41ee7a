# Nomad, for hosts that outgrow a push (1.2 and later; held against 1.6.3): one run of apply on
# every client whose metadata has one of the rings. rings.sh walks from ring to ring.
variable "rings" {
  type        = string
  description = "a regular expression over meta.ring"
}

variable "policy" {
  type        = string
  description = "the policy's YAML; it names where the key is, and holds none"
}

variable "run" {
  type        = string
  description = "anything new: the same job is not run a second time"
}

variable "program" {
  type    = string
  default = "/usr/bin/codexform"
}

job "codexform" {
  type        = "sysbatch"
  datacenters = ["*"]

  meta {
    run = var.run
  }

  constraint {
    attribute = "${meta.ring}"
    operator  = "regexp"
    value     = "^(${var.rings})$"
  }

  group "codexform" {
    restart {
      attempts = 0
      mode     = "fail"
    }

    task "apply" {
      driver = "raw_exec"

      # The folder of a task may be written by others, and a policy in such a folder is refused:
      # it names programs to run. On standard input it cannot be exchanged any more.
      config {
        command = "/bin/sh"
        args    = ["-c", "exec ${var.program} apply --contract nomad -f - <local/codex.yaml"]
      }

      # A template of Nomad's, so that nothing in the policy is taken for one.
      template {
        data            = var.policy
        destination     = "local/codex.yaml"
        perms           = "0600"
        change_mode     = "noop"
        left_delimiter  = "<<<nomad"
        right_delimiter = "nomad>>>"
      }

      # Whose settings: this node's, as its agent says. Without it, root's own.
      env {
        CODEX_HOME = "${meta.codex_home}"
      }
    }
  }
}

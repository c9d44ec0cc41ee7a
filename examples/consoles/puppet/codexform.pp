# Puppet: apply where plan finds something to do. A machine that waits, and one whose
# plan cannot be made, is left alone: the report of status has why.
$program = $facts['codexform_program'] ? { undef => '/usr/bin/codexform', default => $facts['codexform_program'] }
$policy = $facts['codexform_policy'] ? { undef => '/etc/codexform/codex.yaml', default => $facts['codexform_policy'] }

exec { 'codexform':
  command   => "${program} apply --contract exit01 -f ${policy}",
  unless    => "${program} plan --contract unless -f ${policy}",
  timeout   => 120,
  logoutput => on_failure,
}

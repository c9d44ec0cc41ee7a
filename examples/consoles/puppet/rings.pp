# The same as codexform.pp, ring by ring: codexform_ring is a fact of the machine, the rings that
# may follow are data of the site ($codexform::rings in Hiera, here a fact). Widen them when every
# machine of the last ring has ended a run without a failure.
$program = $facts['codexform_program'] ? { undef => '/usr/bin/codexform', default => $facts['codexform_program'] }
$policy = $facts['codexform_policy'] ? { undef => '/etc/codexform/codex.yaml', default => $facts['codexform_policy'] }
$rings = $facts['codexform_rings'] ? { undef => '', default => $facts['codexform_rings'] }

if $facts['codexform_ring'] in split($rings, ',') {
  exec { 'codexform':
    command   => "${program} apply --contract exit01 -f ${policy}",
    unless    => "${program} plan --contract unless -f ${policy}",
    timeout   => 120,
    logoutput => on_failure,
  }
}

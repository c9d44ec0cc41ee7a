package main

import (
	"os"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan/rollout"
)

// machine is this machine as a rollout sees it.
func machine() rollout.Machine {
	host, _ := os.Hostname()
	return rollout.Machine{ID: machineID(host), Host: host, Container: inContainer(os.Getenv) || inJob(os.Getenv)}
}

// identify makes an id of what a machine says of itself. That of the hardware stands
// alone. That of an installation is shared by every copy of its image, so the name of the
// machine goes with it. What tells nobody apart falls through.
func identify(host string, hardware, installed []string) string {
	if i := slices.IndexFunc(hardware, rollout.UsableID); i >= 0 {
		return strings.TrimSpace(hardware[i])
	}
	if i := slices.IndexFunc(installed, rollout.UsableID); i >= 0 {
		return strings.TrimSpace(installed[i]) + "/" + host
	}
	return ""
}

// jobs are the variables by which CI systems say that a job of theirs is running. CI
// alone is none: people set it to quieten their tools.
var jobs = []string{
	"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "BUILDKITE", "CIRCLECI", "JENKINS_URL", "TEAMCITY_VERSION",
	"BITBUCKET_BUILD_NUMBER", "CODEBUILD_BUILD_ID", "DRONE", "WOODPECKER_CI_NAME",
}

// inJob reports a job of a CI system. Its runner is a copy of an image, and gone soon.
func inJob(getenv func(string) string) bool {
	return slices.ContainsFunc(jobs, func(name string) bool { return getenv(name) != "" })
}

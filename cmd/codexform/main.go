// Codexform keeps a Codex home as a YAML file wants it: it plans what would change
// in config.toml and auth.json, changes it all or nothing, and confirms the result
// with a model-list call to the gateway.
//
// This package collects the world and leaves the rest to package cli.
package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"os/signal"
	"os/user"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	_ "time/tzdata" // the zones of a rollout's window, where the system has none

	"golang.org/x/term"

	"github.com/codexform/codexform/apply/harden"
	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/cmd/codexform/early"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/sources"
)

func main() {
	deepen()
	os.Exit(run())
}

// deepen has the stack grow once, while there is nothing on it: it would be copied from
// size to size else, each time with all that stands on it.
//
//go:noinline
func deepen() {
	var room [60 << 10]byte
	runtime.KeepAlive(&room[len(os.Args)&1])
}

func run() int { return runIn(environment) }

// runIn runs in a world, and tells of a panic as the world's streams want it. A run that
// a call of the system holds is ended where it stands.
func runIn(world func() cli.Env) (code int) {
	_ = harden.Process() // where the system refuses, we go on as we would without
	limitMemory()
	ctx := untilTold(context.Background())
	var known atomic.Pointer[cli.Env]
	known.Store(&cli.Env{Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr})
	done := make(chan struct{})
	defer close(done)
	go stall.Run(ctx, done, func(s *stall.Stuck) { os.Exit(cli.Stuck(*known.Load(), s)) })
	env := world()
	known.Store(&env)
	defer func() {
		if v := recover(); v != nil {
			code = cli.Bug(env, v, debug.Stack())
		}
	}()
	return cli.Main(ctx, env)
}

// untilTold ends with a signal to stop, QUIT included: a closed terminal is one, unless nohup has said
// otherwise. A reader that goes away is none. It must not kill a run in the middle of a
// switch, so a closed pipe is an error of that write alone. It listens until the process is
// gone: to stop before that takes as long as to begin.
func untilTold(ctx context.Context) context.Context {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT} // Go's own word on QUIT is a dump and 2: "there are changes"
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	told, quit := signal.NotifyContext(ctx, signals...)
	if early.Quit() {
		quit()
	}
	return told
}

// environment is the real world.
func environment() cli.Env {
	is := build()
	env := cli.Env{
		World:          world(is.Version),
		Args:           os.Args[1:],
		Stdout:         os.Stdout,
		Stderr:         os.Stderr,
		Now:            time.Now,
		Build:          is,
		Machine:        machine,
		Large:          roomFor,
		StdinTerminal:  terminal(os.Stdin),
		StdoutTerminal: terminal(os.Stdout),
		StderrTerminal: terminal(os.Stderr),
	}
	if env.StdoutTerminal {
		understandColours(os.Stdout)
		env.Width, _, _ = term.GetSize(int(os.Stdout.Fd()))
	}
	return env
}

func world(version string) sources.World {
	w := sources.World{
		LookupEnv: os.LookupEnv,
		Environ:   os.Environ,
		Fs:        bounded.Watched(fileSystem()),
		Stdin:     io.Reader(os.Stdin),
		OS:        runtime.GOOS,
		Version:   version,
	}
	here := stall.Enter(stall.Look, "", "the working directory")
	w.Dir, _ = os.Getwd()
	here.Leave()
	w.Host, _ = os.Hostname()
	w.Home, _ = os.UserHomeDir()
	if u, err := user.Current(); err == nil {
		w.User, w.UID = u.Username[strings.LastIndex(u.Username, `\`)+1:], u.Uid // Windows says DOMAIN\user
		if w.Home == "" {
			w.Home = u.HomeDir
		}
	}
	return w
}

func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// What a release says of itself, by -ldflags -X.
var version, commit, date string

// build is what the release, or else the toolchain, wrote into this binary.
func build() ui.Build {
	b := ui.Build{Version: version, Commit: commit, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if version == "" || commit == "" || date == "" {
		b = toolchains(b)
	}
	b.Time, _ = time.Parse(time.RFC3339, date)
	return b
}

// toolchains is b with what the toolchain knows.
func toolchains(b ui.Build) ui.Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	b.Version = cmp.Or(b.Version, info.Main.Version, "unknown")
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = cmp.Or(b.Commit, s.Value)
		case "vcs.time":
			date = cmp.Or(date, s.Value)
		}
	}
	return b
}

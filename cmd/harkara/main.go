// Command harkara runs a Telegram bot that distributes a Bengali publisher's news.
//
// This package is the roof of the house: it reads the settings, opens the store and joins the two
// wings, feeds and bot, which know nothing of each other. Each subcommand has its file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // readers' time zones must not depend on the machine

	"github.com/alecthomas/kong"

	"github.com/harkara/harkara/bot/telegram"
)

func main() {
	ctx, stop := signalContext()
	defer stop()
	err := run(ctx, os.Args[1:], os.Environ(), streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, shownError(err))
		os.Exit(exitStatus(err))
	}
}

// shownError is the last line of a run that failed. It may repeat what was typed, but not a token that was typed in the wrong place.
func shownError(err error) string { return "harkara: " + telegram.HideTokens(err.Error()) }

// sameStop is the time within which several signals are one wish to stop: some supervisors signal a program and then its group.
const sameStop = time.Second

// signalContext ends at the first SIGINT, SIGTERM or SIGHUP (the terminal is closed), which lets the program drain; another one
// later ends the program at once.
func signalContext() (context.Context, func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup asks for
		signal.Notify(signals, syscall.SIGHUP)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signals
		stopped := time.Now()
		cancel()
		for range signals {
			if time.Since(stopped) > sameStop {
				os.Exit(statusStopped)
			}
		}
	}()
	return ctx, cancel
}

// streams are the program's standard streams.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// errUsage marks errors of the command line and the settings: exit status 2.
var errUsage = errors.New("usage")

// errUnwell marks a report of doctor that something is wrong: exit status 1.
var errUnwell = errors.New("not well")

// The exit statuses, 0 aside.
const (
	statusFailed  = 1   // it could not be done, or doctor or bench found something wrong
	statusUsage   = 2   // the command line or a setting is wrong; nothing was done
	statusStopped = 130 // told to stop a second time, and stopped at once
)

func exitStatus(err error) int {
	if errors.Is(err, errUsage) {
		return statusUsage
	}
	return statusFailed
}

// usageError is a fault of the command line or the settings.
type usageError struct{ error }

func (usageError) Is(target error) bool { return target == errUsage }

// program is the command line.
type program struct {
	Run     runCommand     `cmd:"" help:"Run the bot until it is told to stop."`
	Demo    demoCommand    `cmd:"" help:"Show the whole bot in a browser, without a token."`
	Import  importCommand  `cmd:"" help:"Fill the catalogue of categories and feeds from an OPML file."`
	Export  exportCommand  `cmd:"" help:"Print the catalogue as OPML."`
	Backup  backupCommand  `cmd:"" help:"Copy the database into a new file, also while the bot runs."`
	Preview previewCommand `cmd:"" help:"Show what would be sent for a feed, a page or a text."`
	Cuts    cutsCommand    `cmd:"" help:"Count what was cut from each feed's articles, by rule."`
	Doctor  doctorCommand  `cmd:"" help:"Tell in plain words whether the bot works. Exit status 1 when something is wrong."`
	Link    linkCommand    `cmd:"" help:"Make a subscribe link that replaces the WhatsApp line, with its HTML."`
	Bench   benchCommand   `cmd:"" help:"Run the drills: what must hold when things go wrong, and how fast it goes."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// asked is the command line with what people try elsewhere put in our words.
func asked(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case args[0] == "--version":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// world is what a subcommand may use of its surroundings.
type world struct {
	ctx    context.Context
	getenv func(string) string
	streams
}

func (w world) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w.err, &slog.HandlerOptions{Level: level}))
}

// run is main with its surroundings passed in. The environment is given as os.Environ gives it.
func run(ctx context.Context, args, environ []string, std streams) error {
	var p program
	getenv := lookup(environ)
	exited := false
	parser, err := kong.New(&p,
		kong.Name("harkara"),
		kong.Description("Harkara (হরকরা) brings a Bengali publisher's news to Telegram."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(environment(getenv)),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	command, err := parser.Parse(asked(args))
	if exited {
		return nil
	}
	for _, sentence := range strangers(parser.Model, environ) {
		fmt.Fprintln(std.err, "harkara: "+sentence)
	}
	if err != nil {
		return usageError{fmt.Errorf("%w; %s tells more", err, helpOf(err))}
	}
	return command.Run(world{ctx: ctx, getenv: getenv, streams: std})
}

// helpOf is the command line that explains what somebody got wrong.
func helpOf(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		if command := wrong.Context.Selected(); command != nil {
			return "harkara " + command.Name + " --help"
		}
	}
	return "harkara --help"
}

// lookup finds a variable of the environment as os.Getenv does.
func lookup(environ []string) func(string) string {
	values := make(map[string]string, len(environ))
	for _, variable := range environ {
		if name, value, ok := strings.Cut(variable, "="); ok {
			values[name] = value
		}
	}
	return func(name string) string { return values[name] }
}

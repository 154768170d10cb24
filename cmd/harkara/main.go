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
	"syscall"
	_ "time/tzdata" // readers' time zones must not depend on the machine

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signalContext()
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, "harkara: "+err.Error())
		os.Exit(exitStatus(err))
	}
}

// signalContext ends at the first SIGINT or SIGTERM, which lets the program drain; a second one ends the
// program at once.
func signalContext() (context.Context, func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(130)
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

func exitStatus(err error) int {
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
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
	Preview previewCommand `cmd:"" help:"Show what would be sent for a feed, a page or a text."`
	Cuts    cutsCommand    `cmd:"" help:"Count what was cut from each feed's articles, by rule."`
	Doctor  doctorCommand  `cmd:"" help:"Tell in plain words whether the bot works. Exit status 1 when something is wrong."`
	Link    linkCommand    `cmd:"" help:"Make a subscribe link that replaces the WhatsApp line, with its HTML."`
	Bench   benchCommand   `cmd:"" help:"Run the drills: what must hold when things go wrong, and how fast it goes."`
	Version versionCommand `cmd:"" help:"Print the version."`
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

// run is main with its surroundings passed in.
func run(ctx context.Context, args []string, getenv func(string) string, std streams) error {
	var p program
	exited := false
	parser, err := kong.New(&p,
		kong.Name("harkara"),
		kong.Description("Harkara (হরকরা) brings a Bengali publisher's news to Telegram."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(environment(getenv)),
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	return command.Run(world{ctx: ctx, getenv: getenv, streams: std})
}

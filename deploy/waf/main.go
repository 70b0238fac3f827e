// Command waf is a reverse proxy with OWASP CRS in front of Sallyport, as docs/deploy/coraza.md describes it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Where the proxy answers for itself, and for nothing behind it.
const healthPath = "/waf/health"

type settings struct {
	listen        string
	upstream      string
	exclusions    string
	bodyLimit     int64
	heldLimit     int64
	argumentLimit int
	scanLimit     int
	grace         time.Duration
	isCheck       bool
}

func main() {
	if err := run(os.Args[1:], os.Getenv); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "waf:", err)
		os.Exit(1)
	}
}

func run(arguments []string, variable func(string) string) error {
	given, err := read(arguments, variable)
	if err != nil {
		return err
	}
	if given.isCheck {
		return check(given.listen)
	}
	upstream, err := url.Parse(given.upstream)
	if err != nil || (upstream.Scheme != "http" && upstream.Scheme != "https") || upstream.Host == "" || upstream.Path != "" {
		return fmt.Errorf("-upstream %q must be an address like http://127.0.0.1:8080", given.upstream)
	}
	firewall, err := newFirewall(given)
	if err != nil {
		return err
	}
	if variable("GOGC") == "" {
		// Each scan leaves megabytes behind, and the rules are much of what a collection has to walk.
		debug.SetGCPercent(400)
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	listener, err := net.Listen("tcp", given.listen)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           newHandler(firewall, upstream, given, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		// With what net/http adds to it, as many as Sallyport takes.
		MaxHeaderBytes: 12 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	log.Info("listening", "address", listener.Addr().String(), "upstream", upstream.String(), "exclusions", given.exclusions)
	return serve(server, formedListener{listener.(*net.TCPListener), log}, given.grace)
}

// serve answers until SIGTERM or SIGINT; requests that are under way then have the grace to end.
func serve(server *http.Server, listener net.Listener, grace time.Duration) error {
	stopping, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-stopping.Done():
	}
	release()
	deadline, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return server.Close()
	}
	return nil
}

// read takes each setting from its flag, else from its variable, else its default.
func read(arguments []string, variable func(string) string) (settings, error) {
	given := settings{}
	flags := flag.NewFlagSet("waf", flag.ContinueOnError)
	flags.StringVar(&given.listen, "listen", "127.0.0.1:8081", "address to listen on")
	flags.StringVar(&given.upstream, "upstream", "http://127.0.0.1:8080", "where Sallyport is")
	flags.StringVar(&given.exclusions, "exclusions", "", `file of "sallyport waf exclusions"; without one the rules are the stock ones`)
	flags.Int64Var(&given.bodyLimit, "body-limit", 32<<20, "bytes of a body; a larger one is refused")
	flags.Int64Var(&given.heldLimit, "held-limit", 512<<20, "bytes of all bodies in memory; what is beyond is refused until others have gone")
	flags.IntVar(&given.argumentLimit, "argument-limit", 20_000, "names and texts of a body; one with more is refused")
	flags.IntVar(&given.scanLimit, "scan-limit", 128<<10, "bytes of names and texts outside exempt positions; a body with more is refused")
	flags.DurationVar(&given.grace, "grace", 30*time.Second, "for requests under way when it is told to stop")
	flags.BoolVar(&given.isCheck, "check", false, "ask the proxy at -listen whether it is well, and end")
	var wrong error
	flags.VisitAll(func(each *flag.Flag) {
		name := "WAF_" + strings.ToUpper(strings.ReplaceAll(each.Name, "-", "_"))
		each.Usage += " (" + name + ")"
		if value := variable(name); value != "" {
			if err := flags.Set(each.Name, value); err != nil && wrong == nil {
				wrong = fmt.Errorf("%s=%q: %w", name, value, err)
			}
		}
	})
	if wrong != nil {
		return given, wrong
	}
	if err := flags.Parse(arguments); err != nil {
		return given, err
	}
	if flags.NArg() > 0 {
		return given, fmt.Errorf("%s is no flag", strconv.Quote(flags.Arg(0)))
	}
	if given.heldLimit < given.bodyLimit {
		return given, errors.New("-held-limit must be as large as -body-limit or larger")
	}
	if given.bodyLimit < 1 || given.argumentLimit < 1 || given.scanLimit < 1 {
		return given, errors.New("-body-limit, -argument-limit and -scan-limit must be 1 or more")
	}
	return given, nil
}

// check is what a container asks, in which there is no other program.
func check(listen string) error {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://" + net.JoinHostPort("127.0.0.1", port) + healthPath)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered with %s", healthPath, answer.Status)
	}
	return nil
}

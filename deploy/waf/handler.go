package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/types"
)

type handler struct {
	firewall  coraza.WAF
	proxy     *httputil.ReverseProxy
	bodyLimit int64
	// Bytes of bodies that are in memory now, and may be.
	held      atomic.Int64
	heldLimit int64
	log       *slog.Logger
}

func newHandler(firewall coraza.WAF, upstream *url.URL, given settings, log *slog.Logger) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.DisableCompression = true
	transport.MaxIdleConnsPerHost = 64
	made := &handler{firewall: firewall, bodyLimit: given.bodyLimit, heldLimit: given.heldLimit, log: log}
	made.proxy = &httputil.ReverseProxy{
		Transport: transport,
		// Every piece of a stream goes on as it comes.
		FlushInterval: -1,
		Rewrite: func(exchange *httputil.ProxyRequest) {
			exchange.SetURL(upstream)
			exchange.Out.Host = exchange.In.Host
			// Who stands in front has said from where it came; whether that is believed is for Sallyport to say.
			exchange.Out.Header["X-Forwarded-For"] = exchange.In.Header["X-Forwarded-For"]
			exchange.SetXForwarded()
		},
		ErrorHandler: made.answerDeadUpstream,
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return made
}

func (made *handler) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if request.URL.Path == healthPath {
		answerHealth(writer)
		return
	}
	began := time.Now()
	id := newRequestID()
	body, refused := made.readBody(writer, request)
	defer made.held.Add(-int64(len(body)))
	if refused == nil {
		refused = made.scan(request, body, id)
	}
	if refused == nil && !isReadTheSame(request, body) {
		refused = &refusal{http.StatusBadRequest, []int{}}
	}
	if refused == nil {
		made.pass(writer, request, body, id)
		return
	}
	if request.Context().Err() != nil {
		// Nobody waits for an answer.
		panic(http.ErrAbortHandler)
	}
	made.log.Warn("refused", "request_id", id, "method", request.Method, "path", request.URL.Path,
		"status", refused.status, "rules", refused.rules, "milliseconds", time.Since(began).Milliseconds())
	answerRefusal(writer, request.URL.Path, id, *refused)
}

// readBody holds a whole body, so that none is passed on of which only a part was looked at. Its bytes count as held until
// they are taken off again.
func (made *handler) readBody(writer http.ResponseWriter, request *http.Request) ([]byte, *refusal) {
	counted := countedBody{http.MaxBytesReader(writer, request.Body, made.bodyLimit), made}
	body, err := io.ReadAll(counted)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &tooLarge):
		return body, &refusal{http.StatusRequestEntityTooLarge, []int{}}
	case errors.Is(err, errHeldTooMuch):
		return body, &refusal{http.StatusServiceUnavailable, []int{}}
	}
	return body, &refusal{http.StatusBadRequest, []int{}}
}

var errHeldTooMuch = errors.New("all bodies together are too large")

// countedBody counts what is held of all bodies, byte by byte as they come: one that says that it is large holds nothing yet.
type countedBody struct {
	io.Reader
	made *handler
}

func (body countedBody) Read(into []byte) (int, error) {
	read, err := body.Reader.Read(into)
	if body.made.held.Add(int64(read)) > body.made.heldLimit && read > 0 {
		return read, errHeldTooMuch
	}
	return read, err
}

// scan returns what a request is refused with, and nil where the rules have nothing against it.
func (made *handler) scan(request *http.Request, body []byte, id string) *refusal {
	// It does not end with the connection: what was scanned in part is not passed.
	transaction := made.firewall.NewTransactionWithID(id)
	defer func() {
		transaction.ProcessLogging()
		if err := transaction.Close(); err != nil {
			made.log.Error("a transaction does not end", "request_id", id, "error", err.Error())
		}
	}()
	interruption, err := evaluate(transaction, request, body)
	if err != nil {
		made.log.Error("a request cannot be scanned", "request_id", id, "error", err.Error())
		return &refusal{http.StatusInternalServerError, []int{}}
	}
	if interruption == nil {
		return nil
	}
	status := interruption.Status
	if status < 400 {
		status = http.StatusForbidden
	}
	return &refusal{status: status, rules: rulesOf(transaction)}
}

// evaluate tells the rules all that there is of a request, in the order in which Coraza wants it.
func evaluate(transaction types.Transaction, request *http.Request, body []byte) (*types.Interruption, error) {
	client, port, _ := net.SplitHostPort(request.RemoteAddr)
	number, _ := strconv.Atoi(port)
	transaction.ProcessConnection(client, number, "", 0)
	transaction.ProcessURI(request.RequestURI, request.Method, request.Proto)
	for name, values := range request.Header {
		for _, value := range values {
			transaction.AddRequestHeader(name, value)
		}
	}
	// The server takes these two out of the headers.
	if request.Host != "" {
		transaction.AddRequestHeader("Host", request.Host)
		transaction.SetServerName(request.Host)
	}
	for _, value := range request.TransferEncoding {
		transaction.AddRequestHeader("Transfer-Encoding", value)
	}
	if interruption := transaction.ProcessRequestHeaders(); interruption != nil {
		return interruption, nil
	}
	if interruption, _, err := transaction.WriteRequestBody(body); interruption != nil || err != nil {
		return interruption, err
	}
	return transaction.ProcessRequestBody()
}

// The rules of attacks are between these; those behind add up what they have found.
const firstRuleOfAttacks, firstRuleOfScores = 911_000, 949_000

// rulesOf lists what spoke against a request: the attacks that were found, else the limit that was met. What they matched is
// text of people, and is logged nowhere.
func rulesOf(transaction types.Transaction) []int {
	rules := []int{}
	for _, matched := range transaction.MatchedRules() {
		id := matched.Rule().ID()
		if id >= firstRuleOfAttacks && id < firstRuleOfScores && matched.Message() != "" {
			rules = append(rules, id)
		}
	}
	if interruption := transaction.Interruption(); interruption != nil && len(rules) == 0 {
		rules = append(rules, interruption.RuleID)
	}
	return rules
}

// pass hands the request on with the bytes that were scanned, and the answer back piece by piece.
func (made *handler) pass(writer http.ResponseWriter, request *http.Request, body []byte, id string) {
	request = request.WithContext(withRequestID(request.Context(), id))
	// Nothing scans what another protocol would carry.
	request.Header.Del("Upgrade")
	request.Body = http.NoBody
	request.ContentLength = int64(len(body))
	request.TransferEncoding = nil
	if len(body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	made.proxy.ServeHTTP(writer, request)
}

func (made *handler) answerDeadUpstream(writer http.ResponseWriter, request *http.Request, err error) {
	if request.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
	id := requestIDOf(request.Context())
	made.log.Error("no answer", "request_id", id, "path", request.URL.Path, "error", err.Error())
	answerRefusal(writer, request.URL.Path, id, refusal{status: http.StatusBadGateway})
}

func newRequestID() string {
	id := [16]byte{}
	_, _ = rand.Read(id[:])
	return "waf_" + hex.EncodeToString(id[:])
}

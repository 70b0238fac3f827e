package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
)

// formedListener gives what net/http refuses by itself, before there is a request that could be handled, the form of all
// other refusals: a head that is too large, two lengths, an encoding that is unknown.
type formedListener struct {
	*net.TCPListener
	log *slog.Logger
}

func (listener formedListener) Accept() (net.Conn, error) {
	connection, err := listener.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return formedConnection{connection, listener.log}, nil
}

type formedConnection struct {
	*net.TCPConn
	log *slog.Logger
}

// Write is given such a refusal whole. No answer of a handler looks like one: each of those has a date.
func (connection formedConnection) Write(given []byte) (int, error) {
	status := statusOfServer(given)
	if status == 0 {
		return connection.TCPConn.Write(given)
	}
	id := newRequestID()
	connection.log.Warn("refused", "request_id", id, "status", status, "rules", []int{})
	if _, err := connection.TCPConn.Write(refusalOfServer(id, status)); err != nil {
		return 0, err
	}
	return len(given), nil
}

var (
	headersOfServer = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")
	firstOfServer   = []byte("HTTP/1.1 ")
	unmetOfServer   = []byte("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n")
)

// statusOfServer is 0 for anything but a refusal that net/http has written by itself.
func statusOfServer(given []byte) int {
	if bytes.HasPrefix(given, unmetOfServer) && bytes.HasSuffix(given, []byte("\r\nContent-Length: 0\r\n\r\n")) {
		return http.StatusExpectationFailed
	}
	first, _, _ := bytes.Cut(given, []byte("\r\n"))
	if !bytes.HasPrefix(first, firstOfServer) || !bytes.HasPrefix(given[len(first):], headersOfServer) || len(first) < 12 {
		return 0
	}
	status, _ := strconv.Atoi(string(first[9:12]))
	return status
}

func refusalOfServer(id string, status int) []byte {
	body, _ := json.Marshal(problemOf("", id, status))
	head := http.Header{}
	setRefusalHeaders(head, id, status)
	head.Set("Connection", "close")
	head.Set("Content-Length", strconv.Itoa(len(body)))
	written := bytes.Buffer{}
	fmt.Fprintf(&written, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = head.Write(&written)
	written.WriteString("\r\n")
	written.Write(body)
	return written.Bytes()
}

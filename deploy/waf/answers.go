package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// refusal is what a request is answered with in place of what was asked for. A caller does not learn which rules spoke
// against it.
type refusal struct {
	status int
	rules  []int
}

type facts struct{ code, title, detail, advice, openAI, anthropic string }

var answers = map[int]facts{
	http.StatusBadRequest: {"invalid-request", "The request is not valid", "The request cannot be read.",
		"Send JSON in UTF-8, with the content type application/json.", "invalid_request_error", "invalid_request_error"},
	http.StatusForbidden: {"request-blocked", "The request was blocked", "A firewall rule blocked the request.",
		"Give the request id to the operator: the log of the firewall has the rules.", "permission_error", "permission_error"},
	http.StatusRequestEntityTooLarge: {"payload-too-large", "The request is too large", "The request is larger than the firewall's limits.",
		"Send less.", "invalid_request_error", "request_too_large"},
	http.StatusExpectationFailed: {"invalid-request", "The request is not valid", "What the header Expect asks for is not done here.",
		"Send none.", "invalid_request_error", "invalid_request_error"},
	http.StatusRequestHeaderFieldsTooLarge: {"headers-too-large", "The headers are too large", "The headers are larger than the limit.",
		"Send less in headers and in the address.", "invalid_request_error", "request_too_large"},
	http.StatusNotImplemented: {"invalid-request", "The request is not valid", "The transfer encoding is not known.",
		"Send a length, or chunks.", "invalid_request_error", "invalid_request_error"},
	http.StatusHTTPVersionNotSupported: {"invalid-request", "The request is not valid", "This version of HTTP is not spoken here.",
		"Use HTTP/1.1.", "invalid_request_error", "invalid_request_error"},
	http.StatusServiceUnavailable: {"busy", "The service is busy", "The firewall holds as many bodies as it may.",
		"Try again shortly.", "server_error", "overloaded_error"},
	http.StatusInternalServerError: {"internal", "Something inside failed", "The request could not be scanned.",
		"Give the request id to the operator: the log has the details.", "server_error", "api_error"},
	http.StatusBadGateway: {"upstream-unavailable", "The service cannot be reached", "The service behind the firewall cannot be reached.",
		"Try again shortly; if it stays so, give the request id to the operator.", "server_error", "api_error"},
}

type openAIError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Code    string  `json:"code"`
	Param   *string `json:"param"`
}

type anthropicError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

// problem is Sallyport's form of errors: RFC 9457 with the members that clients of OpenAI and of Anthropic read.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Advice    string `json:"advice"`
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
	Message   string `json:"message"`
	Error     any    `json:"error"`
	Problem   string `json:"problem,omitempty"`
}

func problemOf(path, id string, status int) problem {
	known, isKnown := answers[status]
	if !isKnown {
		known = answers[http.StatusForbidden]
	}
	name := "urn:sallyport:waf:" + known.code
	message := known.detail + " " + known.advice
	made := problem{Type: name, Title: known.title, Status: status, Detail: known.detail, Advice: known.advice, Code: known.code,
		RequestID: id, Message: message, Error: openAIError{message, known.openAI, known.code, nil}}
	if path == "/v1/messages" || strings.HasPrefix(path, "/v1/messages/") {
		made.Type, made.Problem, made.Error = "error", name, anthropicError{known.anthropic, message}
	}
	return made
}

func answerRefusal(writer http.ResponseWriter, path, id string, refused refusal) {
	setRefusalHeaders(writer.Header(), id, refused.status)
	writer.WriteHeader(refused.status)
	_ = json.NewEncoder(writer).Encode(problemOf(path, id, refused.status))
}

func setRefusalHeaders(header http.Header, id string, status int) {
	header.Set("Content-Type", "application/problem+json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("X-Request-Id", id)
	if status == http.StatusBadGateway || status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "5")
	} else {
		// Clients repeat some of these by themselves, and nothing would come of it.
		header.Set("X-Should-Retry", "false")
	}
}

func answerHealth(writer http.ResponseWriter) {
	writer.Header().Set("Content-Type", "application/json")
	writer.Header().Set("Cache-Control", "no-store")
	_, _ = writer.Write([]byte(`{"status":"ok"}` + "\n"))
}

type requestIDKey struct{}

func withRequestID(parent context.Context, id string) context.Context {
	return context.WithValue(parent, requestIDKey{}, id)
}

func requestIDOf(holder context.Context) string {
	id, _ := holder.Value(requestIDKey{}).(string)
	return id
}

package main

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// What a connection may say of itself. All other names that it has are headers that a proxy takes out.
var ofConnections = map[string]bool{"": true, "close": true, "keep-alive": true, "te": true, "upgrade": true, "http2-settings": true}

// isReadTheSame says whether what is behind the proxy is given a request as the rules have read it.
func isReadTheSame(request *http.Request, body []byte) bool {
	for _, value := range request.Header.Values("Connection") {
		for _, name := range strings.Split(value, ",") {
			if !ofConnections[strings.ToLower(strings.TrimSpace(name))] {
				return false
			}
		}
	}
	// What cannot be read of a query is not passed on.
	if _, err := url.ParseQuery(request.URL.RawQuery); err != nil {
		return false
	}
	kind, parameters, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	// The reader of XML takes any text for some, and nothing behind the proxy takes XML.
	if strings.HasSuffix(kind, "xml") && len(body) > 0 {
		return false
	}
	return err != nil || !strings.HasPrefix(kind, "multipart/") || isWholeForm(body, parameters["boundary"])
}

// isWholeForm says whether a form is all of a body: the rules see nothing of what stands before it and behind it.
func isWholeForm(body []byte, boundary string) bool {
	end := []byte("--" + boundary + "--")
	form := bytes.Trim(body, "\r\n")
	return boundary != "" && bytes.HasPrefix(form, end[:len(end)-2]) && bytes.Index(form, end) == len(form)-len(end)
}

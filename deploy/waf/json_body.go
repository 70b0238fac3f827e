package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/corazawaf/coraza/v3/experimental/plugins/plugintypes"
)

// jsonBody reads JSON into arguments as Coraza does (json.messages.0.content, and json.messages with its length), so that
// no name can be taken for nesting that is none: a member whose name has a dot, is a number, or has letters in upper case
// or signs, is named with ~ in front. {"messages.0.content": …} is json.~messages.0.content, which is no position.
//
// Numbers and the like in a list hold no text, and only the list is named: a batch of token ids has a million of them.
type jsonBody struct{}

// The names that positions have. What is written otherwise is named apart.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)

type argument struct{ name, value string }

var (
	errTooDeep  = errors.New("nested too deep")
	errTooMany  = errors.New("too many arguments")
	errTrailing = errors.New("more than one value")
)

func (jsonBody) ProcessRequest(reader io.Reader, variables plugintypes.TransactionVariables, options plugintypes.BodyProcessorOptions) error {
	read := jsonReader{decoder: json.NewDecoder(reader), depthLeft: options.RequestBodyRecursionLimit, left: options.ArgumentLimit}
	read.decoder.UseNumber()
	err := read.document()
	collection := variables.ArgsPost()
	for _, each := range read.arguments {
		collection.Add(each.name, each.value)
	}
	if errors.Is(err, errTooMany) {
		// Its type is not exported; every one of them can be set.
		if reached, ok := variables.ArgumentsLimitReached().(interface{ Set(string) }); ok {
			reached.Set("1")
		}
	}
	return err
}

func (jsonBody) ProcessResponse(io.Reader, plugintypes.TransactionVariables, plugintypes.BodyProcessorOptions) error {
	return errors.New("answers are not read")
}

type jsonReader struct {
	decoder   *json.Decoder
	arguments []argument
	depthLeft int
	left      int
	bytes     int64
}

func (read *jsonReader) document() error {
	if err := read.value([]byte("json"), false); err != nil {
		return err
	}
	if _, err := read.decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

func (read *jsonReader) add(name []byte, value string) error {
	if read.left <= 0 {
		return errTooMany
	}
	read.left--
	// Every text repeats the names that it stands under, so that a small body could have names without end.
	read.bytes += int64(len(name) + len(value))
	if read.bytes > 8*read.decoder.InputOffset()+1<<20 {
		return errTooMany
	}
	read.arguments = append(read.arguments, argument{string(name), value})
	return nil
}

// value reads one value, whose name it extends and leaves as it was.
func (read *jsonReader) value(name []byte, isListed bool) error {
	token, err := read.decoder.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		read.depthLeft--
		if read.depthLeft < 0 {
			return errTooDeep
		}
		if token == '[' {
			err = read.list(name)
		} else {
			err = read.object(name)
		}
		read.depthLeft++
		return err
	case string:
		return read.add(name, token)
	}
	if isListed {
		return nil
	}
	if token == nil {
		return read.add(name, "")
	}
	return read.add(name, fmt.Sprint(token))
}

func (read *jsonReader) list(name []byte) error {
	length := 0
	for ; read.decoder.More(); length++ {
		if err := read.value(strconv.AppendInt(append(name, '.'), int64(length), 10), true); err != nil {
			return err
		}
	}
	if _, err := read.decoder.Token(); err != nil {
		return err
	}
	if length == 0 {
		return nil
	}
	return read.add(name, strconv.Itoa(length))
}

func (read *jsonReader) object(name []byte) error {
	for read.decoder.More() {
		token, err := read.decoder.Token()
		if err != nil {
			return err
		}
		member, _ := token.(string)
		extended := append(name, '.')
		if !plainName.MatchString(member) {
			extended = append(extended, '~')
		}
		if err := read.value(append(extended, member...), false); err != nil {
			return err
		}
	}
	_, err := read.decoder.Token()
	return err
}

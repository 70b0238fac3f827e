package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/corazawaf/coraza/v3/experimental/plugins/plugintypes"
)

// jsonBody reads JSON into arguments as Coraza does (json.messages.0.content, and json.messages with its length), so that
// no name can be taken for nesting or for another name that it is not: the rules take no notice of case, so that a letter in
// upper case is written with ~ in front ("imageData" is image~data), and a name that has anything but letters, digits, _ and
// -, or begins with a digit, has ~~ in front. {"messages.0.content": …} is json.~~messages.0.content, which is no position.
// What rules look for in a name may be hidden by that, so a name with capitals stands there once more as it is, by itself.
//
// Numbers and the like in a list hold no text, and only the list is named: a batch of token ids has a million of them. A
// short text that stands at the same place of several elements of a list ("user" in each message) is one argument: rules
// would find the same in each, and a long chat has thousands.
type jsonBody struct{}

var (
	plainName   = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)
	capitalName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	capital     = regexp.MustCompile(`[A-Z]`)
)

type argument struct{ name, value string }

// place is a name as it is written in JSON, and with # for each number of an element of a list.
type place struct{ name, shape []byte }

// repeated is what a text has in common with those of other elements.
type repeated struct{ shape, value string }

const longestRepeated = 64

var (
	errTooDeep  = errors.New("nested too deep")
	errTooMany  = errors.New("too many arguments")
	errTrailing = errors.New("more than one value")
)

func (jsonBody) ProcessRequest(reader io.Reader, variables plugintypes.TransactionVariables, options plugintypes.BodyProcessorOptions) error {
	read := jsonReader{
		decoder:   json.NewDecoder(reader),
		seen:      map[repeated]bool{},
		depthLeft: options.RequestBodyRecursionLimit,
		left:      options.ArgumentLimit,
	}
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
	seen      map[repeated]bool
	depthLeft int
	left      int
	bytes     int64
}

func (read *jsonReader) document() error {
	if err := read.value(place{[]byte("json"), []byte("json")}, false); err != nil {
		return err
	}
	if _, err := read.decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

func (read *jsonReader) add(at place, value string) error {
	if read.left <= 0 {
		return errTooMany
	}
	read.left--
	// Every text repeats the names that it stands under, so that a small body could have names without end.
	read.bytes += int64(len(at.name) + len(value))
	if read.bytes > 8*read.decoder.InputOffset()+1<<20 {
		return errTooMany
	}
	if len(value) <= longestRepeated {
		key := repeated{string(at.shape), value}
		if read.seen[key] {
			return nil
		}
		read.seen[key] = true
	}
	read.arguments = append(read.arguments, argument{string(at.name), value})
	return nil
}

// value reads one value, whose names it extends and leaves as they were.
func (read *jsonReader) value(at place, isListed bool) error {
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
			err = read.list(at)
		} else {
			err = read.object(at)
		}
		read.depthLeft++
		return err
	case string:
		return read.add(at, token)
	}
	if isListed {
		return nil
	}
	if token == nil {
		return read.add(at, "")
	}
	return read.add(at, fmt.Sprint(token))
}

func (read *jsonReader) list(at place) error {
	length := 0
	for ; read.decoder.More(); length++ {
		element := place{strconv.AppendInt(append(at.name, '.'), int64(length), 10), append(at.shape, ".#"...)}
		if err := read.value(element, true); err != nil {
			return err
		}
	}
	if _, err := read.decoder.Token(); err != nil {
		return err
	}
	if length == 0 {
		return nil
	}
	return read.add(at, strconv.Itoa(length))
}

func (read *jsonReader) object(at place) error {
	for read.decoder.More() {
		token, err := read.decoder.Token()
		if err != nil {
			return err
		}
		member, _ := token.(string)
		step := "." + member
		if !plainName.MatchString(member) {
			step = ".~~" + member
			if capitalName.MatchString(member) {
				if err := read.add(place{append(at.name, step...), append(at.shape, step...)}, ""); err != nil {
					return err
				}
				step = "." + capital.ReplaceAllStringFunc(member, func(letter string) string { return "~" + strings.ToLower(letter) })
			}
		}
		if err := read.value(place{append(at.name, step...), append(at.shape, step...)}, false); err != nil {
			return err
		}
	}
	_, err := read.decoder.Token()
	return err
}

// Reads what gVisor's kernels tell about their sandboxes, holds it against rules, and passes on what a rule names.
//
// Orders come as lines of JSON on the standard input, the first of them the rules; reports leave as lines of JSON on the
// standard output. It ends with its standard input. Each sandbox connects to a socket of its own, so that none can
// speak in another's name.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"unicode/utf8"
)

type order struct {
	// The rules in force, and the names of system calls by their numbers: first, and once.
	Rules []*rule           `json:"rules"`
	Names map[string]string `json:"names"`
	Watch *struct {
		ID   string `json:"id"`
		Path string `json:"path"`
	} `json:"watch"`
	Forget string `json:"forget"`
	// Asked now and then: a relay that works tells the figures that have changed, and then the same number.
	Ask uint64 `json:"ask"`
}

type lost struct {
	ID    string `json:"id"`
	Count uint64 `json:"count"`
}

type ended struct {
	ID  string `json:"id"`
	Why string `json:"why,omitempty"`
	figures
}

type counts struct {
	ID string `json:"id"`
	figures
}

type failed struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

type alert struct {
	ID   string `json:"id"`
	Rule string `json:"rule"`
	// Nanoseconds since 1970, by the sandbox's clock.
	Time string `json:"time"`
	// Texts are cut at 512 bytes.
	Fields map[string]string `json:"fields"`
	// Alerts of this rule that were counted and not told since the last one.
	Suppressed uint64 `json:"suppressed"`
}

// report is one line; it has one member.
type report struct {
	Ready     bool    `json:"ready,omitempty"`
	Watching  string  `json:"watching,omitempty"`
	Connected string  `json:"connected,omitempty"`
	Failed    *failed `json:"failed,omitempty"`
	Alert     *alert  `json:"alert,omitempty"`
	Lost      *lost   `json:"lost,omitempty"`
	Ended     *ended  `json:"ended,omitempty"`
	Alive     uint64  `json:"alive,omitempty"`
	Figures   *counts `json:"figures,omitempty"`
}

type relay struct {
	names  map[uint64]string
	byType map[string][]*rule

	mutex   sync.Mutex
	out     *bufio.Writer
	watches map[string]*watch
}

func main() {
	relay := &relay{out: bufio.NewWriter(os.Stdout), watches: map[string]*watch{}}
	if err := relay.serve(bufio.NewReaderSize(os.Stdin, 1<<16)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func (r *relay) serve(in *bufio.Reader) error {
	orders := json.NewDecoder(in)
	var first order
	if err := orders.Decode(&first); err != nil {
		return fmt.Errorf("no rules came: %w", err)
	}
	if err := r.load(first); err != nil {
		return err
	}
	r.tell(report{Ready: true})
	for {
		var next order
		if err := orders.Decode(&next); err != nil {
			// The one who gave orders is gone, and its sandboxes go with it.
			return nil
		}
		if next.Watch != nil {
			r.start(next.Watch.ID, next.Watch.Path)
		} else if next.Forget != "" {
			r.forget(next.Forget)
		} else if next.Ask != 0 {
			r.tellFigures()
			r.tell(report{Alive: next.Ask})
		}
	}
}

func (r *relay) load(given order) error {
	r.names = map[uint64]string{}
	for number, name := range given.Names {
		parsed, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return fmt.Errorf("%q is no number of a system call", number)
		}
		r.names[parsed] = name
	}
	r.byType = map[string][]*rule{}
	for _, each := range given.Rules {
		holds, err := compile(each.Condition)
		if err != nil {
			return fmt.Errorf("rule %q: %w", each.Name, err)
		}
		each.holds = holds
		for _, name := range each.Fields {
			if _, known := valueOf[name]; !known {
				return fmt.Errorf("rule %q: there is no field %q", each.Name, name)
			}
		}
		for _, kind := range each.Types {
			r.byType[kind] = append(r.byType[kind], each)
		}
	}
	return nil
}

func (r *relay) start(id, path string) {
	listener, err := listen(path)
	if err != nil {
		r.tell(report{Failed: &failed{ID: id, Why: err.Error()}})
		return
	}
	made := &watch{id: id, path: path, listener: listener, relay: r}
	r.mutex.Lock()
	r.watches[id] = made
	r.mutex.Unlock()
	r.tell(report{Watching: id})
	go func() {
		made.run()
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if r.watches[id] == made {
			delete(r.watches, id)
		}
	}()
}

func (r *relay) forget(id string) {
	r.mutex.Lock()
	found := r.watches[id]
	r.mutex.Unlock()
	if found != nil {
		found.end()
	}
}

func (r *relay) tellFigures() {
	r.mutex.Lock()
	listened := make([]*watch, 0, len(r.watches))
	for _, each := range r.watches {
		listened = append(listened, each)
	}
	r.mutex.Unlock()
	for _, each := range listened {
		if now, isNews := each.news(); isNews {
			r.tell(report{Figures: &counts{ID: each.id, figures: now}})
		}
	}
}

// tell writes one line, and returns its bytes.
func (r *relay) tell(said report) uint64 {
	line, err := json.Marshal(said)
	if err != nil {
		return 0
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.out.Write(line)
	r.out.WriteByte('\n')
	r.out.Flush()
	return uint64(len(line)) + 1
}

func alertOf(held *rule, now *moment, suppressed uint64) *alert {
	values := make(map[string]string, len(held.Fields))
	for _, name := range held.Fields {
		if found := valueOf[name](now); found.isThere {
			values[name] = readable(found.text)
		}
	}
	return &alert{
		ID: now.sandbox, Rule: held.Name, Time: strconv.FormatInt(now.nanoseconds, 10), Fields: values, Suppressed: suppressed,
	}
}

// readable cuts a text where its length is over, between two characters.
func readable(said string) string {
	if len(said) <= mostBytes {
		return said
	}
	end := mostBytes
	for end > 0 && !utf8.RuneStart(said[end]) {
		end--
	}
	return said[:end]
}

package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	protocolVersion = 1
	headerBytes     = 8
	// More than a message of the sink can have: the buffer of its socket is smaller.
	messageBytes = 512 * 1024
	// Alerts of one rule in one sandbox: so many at once, and then so many a second. The rest is counted.
	alertsAtOnce    = 20
	alertsPerSecond = 2.0
	// Those of all rules together: code that does everything at once must not fill the trail.
	mostAtOnce    = 100
	mostPerSecond = 5.0
	// What each rule can have told besides, so that a flood of others never silences it.
	keptAtOnce    = 3
	keptPerSecond = 0.2
	lookInterval  = 250 * time.Millisecond
)

// handshake is `Handshake{version: 1}`, which both sides send.
var handshake = []byte{0x08, protocolVersion}

// bucket is how many alerts may still be told: `most` at once, and `rate` a second.
type bucket struct {
	most, rate float64
	left       float64
	at         time.Time
}

func newBucket(most, rate float64, now time.Time) *bucket {
	return &bucket{most: most, rate: rate, left: most, at: now}
}

func (held *bucket) take(now time.Time) bool {
	held.left = min(held.most, held.left+now.Sub(held.at).Seconds()*held.rate)
	held.at = now
	if held.left < 1 {
		return false
	}
	held.left--
	return true
}

// budget is what a sandbox may still have told of one rule, what of it whatever others have told, and how often it was
// held back.
type budget struct {
	*bucket
	kept       *bucket
	suppressed uint64
}

func newBudget(now time.Time) *budget {
	return &budget{
		bucket: newBucket(alertsAtOnce, alertsPerSecond, now), kept: newBucket(keptAtOnce, keptPerSecond, now),
	}
}

// watch reads what one sandbox's kernel tells, from one connection to a socket of its own.
type watch struct {
	id       string
	path     string
	listener *net.UnixListener
	relay    *relay

	mutex      sync.Mutex
	connection *net.UnixConn
	isOver     bool

	counting sync.Mutex
	counted  figures
	// Messages that the last figures spoke of.
	spoken uint64
}

func (w *watch) figures() figures {
	w.counting.Lock()
	defer w.counting.Unlock()
	return w.counted
}

// news are the figures, and whether a message has come since they were last asked for.
func (w *watch) news() (figures, bool) {
	w.counting.Lock()
	defer w.counting.Unlock()
	isNews := w.counted.Messages != w.spoken
	w.spoken = w.counted.Messages
	return w.counted, isNews
}

// figures are counters of one watch since its start.
type figures struct {
	Messages uint64 `json:"messages"`
	Bytes    uint64 `json:"bytes"`
	// Bytes of what was told of it.
	Told       uint64 `json:"told"`
	Alerts     uint64 `json:"alerts"`
	Suppressed uint64 `json:"suppressed"`
	// What the sandbox's kernel could not send, and what arrived and could not be read.
	Lost      uint64 `json:"lost"`
	Malformed uint64 `json:"malformed"`
}

func (w *watch) run() {
	err := w.follow()
	w.end()
	report := report{Ended: &ended{ID: w.id, figures: w.figures()}}
	if err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
		report.Ended.Why = err.Error()
	}
	w.relay.tell(report)
}

func (w *watch) end() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.isOver = true
	w.listener.Close()
	if w.connection != nil {
		w.connection.Close()
	}
}

func (w *watch) accept() (*net.UnixConn, error) {
	connection, err := w.listener.AcceptUnix()
	if err != nil {
		return nil, err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	// There is one sink: nobody else may speak in the sandbox's name afterwards. The path goes with the listener.
	w.listener.Close()
	if w.isOver {
		connection.Close()
		return nil, net.ErrClosed
	}
	w.connection = connection
	return connection, nil
}

func (w *watch) follow() error {
	connection, err := w.accept()
	if err != nil {
		return err
	}
	buffer := make([]byte, messageBytes)
	if _, err := connection.Read(buffer[:64]); err != nil {
		return err
	}
	if _, err := connection.Write(handshake); err != nil {
		return err
	}
	w.relay.tell(report{Connected: w.id})
	heard := hearing{
		known:   tree{processes: map[int32]*process{}},
		budgets: map[*rule]*budget{},
		all:     newBucket(mostAtOnce, mostPerSecond, time.Now()),
	}
	for {
		length, _, flags, _, err := connection.ReadMsgUnix(buffer, nil)
		w.counting.Lock()
		if length == 0 || err != nil {
			w.tellLost(&heard)
			w.counting.Unlock()
			return err
		}
		w.take(buffer[:length], flags&syscall.MSG_TRUNC == 0, &heard)
		w.counting.Unlock()
	}
}

// hearing is what is known of one sandbox from its messages, and what may still be told of it.
type hearing struct {
	known    tree
	budgets  map[*rule]*budget
	all      *bucket
	dropped  uint32
	told     uint64
	lastLook time.Time
}

// take takes in one message. Whoever calls it counts alone.
func (w *watch) take(message []byte, isAll bool, heard *hearing) {
	counted := &w.counted
	counted.Messages++
	counted.Bytes += uint64(len(message))
	payload, kind, dropped, isWhole := split(message)
	if !isWhole || !isAll {
		counted.Malformed++
		counted.Lost++
		return
	}
	// The sink's counter wraps around, and threads of the kernel overtake each other between reading it and sending.
	if further := int32(dropped - heard.dropped); further > 0 {
		counted.Lost += uint64(further)
		heard.dropped = dropped
	}
	if counted.Lost != heard.told && time.Since(heard.lastLook) > lookInterval {
		heard.lastLook = time.Now()
		w.tellLost(heard)
	}
	found, err := decode(kind, payload, w.relay.names)
	if err != nil {
		counted.Malformed++
		counted.Lost++
		return
	}
	if found != nil {
		w.judge(found, heard)
	}
}

func (w *watch) judge(found *event, heard *hearing) {
	known, counted := &heard.known, &w.counted
	known.learn(found)
	rules := w.relay.byType[found.kind]
	if len(rules) == 0 {
		return
	}
	now := &moment{
		event: found, sandbox: w.id, self: known.of(found.group), parent: known.of(found.parentGroup),
		processes: len(known.processes), address: readAddress(found.address),
	}
	for _, each := range rules {
		if !each.holds(now) {
			continue
		}
		at := time.Now()
		held := heard.budgets[each]
		if held == nil {
			held = newBudget(at)
			heard.budgets[each] = held
		}
		if !held.take(at) || !(heard.all.take(at) || held.kept.take(at)) {
			counted.Suppressed++
			held.suppressed++
			continue
		}
		counted.Alerts++
		counted.Told += w.relay.tell(report{Alert: alertOf(each, now, held.suppressed)})
		held.suppressed = 0
	}
}

func (w *watch) tellLost(heard *hearing) {
	counted := &w.counted
	if counted.Lost == heard.told {
		return
	}
	counted.Told += w.relay.tell(report{Lost: &lost{ID: w.id, Count: counted.Lost - heard.told}})
	heard.told = counted.Lost
}

// split takes a message apart: `uint16` bytes of the header, `uint16` type, `uint32` messages dropped so far, payload.
func split(message []byte) (payload []byte, kind uint16, dropped uint32, isWhole bool) {
	if len(message) < headerBytes {
		return nil, 0, 0, false
	}
	size := int(binary.LittleEndian.Uint16(message))
	if size < headerBytes || size > len(message) {
		return nil, 0, 0, false
	}
	return message[size:], binary.LittleEndian.Uint16(message[2:]), binary.LittleEndian.Uint32(message[4:]), true
}

func listen(path string) (*net.UnixListener, error) {
	listener, err := net.ListenUnix("unixpacket", &net.UnixAddr{Name: path, Net: "unixpacket"})
	if err != nil {
		return nil, err
	}
	return listener, os.Chmod(path, 0o600)
}

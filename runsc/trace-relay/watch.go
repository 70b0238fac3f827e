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

// budget is what a sandbox may still have told of one rule, and how often it was held back.
type budget struct {
	*bucket
	suppressed uint64
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
}

// figures are counters of one watch since its start.
type figures struct {
	Messages   uint64 `json:"messages"`
	Bytes      uint64 `json:"bytes"`
	Alerts     uint64 `json:"alerts"`
	Suppressed uint64 `json:"suppressed"`
	// What the sandbox's kernel could not send, and what arrived and could not be read.
	Lost      uint64 `json:"lost"`
	Malformed uint64 `json:"malformed"`
}

func (w *watch) run() {
	figures, err := w.follow()
	w.end()
	report := report{Ended: &ended{ID: w.id, figures: figures}}
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

func (w *watch) follow() (figures, error) {
	var counted figures
	connection, err := w.accept()
	if err != nil {
		return counted, err
	}
	buffer := make([]byte, messageBytes)
	if _, err := connection.Read(buffer[:64]); err != nil {
		return counted, err
	}
	if _, err := connection.Write(handshake); err != nil {
		return counted, err
	}
	w.relay.tell(report{Connected: w.id})
	known := tree{processes: map[int32]*process{}}
	budgets := map[*rule]*budget{}
	all := newBucket(mostAtOnce, mostPerSecond, time.Now())
	dropped, told := uint32(0), uint64(0)
	lastLook := time.Time{}
	for {
		length, _, flags, _, err := connection.ReadMsgUnix(buffer, nil)
		if length == 0 || err != nil {
			w.tellLost(&counted, &told)
			return counted, err
		}
		counted.Messages++
		counted.Bytes += uint64(length)
		payload, kind, droppedNow, isWhole := split(buffer[:length])
		if !isWhole || flags&syscall.MSG_TRUNC != 0 {
			counted.Malformed++
			counted.Lost++
			continue
		}
		// The sink's counter wraps around, and threads of the kernel overtake each other between reading it and sending.
		if further := int32(droppedNow - dropped); further > 0 {
			counted.Lost += uint64(further)
			dropped = droppedNow
		}
		if counted.Lost != told && time.Since(lastLook) > lookInterval {
			lastLook = time.Now()
			w.tellLost(&counted, &told)
		}
		found, err := decode(kind, payload, w.relay.names)
		if err != nil {
			counted.Malformed++
			counted.Lost++
			continue
		}
		if found == nil {
			continue
		}
		w.judge(found, &known, allowance{budgets: budgets, all: all}, &counted)
	}
}

// allowance is what may still be told of one sandbox.
type allowance struct {
	budgets map[*rule]*budget
	all     *bucket
}

func (w *watch) judge(found *event, known *tree, allowed allowance, counted *figures) {
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
		held, is := allowed.budgets[each]
		if !is {
			held = &budget{bucket: newBucket(alertsAtOnce, alertsPerSecond, at)}
			allowed.budgets[each] = held
		}
		// The first alert of a rule is always told: whatever else goes on, it is news.
		if !held.take(at) || (!allowed.all.take(at) && is) {
			counted.Suppressed++
			held.suppressed++
			continue
		}
		counted.Alerts++
		w.relay.tell(report{Alert: alertOf(each, now, held.suppressed)})
		held.suppressed = 0
	}
}

func (w *watch) tellLost(counted *figures, told *uint64) {
	if counted.Lost == *told {
		return
	}
	w.relay.tell(report{Lost: &lost{ID: w.id, Count: counted.Lost - *told}})
	*told = counted.Lost
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

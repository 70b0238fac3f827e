package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// number and text write fields of a protobuf message, as gVisor does.
func number(field, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, field<<3), value)
}

func words(field uint64, said string) []byte {
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, field<<3|2), uint64(len(said))), said...)
}

func joined(parts ...[]byte) string { return string(bytes.Join(parts, nil)) }

func by(group uint64, name string) []byte {
	user := joined(number(1, 1001), number(2, 1001), number(5, 1001))
	return words(1, joined(number(1, 1700000000000000000), number(4, group), words(7, user), words(8, "/mnt/data"), words(9, name), number(10, 3)))
}

func message(kind uint16, dropped uint32, payload string) []byte {
	header := binary.LittleEndian.AppendUint16(nil, headerBytes)
	header = binary.LittleEndian.AppendUint16(header, kind)
	return append(binary.LittleEndian.AppendUint32(header, dropped), payload...)
}

var callNames = map[uint64]string{257: "openat", 42: "connect", 165: "mount", 101: "ptrace", 41: "socket", 59: "execve_attempt"}

func momentOf(t *testing.T, kind uint16, payload string) *moment {
	t.Helper()
	found, err := decode(kind, []byte(payload), callNames)
	if err != nil || found == nil {
		t.Fatalf("decode: %v, %v", found, err)
	}
	known := tree{processes: map[int32]*process{}}
	known.learn(found)
	return &moment{event: found, sandbox: "sbx-1", self: known.of(found.group), parent: unknown, processes: 1, address: readAddress(found.address)}
}

func TestFieldsOfEvents(t *testing.T) {
	open := func(path, directory string, flags uint64) string {
		return joined(by(7, "python3"), number(3, 257), number(4, 1<<64-100), words(5, directory), words(6, path), number(7, flags))
	}
	for _, each := range []struct {
		name    string
		kind    uint16
		payload string
		want    map[string]string
	}{
		{"an absolute path", typeOpen, open("/etc/../etc//shadow", "", 0), map[string]string{
			"evt.type": "openat", "fd.name": "/etc/shadow", "fd.directory": "/etc", "fd.filename": "shadow",
			"evt.is_open_read": "true", "evt.is_open_write": "false", "user.uid": "1001", "proc.name": "python3",
			"proc.pid": "7", "proc.ppid": "3", "container.id": "sbx-1",
		}},
		{"a path from the folder of the process", typeOpen, open("../../etc/shadow", "", openWrite|openCreate), map[string]string{
			"fd.name": "/etc/shadow", "evt.is_open_write": "true", "evt.arg.flags": "O_WRONLY|O_CREAT",
		}},
		{"a path from an open folder", typeOpen, open("shadow", "/etc", openBoth), map[string]string{
			"fd.name": "/etc/shadow", "evt.is_open_read": "true", "evt.is_open_write": "true",
		}},
		{"a connection over IPv4", typeConnect, joined(by(7, "x"), number(3, 42), words(6, "\x02\x00\x01\xbb\x01\x02\x03\x04\x00\x00\x00\x00\x00\x00\x00\x00")), map[string]string{
			"evt.type": "connect", "fd.name": "1.2.3.4:443", "fd.sip": "1.2.3.4", "fd.rport": "443", "fd.sockfamily": "inet",
		}},
		{"one over IPv6 that is of IPv4", typeConnect, joined(by(7, "x"), number(3, 42), words(6, "\x0a\x00\x00\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x7f\x00\x00\x01\x00\x00\x00\x00")), map[string]string{
			"fd.name": "127.0.0.1:80", "fd.sip": "127.0.0.1",
		}},
		{"one to a socket of a file", typeConnect, joined(by(7, "x"), number(3, 42), words(6, "\x01\x00/var/run/docker.sock\x00more")), map[string]string{
			"fd.name": "/var/run/docker.sock", "fd.sockfamily": "unix",
		}},
		{"an address that is cut off", typeConnect, joined(by(7, "x"), number(3, 42), words(6, "\x02\x00\x01")), map[string]string{
			"fd.sockfamily": "inet",
		}},
		{"a call by its numbers", typeRaw, joined(by(7, "x"), number(4, 165), number(8, 4096)), map[string]string{
			"evt.type": "mount", "evt.rawarg.flags": "4096",
		}},
		{"a request of ptrace", typePtrace, joined(by(7, "x"), number(3, 101), number(4, 16), number(5, 1)), map[string]string{
			"evt.arg.request": "PTRACE_ATTACH", "evt.arg.pid": "1",
		}},
		{"a socket", typeSocket, joined(by(7, "x"), number(3, 41), number(4, 17), number(5, 3|0x80000)), map[string]string{
			"evt.arg.domain": "AF_PACKET", "evt.arg.type": "SOCK_RAW",
		}},
		{"a program", typeExec, joined(by(7, "python3"), words(2, "/usr/bin/nc.openbsd"), words(3, "nc"), words(3, "-l"), words(4, "SECRET=1"), words(17, "/bin/nc"), number(20, 1)), map[string]string{
			"evt.type": "execve", "proc.name": "nc", "proc.exepath": "/usr/bin/nc.openbsd", "proc.cmdline": "nc -l", "proc.args": "-l",
			"proc.is_exe_from_memfd": "true",
		}},
		{"a program that is tried", typeAttempt, joined(by(7, "python3"), number(3, 59), words(6, "x"), words(7, "x")), map[string]string{
			"evt.type": "execve_attempt", "fd.name": "/mnt/data/x", "fd.filename": "x",
		}},
	} {
		t.Run(each.name, func(t *testing.T) {
			now := momentOf(t, each.kind, each.payload)
			for name, want := range each.want {
				if got := valueOf[name](now); !got.isThere || got.text != want {
					t.Errorf("%s is %q (%v), not %q", name, got.text, got.isThere, want)
				}
			}
		})
	}
}

func TestWhatIsAbsent(t *testing.T) {
	now := momentOf(t, typeOpen, joined(by(7, "x"), number(3, 257), words(6, "/x")))
	for _, name := range []string{"fd.sip", "fd.sport", "evt.arg.request", "evt.arg.option", "evt.arg.uid", "proc.exepath", "proc.cmdline", "proc.pname"} {
		if found := valueOf[name](now); found.isThere {
			t.Errorf("%s is there: %q", name, found.text)
		}
		for _, operator := range []string{"=", "!=", "in", "contains"} {
			holds, err := compile(expression{Op: operator, Field: name, Values: []string{""}})
			if err != nil || holds(now) {
				t.Errorf("%s %s holds for what is absent (%v)", name, operator, err)
			}
		}
	}
}

func TestConditions(t *testing.T) {
	now := momentOf(t, typeOpen, joined(by(7, "Python3"), number(3, 257), words(6, "/root/x/y"), number(7, 0)))
	one := func(field, op string, values ...string) expression {
		return expression{Op: op, Field: field, Values: values}
	}
	for _, each := range []struct {
		given expression
		want  bool
	}{
		{one("fd.name", "pmatch", "/etc", "/root"), true},
		{one("fd.name", "pmatch", "/root/x/"), true},
		{one("fd.name", "pmatch", "/roo"), false},
		{one("fd.name", "startswith", "/roo"), true},
		{one("fd.name", "endswith", "/y"), true},
		{one("proc.name", "icontains", "PYTHON"), true},
		{one("proc.name", "contains", "PYTHON"), false},
		{one("user.uid", ">", "1000"), true},
		{one("user.uid", "<=", "1000"), false},
		{one("user.uid", "!=", "1001"), false},
		{one("fd.sip", "exists"), false},
		{expression{Op: "not", Of: []expression{one("fd.sip", "=", "1.2.3.4")}}, true},
		{expression{Op: "and", Of: []expression{one("evt.type", "=", "openat"), one("fd.filename", "in", "x", "y")}}, true},
		{expression{Op: "or", Of: []expression{one("evt.type", "=", "open"), one("fd.filename", "=", "x")}}, false},
	} {
		holds, err := compile(each.given)
		if err != nil {
			t.Fatal(err)
		}
		if got := holds(now); got != each.want {
			t.Errorf("%+v: %v", each.given, got)
		}
	}
	for _, wrong := range []expression{one("proc.tty", "=", "1"), one("user.uid", ">", "x"), one("fd.name", "glob", "x"), one("fd.name", "in")} {
		if _, err := compile(wrong); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
}

func TestMalformedMessages(t *testing.T) {
	whole := []byte(joined(by(7, "x"), number(3, 257), words(5, "/etc"), words(6, "/x"), number(7, 3)))
	for length := range whole {
		// A cut message is told as such or lacks what was cut; it never reads beyond its end.
		decode(typeOpen, whole[:length], callNames)
	}
	random := rand.New(rand.NewSource(1))
	for range 20_000 {
		changed := bytes.Clone(whole)
		for range 1 + random.Intn(4) {
			changed[random.Intn(len(changed))] = byte(random.Intn(256))
		}
		for _, kind := range []uint16{typeClone, typeExec, typeExit, typeRaw, typeOpen, typeConnect, typeAttempt, typePtrace, typeSetID, uint16(random.Intn(60))} {
			if found, err := decode(kind, changed, callNames); err == nil && found != nil {
				readAddress(found.address)
			}
		}
	}
	for _, wrong := range []string{"\x0a", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x0a\x05abc", "\x03", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
		if _, err := decode(typeOpen, []byte(wrong), callNames); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// served is a relay with its pipes, for one rule.
type served struct {
	orders  *io.PipeWriter
	reports *bufio.Scanner
	folder  string
}

func serve(t *testing.T, condition expression) *served {
	t.Helper()
	ordersIn, orders := io.Pipe()
	reportsOut, reportsIn := io.Pipe()
	made := &relay{out: bufio.NewWriter(reportsIn), watches: map[string]*watch{}}
	go func() {
		if err := made.serve(bufio.NewReader(ordersIn)); err != nil {
			t.Error(err)
		}
	}()
	scanner := bufio.NewScanner(reportsOut)
	scanner.Buffer(nil, 1<<20)
	self := &served{orders: orders, reports: scanner, folder: t.TempDir()}
	self.say(t, order{
		Rules: []*rule{{Name: "A", Condition: condition, Fields: []string{"fd.name"}, Types: []string{"openat"}}},
		Names: map[string]string{"257": "openat"},
	})
	if !self.hear(t).Ready {
		t.Fatal("it is not ready")
	}
	t.Cleanup(func() {
		orders.Close()
		reportsOut.Close()
	})
	return self
}

func (s *served) say(t *testing.T, given any) {
	t.Helper()
	if err := json.NewEncoder(s.orders).Encode(given); err != nil {
		t.Fatal(err)
	}
}

func (s *served) hear(t *testing.T) report {
	t.Helper()
	if !s.reports.Scan() {
		t.Fatalf("nothing more is told: %v", s.reports.Err())
	}
	var said report
	if err := json.Unmarshal(s.reports.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// connect is what gVisor's runtime does before it starts a sandbox.
func (s *served) connect(t *testing.T, id string) *net.UnixConn {
	t.Helper()
	path := filepath.Join(s.folder, id)
	s.say(t, map[string]any{"watch": map[string]string{"id": id, "path": path}})
	if said := s.hear(t); said.Watching != id {
		t.Fatalf("%+v", said)
	}
	connection, err := net.DialUnix("unixpacket", nil, &net.UnixAddr{Name: path, Net: "unixpacket"})
	if err != nil {
		t.Fatal(err)
	}
	connection.Write(handshake)
	answer := make([]byte, 64)
	if length, err := connection.Read(answer); err != nil || !bytes.Equal(answer[:length], handshake) {
		t.Fatalf("%v %v", answer[:length], err)
	}
	if said := s.hear(t); said.Connected != id {
		t.Fatalf("%+v", said)
	}
	return connection
}

func opened(path string) string {
	return joined(by(7, "x"), number(3, 257), words(6, path))
}

var anyShadow = expression{Op: "contains", Field: "fd.name", Values: []string{"shadow"}}

func TestAlertsOfSandboxes(t *testing.T) {
	relay := serve(t, anyShadow)
	first, second := relay.connect(t, "sbx-1"), relay.connect(t, "sbx-2")
	first.Write(message(typeOpen, 0, opened("/etc/passwd")))
	second.Write(message(typeOpen, 0, opened("/etc/shadow")))
	if said := relay.hear(t); said.Alert == nil || said.Alert.ID != "sbx-2" || said.Alert.Fields["fd.name"] != "/etc/shadow" || said.Alert.Time != "1700000000000000000" {
		t.Fatalf("%+v", said)
	}
	second.Close()
	if said := relay.hear(t); said.Ended == nil || said.Ended.ID != "sbx-2" || said.Ended.Messages != 1 || said.Ended.Alerts != 1 {
		t.Fatalf("%+v", said)
	}
	relay.say(t, map[string]string{"forget": "sbx-1"})
	if said := relay.hear(t); said.Ended == nil || said.Ended.ID != "sbx-1" || said.Ended.Why != "" {
		t.Fatalf("%+v", said)
	}
}

func TestNobodySpeaksInAnothersName(t *testing.T) {
	relay := serve(t, anyShadow)
	relay.connect(t, "sbx-1")
	path := filepath.Join(relay.folder, "sbx-1")
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("the socket is there for a second one: %v", err)
	}
}

func TestLostMessagesAreTold(t *testing.T) {
	relay := serve(t, anyShadow)
	connection := relay.connect(t, "sbx-1")
	connection.Write(message(typeOpen, 5, opened("/x")))
	if said := relay.hear(t); said.Lost == nil || said.Lost.Count != 5 {
		t.Fatalf("%+v", said)
	}
	// A thread that was overtaken sends an older count.
	connection.Write(message(typeOpen, 3, opened("/x")))
	// What cannot be read is as good as lost; the rest is told at the end.
	connection.Write(message(typeOpen, 7, "\x0a\x05abc"))
	connection.Write([]byte{1})
	connection.Close()
	if said := relay.hear(t); said.Lost == nil || said.Lost.Count != 4 {
		t.Fatalf("%+v", said)
	}
	if said := relay.hear(t); said.Ended == nil || said.Ended.Lost != 9 || said.Ended.Malformed != 2 {
		t.Fatalf("%+v", said)
	}
}

func TestFloodsAreCounted(t *testing.T) {
	relay := serve(t, anyShadow)
	connection := relay.connect(t, "sbx-1")
	go func() {
		for range 5000 {
			connection.Write(message(typeOpen, 0, opened("/etc/shadow")))
		}
		connection.Close()
	}()
	alerts, suppressed := uint64(0), uint64(0)
	for {
		said := relay.hear(t)
		if said.Alert != nil {
			alerts++
			suppressed += said.Alert.Suppressed
			continue
		}
		if said.Ended == nil {
			t.Fatalf("%+v", said)
		}
		if said.Ended.Alerts != alerts || said.Ended.Alerts+said.Ended.Suppressed != 5000 || alerts < alertsAtOnce || alerts > 500 {
			t.Fatalf("%d alerts, %+v", alerts, said.Ended)
		}
		return
	}
}

func TestBucketsFillAgain(t *testing.T) {
	now := time.Unix(100, 0)
	held := newBucket(3, 2, now)
	for range 3 {
		if !held.take(now) {
			t.Fatal("held back too early")
		}
	}
	if held.take(now) {
		t.Fatal("not held back")
	}
	if !held.take(now.Add(time.Second)) {
		t.Fatal("held back for too long")
	}
}

func TestFloodsOfAllRulesTogether(t *testing.T) {
	made := &relay{out: bufio.NewWriter(io.Discard), byType: map[string][]*rule{}}
	for range 40 {
		made.byType["openat"] = append(made.byType["openat"], &rule{holds: func(*moment) bool { return true }})
	}
	watched := &watch{id: "sbx-1", relay: made}
	heard := &hearing{
		known: tree{processes: map[int32]*process{}}, budgets: map[*rule]*budget{},
		all: newBucket(mostAtOnce, mostPerSecond, time.Now()),
	}
	for range 15 {
		watched.judge(&event{kind: "openat"}, heard)
	}
	// Each rule on its own would be told 15 times.
	counted := watched.figures()
	if counted.Alerts+counted.Suppressed != 600 || counted.Alerts < mostAtOnce || counted.Alerts > mostAtOnce+40*keptAtOnce+50 {
		t.Fatalf("%+v", counted)
	}
	other := &rule{Name: "news", holds: func(*moment) bool { return true }}
	made.byType["connect"] = []*rule{other}
	for range keptAtOnce {
		watched.judge(&event{kind: "connect"}, heard)
	}
	if watched.figures().Alerts != counted.Alerts+keptAtOnce {
		t.Fatal("a flood of others has spent what another rule may tell")
	}
}

func TestItAnswersAndCounts(t *testing.T) {
	relay := serve(t, anyShadow)
	connection := relay.connect(t, "sbx-1")
	relay.say(t, map[string]int{"ask": 7})
	if said := relay.hear(t); said.Alive != 7 {
		t.Fatalf("%+v", said)
	}
	connection.Write(message(typeOpen, 0, opened("/etc/shadow")))
	length := uint64(0)
	if said := relay.hear(t); said.Alert != nil {
		length = uint64(len(relay.reports.Bytes())) + 1
	}
	relay.say(t, map[string]int{"ask": 8})
	if said := relay.hear(t); said.Figures == nil || said.Figures.ID != "sbx-1" || said.Figures.Alerts != 1 || said.Figures.Told != length {
		t.Fatalf("%d, %+v", length, said.Figures)
	}
	if said := relay.hear(t); said.Alive != 8 {
		t.Fatalf("%+v", said)
	}
	relay.say(t, map[string]int{"ask": 9})
	if said := relay.hear(t); said.Alive != 9 {
		t.Fatalf("figures that say nothing new: %+v", said)
	}
}

func TestDetoursThroughProc(t *testing.T) {
	for said, want := range map[string]string{
		"/proc/self/root/etc/shadow":                    "/etc/shadow",
		"/proc/7/root/proc/thread-self/root/etc/shadow": "/etc/shadow",
		"/proc/self/task/9/root/etc/shadow":             "/etc/shadow",
		"/proc/./self/../self/root/../etc/shadow":       "/etc/shadow",
		"/proc/self/cwd/../../etc/shadow":               "/etc/shadow",
		"../../proc/self/cwd/x":                         "/mnt/data/x",
		"/proc/8/root/etc/shadow":                       "/proc/8/root/etc/shadow",
		"/proc/self/roots/etc":                          "/proc/self/roots/etc",
		strings.Repeat("/proc/self/root", 1000):         "",
	} {
		got := absolute(&event{context: context{group: 7, folder: "/mnt/data"}, path: said})
		if want != "" && got != want {
			t.Errorf("%q is %q, not %q", said, got, want)
		}
	}
}

func TestRulesThatAreNotKnown(t *testing.T) {
	made := &relay{out: bufio.NewWriter(io.Discard), watches: map[string]*watch{}}
	err := made.serve(bufio.NewReader(strings.NewReader(`{"rules":[{"name":"A","condition":{"op":"=","field":"x.y","values":["1"]}}],"names":{}}`)))
	if err == nil || !strings.Contains(err.Error(), `rule "A": there is no field "x.y"`) {
		t.Fatal(err)
	}
}

func TestTreeOfProcesses(t *testing.T) {
	known := tree{processes: map[int32]*process{}}
	known.learn(&event{kind: "execve", path: "/bin/sh", arguments: []string{"sh"}, context: context{group: 2, name: "sh"}})
	known.learn(&event{kind: "clone", created: 3, context: context{group: 2, name: "renamed"}})
	if found := known.of(3); found.path != "/bin/sh" || found.name != "renamed" {
		t.Fatalf("%+v", found)
	}
	known.learn(&event{kind: "procexit", context: context{group: 3}})
	if known.of(3) != unknown {
		t.Fatal("it is known after its end")
	}
	for id := range int32(2 * mostProcesses) {
		known.learn(&event{kind: "clone", created: id + 10, context: context{group: 2, name: "sh"}})
	}
	if len(known.processes) > mostProcesses {
		t.Fatalf("%d processes are kept", len(known.processes))
	}
}

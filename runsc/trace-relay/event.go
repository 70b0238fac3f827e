package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"path"
	"strings"
)

// Message types of gVisor's remote sink (pkg/sentry/seccheck/points/common.proto); those that no rule can ask for are
// not here, and no session enables their points.
const (
	typeClone    = 2
	typeExec     = 3
	typeExit     = 4
	typeRaw      = 6
	typeOpen     = 7
	typeConnect  = 10
	typeAttempt  = 11
	typeSocket   = 12
	typeChdir    = 13
	typeSetID    = 14
	typeSetResID = 15
	typeRlimit   = 16
	typeChroot   = 21
	typeBind     = 24
	typeListen   = 37
	typePtrace   = 38
)

// context is what every point tells of the process it was reached by.
type context struct {
	nanoseconds int64
	group       int32
	parentGroup int32
	hasUser     bool
	user        uint32
	realUser    uint32
	gid         uint32
	folder      string
	name        string
}

// event is one point, in the terms of rules.
type event struct {
	context
	kind       string
	created    int32
	path       string
	directory  string
	flags      uint64
	mode       uint64
	arguments  []string
	started    string
	fromMemory bool
	address    []byte
	numbers    [6]uint64
	hasNumbers bool
	descriptor int64
}

// decode reads one message of a sink: nil where its type is none of those above. `names` are those of the system calls
// that the session enables, by number.
func decode(kind uint16, payload []byte, names map[uint64]string) (*event, error) {
	found := &event{}
	var number uint64
	read := func(each func(field)) error {
		return fields(payload, func(item field) error {
			if item.number == 1 && item.isText {
				return found.context.read(item.bytes)
			}
			each(item)
			return nil
		})
	}
	var err error
	switch kind {
	case typeClone:
		found.kind = "clone"
		err = read(func(item field) {
			switch item.number {
			case 4:
				found.created = int32(item.value)
			case 6:
				found.flags = item.value
			}
		})
	case typeExec:
		found.kind = "execve"
		err = read(func(item field) {
			switch item.number {
			case 2:
				found.path = string(item.bytes)
			case 3:
				if len(found.arguments) < mostArguments {
					found.arguments = append(found.arguments, cut(string(item.bytes)))
				}
			case 17:
				found.started = string(item.bytes)
			case 20:
				found.fromMemory = item.value != 0
			}
		})
	case typeAttempt:
		err = read(func(item field) {
			switch item.number {
			case 3:
				number = item.value
			case 5:
				found.directory = string(item.bytes)
			case 6:
				found.path = string(item.bytes)
			case 7:
				if len(found.arguments) < mostArguments {
					found.arguments = append(found.arguments, cut(string(item.bytes)))
				}
			case 9:
				found.flags = item.value
			}
		})
		found.kind = names[number]
	case typeExit:
		found.kind = "procexit"
		err = read(func(field) {})
	case typeRaw:
		found.hasNumbers = true
		err = read(func(item field) {
			if item.number == 4 {
				number = item.value
			} else if item.number >= 5 && item.number <= 10 {
				found.numbers[item.number-5] = item.value
			}
		})
		found.kind = names[number]
	case typeOpen, typeConnect, typeChdir, typeBind, typeListen:
		err = read(func(item field) {
			switch item.number {
			case 3:
				number = item.value
			case 4:
				found.descriptor = int64(item.value)
			case 5:
				found.directory = string(item.bytes)
			case 6:
				if kind == typeConnect || kind == typeBind {
					found.address = append([]byte(nil), item.bytes...)
				} else if kind == typeOpen || kind == typeChdir {
					found.path = string(item.bytes)
				}
			case 7:
				found.flags = item.value
				if kind == typeListen {
					found.address = append([]byte(nil), item.bytes...)
				}
			case 8:
				found.mode = item.value
			}
		})
		found.kind = names[number]
		if found.kind == "creat" {
			// What creat(2) does without saying so.
			found.flags = openWrite | openCreate | openTruncate
		}
	case typeSocket, typeSetResID, typeRlimit, typeSetID, typePtrace, typeChroot:
		found.hasNumbers = true
		err = read(func(item field) {
			switch {
			case item.number == 3:
				number = item.value
			case item.number >= 4 && item.number <= 9 && !item.isText:
				found.numbers[item.number-4] = item.value
			case item.number == 4 && item.isText:
				found.path = string(item.bytes)
			}
		})
		found.kind = names[number]
	}
	if err != nil {
		return nil, err
	}
	if found.kind == "" {
		return nil, nil
	}
	switch kind {
	case typeOpen, typeChroot, typeChdir:
		found.path = absolute(found)
	case typeExec:
		found.path = path.Clean(found.path)
		// The process still has the name of the program that it leaves.
		found.name = path.Base(found.started)
		if len(found.name) > nameBytes {
			found.name = found.name[:nameBytes]
		}
	case typeAttempt:
		found.path = absolute(found)
	}
	return found, nil
}

func (about *context) read(message []byte) error {
	return fields(message, func(item field) error {
		switch item.number {
		case 1:
			about.nanoseconds = int64(item.value)
		case 4:
			about.group = int32(item.value)
		case 7:
			about.hasUser = true
			return fields(item.bytes, func(inner field) error {
				switch inner.number {
				case 1:
					about.realUser = uint32(inner.value)
				case 2:
					about.user = uint32(inner.value)
				case 5:
					about.gid = uint32(inner.value)
				}
				return nil
			})
		case 8:
			about.folder = string(item.bytes)
		case 9:
			about.name = string(item.bytes)
		case 10:
			about.parentGroup = int32(item.value)
		}
		return nil
	})
}

const (
	mostArguments = 64
	mostBytes     = 512
	// What the kernel keeps of a program's name.
	nameBytes = 15
)

func cut(text string) string {
	if len(text) > mostBytes {
		return text[:mostBytes]
	}
	return text
}

// socketAddress is what a `struct sockaddr` says: its family, an address with its port, or a path.
type socketAddress struct {
	family string
	name   string
	ip     netip.Addr
	port   int
	hasIP  bool
}

var families = map[uint16]string{1: "unix", 2: "inet", 10: "inet6", 16: "netlink", 17: "packet", 40: "vsock"}

func readAddress(bytes []byte) socketAddress {
	if len(bytes) < 2 {
		return socketAddress{}
	}
	number := binary.LittleEndian.Uint16(bytes)
	known := socketAddress{family: families[number]}
	if known.family == "" {
		known.family = fmt.Sprintf("family-%d", number)
	}
	switch {
	case number == 1:
		name := bytes[2:]
		if len(name) > 0 && name[0] == 0 {
			known.name = "@" + string(name[1:])
		} else {
			known.name, _, _ = strings.Cut(string(name), "\x00")
		}
	case number == 2 && len(bytes) >= 8:
		known.ip, known.hasIP = netip.AddrFrom4([4]byte(bytes[4:8])), true
	case number == 10 && len(bytes) >= 24:
		known.ip, known.hasIP = netip.AddrFrom16([16]byte(bytes[8:24])).Unmap(), true
	}
	if known.hasIP {
		known.port = int(binary.BigEndian.Uint16(bytes[2:4]))
		known.name = netip.AddrPortFrom(known.ip, uint16(known.port)).String()
	}
	return known
}

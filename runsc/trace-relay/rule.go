package main

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// expression is a condition of a rule: `and` and `or` over several, `not` over one, or a comparison of a field.
type expression struct {
	Op     string       `json:"op"`
	Of     []expression `json:"of,omitempty"`
	Field  string       `json:"field,omitempty"`
	Values []string     `json:"values,omitempty"`
}

// rule is one that is in force: where its condition holds, an alert is told with the values of its fields.
type rule struct {
	Name      string     `json:"name"`
	Condition expression `json:"condition"`
	Fields    []string   `json:"fields"`
	// The kinds of event it can hold for.
	Types []string `json:"types"`

	holds condition
}

// moment is what a condition looks at: an event, and the process it is of.
type moment struct {
	*event
	sandbox   string
	self      *process
	parent    *process
	processes int
	address   socketAddress
}

type condition func(*moment) bool

// value is a field of an event. One that is not there makes every comparison with it false.
type value struct {
	text    string
	number  int64
	isThere bool
}

func text(said string) value { return value{text: said, isThere: said != ""} }
func count(number int64) value {
	return value{text: strconv.FormatInt(number, 10), number: number, isThere: true}
}
func flagged(isSo bool) value       { return value{text: strconv.FormatBool(isSo), isThere: true} }
func where(is bool, it value) value { it.isThere = it.isThere && is; return it }

// valueOf maps the fields that rules may name to what an event has there.
var valueOf = map[string]func(*moment) value{
	"evt.type":         func(m *moment) value { return text(m.kind) },
	"evt.arg.flags":    func(m *moment) value { return text(m.flagNames()) },
	"evt.rawarg.flags": func(m *moment) value { return count(int64(m.flagBits())) },
	"evt.arg.request": func(m *moment) value {
		return where(m.kind == "ptrace", text(named(ptraceRequests, m.numbers[0])))
	},
	"evt.arg.option": func(m *moment) value {
		return where(m.kind == "prctl", text(named(processOptions, m.numbers[0])))
	},
	"evt.arg.domain": func(m *moment) value {
		return where(m.kind == "socket", text(named(addressFamilies, m.numbers[0])))
	},
	"evt.arg.type": func(m *moment) value {
		return where(m.kind == "socket", text(named(socketKinds, m.numbers[1]&0xf)))
	},
	"evt.arg.uid": func(m *moment) value {
		return where(strings.HasPrefix(m.kind, "set") && m.hasNumbers, count(int64(int32(m.numbers[0]))))
	},
	"evt.arg.pid": func(m *moment) value {
		switch m.kind {
		case "ptrace":
			return count(int64(int32(m.numbers[1])))
		case "kill", "tkill", "tgkill", "process_vm_readv", "process_vm_writev", "pidfd_open", "prlimit64":
			return count(int64(int32(m.numbers[0])))
		}
		return value{}
	},
	"evt.arg.sig": func(m *moment) value {
		switch m.kind {
		case "kill", "tkill":
			return count(int64(m.numbers[1]))
		case "tgkill":
			return count(int64(m.numbers[2]))
		}
		return value{}
	},
	"evt.is_open_read":  func(m *moment) value { return where(m.isOpen(), flagged(m.flags&(openWrite|openPath) == 0)) },
	"evt.is_open_write": func(m *moment) value { return where(m.isOpen(), flagged(m.flags&(openWrite|openBoth) != 0)) },
	"fd.name": func(m *moment) value {
		if m.address.family != "" {
			return text(m.address.name)
		}
		return where(m.kind != "execve", text(m.path))
	},
	"fd.directory":           func(m *moment) value { return where(m.kind != "execve" && m.path != "", text(path.Dir(m.path))) },
	"fd.filename":            func(m *moment) value { return where(m.kind != "execve" && m.path != "", text(path.Base(m.path))) },
	"fd.sip":                 func(m *moment) value { return where(m.address.hasIP, text(m.address.ip.String())) },
	"fd.rip":                 func(m *moment) value { return where(m.address.hasIP, text(m.address.ip.String())) },
	"fd.sport":               func(m *moment) value { return where(m.address.hasIP, count(int64(m.address.port))) },
	"fd.rport":               func(m *moment) value { return where(m.address.hasIP, count(int64(m.address.port))) },
	"fd.sockfamily":          func(m *moment) value { return text(m.address.family) },
	"proc.name":              func(m *moment) value { return text(m.name) },
	"proc.pname":             func(m *moment) value { return text(m.parent.name) },
	"proc.exepath":           func(m *moment) value { return text(m.self.path) },
	"proc.pexepath":          func(m *moment) value { return text(m.parent.path) },
	"proc.args":              func(m *moment) value { return text(strings.Join(m.self.argumentsAfterFirst(), " ")) },
	"proc.cmdline":           func(m *moment) value { return text(m.self.commandLine()) },
	"proc.cwd":               func(m *moment) value { return text(m.folder) },
	"proc.pid":               func(m *moment) value { return count(int64(m.group)) },
	"proc.ppid":              func(m *moment) value { return count(int64(m.parentGroup)) },
	"proc.is_exe_from_memfd": func(m *moment) value { return flagged(m.self.fromMemory) },
	"user.uid":               func(m *moment) value { return where(m.hasUser, count(int64(m.user))) },
	"group.gid":              func(m *moment) value { return where(m.hasUser, count(int64(m.gid))) },
	"container.id":           func(m *moment) value { return text(m.sandbox) },
	"sandbox.processes":      func(m *moment) value { return count(int64(m.processes)) },
}

func (m *moment) isOpen() bool { return m.kind == "open" || m.kind == "openat" || m.kind == "creat" }

// flagBits are the flags of a call, wherever its arguments have them.
func (m *moment) flagBits() uint64 {
	switch m.kind {
	case "unshare":
		return m.numbers[0]
	case "setns", "memfd_create", "umount2", "userfaultfd":
		return m.numbers[1]
	case "mount":
		return m.numbers[3]
	case "mprotect", "mmap":
		return m.numbers[2]
	}
	return m.flags
}

func (m *moment) flagNames() string {
	switch m.kind {
	case "open", "openat", "creat":
		return flagsOf(openFlags, m.flags)
	case "clone", "unshare":
		return flagsOf(cloneFlags, m.flagBits())
	}
	return ""
}

// compile makes a condition of an expression; it says which field or operator it does not know.
func compile(given expression) (condition, error) {
	switch given.Op {
	case "and", "or":
		parts := make([]condition, 0, len(given.Of))
		for _, part := range given.Of {
			made, err := compile(part)
			if err != nil {
				return nil, err
			}
			parts = append(parts, made)
		}
		isAnd := given.Op == "and"
		return func(m *moment) bool {
			for _, part := range parts {
				if part(m) != isAnd {
					return !isAnd
				}
			}
			return isAnd
		}, nil
	case "not":
		if len(given.Of) != 1 {
			return nil, fmt.Errorf("not takes one condition")
		}
		inner, err := compile(given.Of[0])
		if err != nil {
			return nil, err
		}
		return func(m *moment) bool { return !inner(m) }, nil
	}
	read, known := valueOf[given.Field]
	if !known {
		return nil, fmt.Errorf("there is no field %q", given.Field)
	}
	if given.Op == "exists" {
		return func(m *moment) bool { return read(m).isThere }, nil
	}
	compare, err := comparison(given.Op, given.Values)
	if err != nil {
		return nil, err
	}
	return func(m *moment) bool {
		found := read(m)
		return found.isThere && compare(found)
	}, nil
}

func comparison(operator string, values []string) (func(value) bool, error) {
	if len(values) == 0 {
		return nil, fmt.Errorf("%s compares with nothing", operator)
	}
	first := values[0]
	switch operator {
	case "=", "==":
		return func(found value) bool { return found.text == first }, nil
	case "!=":
		return func(found value) bool { return found.text != first }, nil
	case "in":
		set := map[string]bool{}
		for _, each := range values {
			set[each] = true
		}
		return func(found value) bool { return set[found.text] }, nil
	case "contains":
		return func(found value) bool { return strings.Contains(found.text, first) }, nil
	case "icontains":
		lower := strings.ToLower(first)
		return func(found value) bool { return strings.Contains(strings.ToLower(found.text), lower) }, nil
	case "startswith":
		return func(found value) bool { return strings.HasPrefix(found.text, first) }, nil
	case "endswith":
		return func(found value) bool { return strings.HasSuffix(found.text, first) }, nil
	case "pmatch":
		return func(found value) bool {
			for _, each := range values {
				if found.text == each || strings.HasPrefix(found.text, strings.TrimSuffix(each, "/")+"/") {
					return true
				}
			}
			return false
		}, nil
	}
	number, err := strconv.ParseInt(first, 0, 64)
	if err != nil {
		return nil, fmt.Errorf("%s compares with %q, which is no number", operator, first)
	}
	switch operator {
	case "<":
		return func(found value) bool { return found.number < number }, nil
	case "<=":
		return func(found value) bool { return found.number <= number }, nil
	case ">":
		return func(found value) bool { return found.number > number }, nil
	case ">=":
		return func(found value) bool { return found.number >= number }, nil
	}
	return nil, fmt.Errorf("there is no operator %q", operator)
}

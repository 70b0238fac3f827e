package main

import (
	"fmt"
	"strings"
)

// Flags of open(2) on x86-64.
const (
	openWrite    = 0x1
	openBoth     = 0x2
	openCreate   = 0x40
	openTruncate = 0x200
	openPath     = 0x200000
)

type flag struct {
	bit  uint64
	name string
}

var openFlags = []flag{
	{openWrite, "O_WRONLY"}, {openBoth, "O_RDWR"}, {openCreate, "O_CREAT"}, {0x80, "O_EXCL"}, {openTruncate, "O_TRUNC"},
	{0x400, "O_APPEND"}, {0x10000, "O_DIRECTORY"}, {0x20000, "O_NOFOLLOW"}, {0x80000, "O_CLOEXEC"}, {openPath, "O_PATH"},
}

var cloneFlags = []flag{
	{0x100, "CLONE_VM"}, {0x4000, "CLONE_VFORK"}, {0x10000, "CLONE_THREAD"}, {0x20000, "CLONE_NEWNS"},
	{0x02000000, "CLONE_NEWCGROUP"}, {0x04000000, "CLONE_NEWUTS"}, {0x08000000, "CLONE_NEWIPC"},
	{0x10000000, "CLONE_NEWUSER"}, {0x20000000, "CLONE_NEWPID"}, {0x40000000, "CLONE_NEWNET"},
}

var ptraceRequests = map[uint64]string{
	0: "PTRACE_TRACEME", 1: "PTRACE_PEEKTEXT", 2: "PTRACE_PEEKDATA", 3: "PTRACE_PEEKUSER", 4: "PTRACE_POKETEXT",
	5: "PTRACE_POKEDATA", 6: "PTRACE_POKEUSER", 7: "PTRACE_CONT", 8: "PTRACE_KILL", 12: "PTRACE_GETREGS",
	13: "PTRACE_SETREGS", 16: "PTRACE_ATTACH", 17: "PTRACE_DETACH", 24: "PTRACE_SYSCALL", 0x4206: "PTRACE_SEIZE",
}

var processOptions = map[uint64]string{
	1: "PR_SET_PDEATHSIG", 4: "PR_SET_DUMPABLE", 8: "PR_SET_KEEPCAPS", 15: "PR_SET_NAME", 22: "PR_SET_SECCOMP",
	24: "PR_CAPBSET_DROP", 28: "PR_SET_SECUREBITS", 35: "PR_SET_MM", 36: "PR_SET_CHILD_SUBREAPER",
	38: "PR_SET_NO_NEW_PRIVS", 47: "PR_CAP_AMBIENT", 0x59616d61: "PR_SET_PTRACER",
}

var addressFamilies = map[uint64]string{
	1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK", 17: "AF_PACKET", 38: "AF_ALG", 40: "AF_VSOCK",
}

// The kinds of socket(2), without the flags that stand beside them.
var socketKinds = map[uint64]string{1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 5: "SOCK_SEQPACKET", 10: "SOCK_PACKET"}

func named(names map[uint64]string, value uint64) string {
	if name, known := names[value]; known {
		return name
	}
	return fmt.Sprintf("%#x", value)
}

func flagsOf(names []flag, value uint64) string {
	var set []string
	for _, each := range names {
		if value&each.bit != 0 {
			set = append(set, each.name)
		}
	}
	return strings.Join(set, "|")
}

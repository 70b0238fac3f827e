package main

import "strings"

// process is what is known of one inside a sandbox. What began before its sandbox was traced, as in a checkpoint, is
// known by its name alone.
type process struct {
	name       string
	path       string
	arguments  []string
	fromMemory bool
}

func (known *process) argumentsAfterFirst() []string {
	if len(known.arguments) == 0 {
		return nil
	}
	return known.arguments[1:]
}

// commandLine is the name with the arguments; empty where the program was started unseen.
func (known *process) commandLine() string {
	if known.path == "" {
		return ""
	}
	return strings.Join(append([]string{known.name}, known.argumentsAfterFirst()...), " ")
}

// mostProcesses is more than the limits of any sandbox allow; what is beyond it is not remembered.
const mostProcesses = 8192

var unknown = &process{}

// tree has the processes of one sandbox by their ids inside it.
type tree struct {
	processes map[int32]*process
}

func (known *tree) of(id int32) *process {
	if found, is := known.processes[id]; is {
		return found
	}
	return unknown
}

// learn takes in what an event says of processes, and is told of each before rules are.
func (known *tree) learn(found *event) {
	switch found.kind {
	case "execve":
		known.put(found.group, &process{
			name: found.name, path: found.path, arguments: found.arguments, fromMemory: found.fromMemory,
		})
	case "clone":
		known.note(found)
		if found.created != 0 && found.created != found.group {
			made := *known.of(found.group)
			known.put(found.created, &made)
		}
	case "procexit":
		delete(known.processes, found.group)
	default:
		known.note(found)
	}
}

// note takes the name that a process has now, which it can change by itself.
func (known *tree) note(found *event) {
	if found.name == "" {
		return
	}
	if before, is := known.processes[found.group]; is {
		before.name = found.name
		return
	}
	known.put(found.group, &process{name: found.name})
}

func (known *tree) put(id int32, made *process) {
	if len(known.processes) < mostProcesses {
		known.processes[id] = made
	}
}

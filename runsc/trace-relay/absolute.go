package main

import (
	"path"
	"strconv"
	"strings"
)

// mostLinks is how often one path can go through links of /proc, as the kernel has it for all links.
const mostLinks = 40

// absolute is the path that a call names, from the root and without `.` and `..`. The links of /proc by which a process
// reaches its own root and folder are followed, so that no path gets around a rule by a detour. Links that code made are as
// they were written: what they lead to, the sink does not tell.
func absolute(found *event) string {
	said := found.path
	if !strings.HasPrefix(said, "/") {
		base := found.folder
		if found.directory != "" {
			base = found.directory
		}
		said = base + "/" + said
	}
	parts := strings.Split(said, "/")
	for links := 0; links < mostLinks; links++ {
		at, target := ownLink(parts, found)
		if at == 0 {
			break
		}
		parts = append(strings.Split(target, "/"), parts[at:]...)
	}
	return path.Clean("/" + strings.Join(parts, "/"))
}

// ownLink finds the first link of /proc to the root or the folder of the process itself: how many parts lead to it, and
// where it leads; 0 where there is none.
func ownLink(parts []string, found *event) (int, string) {
	var walked []string
	for index, part := range parts {
		switch part {
		case "", ".":
			continue
		case "..":
			if len(walked) > 0 {
				walked = walked[:len(walked)-1]
			}
			continue
		}
		walked = append(walked, part)
		if !isOwn(walked, found.group) {
			continue
		}
		switch part {
		case "root":
			return index + 1, "/"
		case "cwd":
			if found.folder != "" {
				return index + 1, found.folder
			}
		}
	}
	return 0, ""
}

// isOwn tells whether a path has the form /proc/self/x, be it by the process's number or by one of its threads.
func isOwn(walked []string, group int32) bool {
	if len(walked) < 3 || walked[0] != "proc" {
		return false
	}
	self := walked[1] == "self" || walked[1] == "thread-self" || walked[1] == strconv.Itoa(int(group))
	return self && (len(walked) == 3 || (len(walked) == 5 && walked[2] == "task"))
}

// The first process of every pod: it holds the pod's namespaces, and waits until it is told to end. Where containers share
// a process namespace, whatever loses its parent becomes its child; a signal that is ignored keeps none of them as a zombie.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGCHLD)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGINT, syscall.SIGTERM)
	<-ends
}

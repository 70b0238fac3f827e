// Names of what deploy/kubernetes makes, and objects that only tests have.

/** The namespace of the service and of its account. */
export const SERVICE = 'sallyport'

/** The namespace of the pods of sandboxes. */
export const SANDBOXES = 'sallyport-sandboxes'

/** Each is a way in which a cluster may be wrong, by the handler that its node has. */
const FAULTY = {
  'gvisor-with-network': 'runsc-network',
  'gvisor-without-hints': 'runsc-plain',
  'not-gvisor': 'runc',
  'no-such-handler': 'absent',
}

export const FAULTY_CLASSES = {
  apiVersion: 'v1',
  kind: 'List',
  items: Object.entries(FAULTY).map(([name, handler]) => ({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name },
    handler,
  })),
}

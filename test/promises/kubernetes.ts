import type { Promises } from '../requirements.ts'

/** What docs/deploy/kubernetes.md promises, and docs/testing.md of a cluster for tests. */
export const kubernetesPromises = {
  'docs/deploy/kubernetes.md#what-the-cluster-needs': {
    'kubernetes.sandboxes':
      'With these manifests and such a node a pod of the sandbox image runs under gVisor, and has no network.',
    'kubernetes.restricted':
      'No pod of the namespace of sandboxes is admitted that is on the network of its node, sees its processes or mounts its files.',
    'kubernetes.rights':
      'The account of the service may create, see, watch, enter and delete pods of that namespace, keep leases there and list its events, and nothing else there or elsewhere.',
  },
  'docs/deploy/kubernetes.md#what-is-in-the-manifests': {
    'kubernetes.admitted':
      'A sandbox to whose pod a cluster adds a volume, a variable, a container or another runtime is refused before anything runs in it, and it is said what was added.',
    'kubernetes.manifests': 'The API server of Kubernetes takes each manifest, and knows each of its fields.',
    'kubernetes.admission':
      'No pod is admitted in the namespace of sandboxes that is not under gVisor, mounts a secret or a token, gets more containers or chooses its node, whoever makes it.',
    'kubernetes.resources':
      'Each manifest is named by a kustomization, and each container in them has a user, a limit of memory and a root that it cannot write.',
  },
  'docs/deploy/kubernetes.md#from-an-empty-cluster': {
    'kubernetes.page':
      'The commands of the page, in their order, make what the sandboxes need, show that gVisor is there without a network, and run a program in a pod with the rights of the service alone.',
  },
  'docs/deploy/kubernetes.md#the-service-in-the-cluster': {
    'kubernetes.deployed':
      'The commands of the page bring the image, the secret and the manifests together: two replicas without rights make sandboxes by the token of their account, and answer behind their Service.',
    'kubernetes.rolling':
      'A new version replaces the replicas one after the other under load; no request fails but those that are told to try again, and the audit trail of each goes on and is whole.',
    'kubernetes.service-killed':
      'Where a replica is killed the other one serves on, its sessions are told to be lost, and its sandboxes are swept.',
    'kubernetes.service':
      'The configuration of the manifests is valid, and the processes have as long to drain as it says.',
  },
  'docs/deploy/kubernetes.md#what-differs-from-docker': {
    'kubernetes.outages':
      'A run during which the API server, the kubelet or containerd is killed or hangs, or a process of its Pod on the node is, ends as a loss in bounded time, and nothing is left once the part is back.',
    'kubernetes.leases':
      'Sandboxes of a service that is killed or stopped are removed by another one when its lease is over and not before, whatever the clocks of both say; one that goes on afterwards has another lease.',
    'kubernetes.refusals':
      'Where a cluster has no place for a sandbox, the account has no right, the credentials are not known or nobody answers, a claim is refused in bounded time with what mends it, and no Pod is left.',
    'kubernetes.ready':
      'A process that has had sandboxes stays ready while the cluster makes none for anybody; one that never had one, or is drained, is not.',
    'kubernetes.doctor':
      'Doctor has a Pod run a program where Pods are the sandboxes, says what the cluster refuses with what mends it, and does not look at the Docker of this machine.',
  },
  'docs/testing.md#a-cluster-for-tests': {
    'kubernetes.left-out':
      'Tests on a cluster run where its programs are kept or are asked for, and otherwise it is said why they are left out.',
    'kubernetes.idempotent':
      'What of a cluster for tests is not at work is started again, and what is at work is left alone.',
    'kubernetes.another': 'On the node of another cluster none is made for tests, and nothing is removed.',
    'kubernetes.interrupted':
      'Making a cluster may be interrupted at any step, and removing it, too: made once more it comes to be, and removed it leaves nothing.',
    'kubernetes.pruned': 'What the manifests have no more is taken out of the cluster by the next `up`.',
    'kubernetes.removed':
      'A cluster for tests is removed whole, though a part of it was killed while pods were at work.',
  },
} as const satisfies Promises

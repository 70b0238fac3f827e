import { isolationOf } from '../../isolation.ts'
import { threadsOf, type SandboxLimits } from '../../limits.ts'
import { toLabels, sandboxLabel, type OwnerLabels } from '../../engine/owner.ts'
import { containerNames } from './pod-shape.ts'
import { toKubernetes } from './to-kubernetes.ts'

export interface PodSettings {
  readonly image: string
  readonly runtimeClass: string
  readonly requestedCpus: number
  readonly requestedMemoryBytes: number
  /** How long one part of a Pod waits for the other, seconds. */
  readonly patienceSeconds: number
  readonly longestSessionSeconds: number
}

interface PodOf {
  readonly id: string
  readonly owner: OwnerLabels
  readonly limits: SandboxLimits
  /** The lease that it belongs to: where that is deleted, the cluster collects it. */
  readonly lease: { readonly name: string; readonly uid: string } | null
}

/** Label with the name of the lease of the driver that made a Pod. */
export const leaseLabel = 'sallyport.lease'

const program = ['/usr/bin/python3', '-I', '-S', '-B', '-u', '/opt/sallyport/supervisor/pod.py'] as const

/** What an exec starts in the supervisor's container. */
export const enterCommand = [...program, 'enter']

/** A Pod with everything that isolates it. A test asserts each item of that on a live one. */
export function podManifest({ id, owner, limits, lease }: PodOf, settings: PodSettings): object {
  const { image, runtimeClass, requestedCpus, requestedMemoryBytes, patienceSeconds, longestSessionSeconds } = settings
  const requests = { cpus: requestedCpus, memoryBytes: requestedMemoryBytes }
  const { annotations, spec, containers, limits: limited } = toKubernetes(isolationOf(limits), requests)
  const patience = ['--patience', String(patienceSeconds)]
  const common = {
    image,
    imagePullPolicy: 'IfNotPresent',
    workingDir: '/tmp',
    // Only the first programs write to a log of the node, and only why they could not begin.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // The file at its usual place is the host's and open to all: code could fill the disk of the node by it. Into
    // root's own folder nobody in a sandbox may go.
    terminationMessagePath: '/root/end',
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: id,
      // Values of labels have fewer letters than an owner needs.
      labels: { [sandboxLabel]: id, ...(lease === null ? {} : { [leaseLabel]: lease.name }) },
      annotations: { ...toLabels(id, owner), ...annotations },
      ...(lease === null
        ? {}
        : { ownerReferences: [{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease }] }),
    },
    spec: {
      ...spec,
      runtimeClassName: runtimeClass,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      // The last net: a Pod that nobody ends is ended by its node.
      activeDeadlineSeconds: longestSessionSeconds,
      // A node that is not heard of any more is given up within seconds, so that a session on it is lost and not silent.
      tolerations: ['not-ready', 'unreachable'].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 10,
      })),
      containers: [
        {
          ...common,
          ...containers.supervisor,
          name: containerNames.supervisor,
          command: [...program, 'hold', ...limited, ...patience, '--threads', String(threadsOf(limits))],
        },
        {
          ...common,
          ...containers.keeper,
          name: containerNames.keeper,
          command: [...program, 'keep', ...limited, ...patience],
        },
      ],
    },
  }
}

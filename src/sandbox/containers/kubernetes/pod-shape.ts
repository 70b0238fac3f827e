import { z } from 'zod'

// What is read of a Pod; the API reference of Kubernetes (core/v1) describes each member. Others are dropped.
const text = z.string().nullish()

const containerState = z.object({
  running: z.looseObject({}).nullish(),
  waiting: z.object({ reason: text, message: text }).nullish(),
  terminated: z.object({ exitCode: z.number(), reason: text, message: text }).nullish(),
})

const containerStatus = z.object({
  name: z.string(),
  state: containerState.nullish(),
  resources: z.object({ limits: z.record(z.string(), z.string()).nullish() }).nullish(),
})

export const podShape = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    creationTimestamp: text,
    deletionTimestamp: text,
  }),
  spec: z.object({ nodeName: text }).nullish(),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: text, message: text })).nullish(),
      containerStatuses: z.array(containerStatus).nullish(),
    })
    .nullish(),
})

export const podListShape = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(podShape),
})

export const watchEventShape = z.object({ type: z.string(), object: z.unknown() })

export type Pod = z.infer<typeof podShape>

/** Names of the two containers of a sandbox's Pod. */
export const containerNames = { supervisor: 'supervisor', keeper: 'keeper' } as const

function statesOf(pod: Pod) {
  return (pod.status?.containerStatuses ?? []).map(({ state }) => state)
}

/** Do both containers run? */
export function runs(pod: Pod): boolean {
  const states = statesOf(pod)
  return states.length === Object.keys(containerNames).length && states.every((state) => state?.running != null)
}

/** Does nothing of it run any more, as its node says? */
export function isOver(pod: Pod): boolean {
  const { phase } = pod.status ?? {}
  if (phase === 'Succeeded' || phase === 'Failed') return true
  const states = statesOf(pod)
  return states.length > 0 && states.every((state) => state?.terminated != null)
}

/** Was one of its containers ended for want of memory? The exit code may be 137 or 128; the reason alone tells. */
export function wasOutOfMemory(pod: Pod): boolean {
  return statesOf(pod).some((state) => state?.terminated?.reason === 'OOMKilled')
}

/** The exit code of the supervisor's container; null where nothing is known. */
export function exitCodeOf(pod: Pod): number | null {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === containerNames.supervisor)
  return status?.state?.terminated?.exitCode ?? null
}

/** Reasons of a waiting container that no patience changes, with what mends them. */
const hopeless: Readonly<Record<string, string>> = {
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  ImageInspectError: 'image',
  CreateContainerConfigError: 'container',
  CreateContainerError: 'container',
  RunContainerError: 'container',
}

/** With this the first programs of a Pod end whose folders are not mounted as its annotations say. */
const notAsAsked = 78

const hopelessAdvice: Readonly<Record<string, string>> = {
  annotations:
    'The node has to pass dev.gvisor.* on: pod_annotations of the runtime in its containerd, and a kubelet whose root is /var/lib/kubelet.',
  node: 'Look at its node ("kubectl get nodes"): a cluster deletes what runs on one that is not heard of any more; else somebody deletes Pods of this namespace.',
  image:
    'Push the image where the nodes pull from, name it in sandbox.kubernetes.image, and give the namespace its pull secret.',
  container: 'Look at "kubectl describe pod": the node could not start the container with these settings.',
}

/** Why a Pod is not going to run, with what mends it; null while it may still. */
export function obstacleOf(pod: Pod): { readonly message: string; readonly advice?: string } | null {
  const { phase, reason, message, containerStatuses } = pod.status ?? {}
  for (const { name, state } of containerStatuses ?? []) {
    const { waiting, terminated } = state ?? {}
    if (terminated?.exitCode === notAsAsked) {
      return {
        message: `its container ${name} says that ${(terminated.message ?? '').trim().slice(0, 300)}`,
        advice: hopelessAdvice['annotations'] ?? '',
      }
    }
    if (terminated != null) {
      const said = `${terminated.reason ?? ''} ${terminated.exitCode}: ${(terminated.message ?? '').trim().slice(0, 300)}`
      return { message: `its container ${name} ended before it began (${said})` }
    }
    const kind = hopeless[waiting?.reason ?? '']
    if (kind !== undefined) {
      const said = `its container ${name} is in ${waiting?.reason ?? ''}: ${(waiting?.message ?? '').slice(0, 300)}`
      return { message: said, advice: hopelessAdvice[kind] ?? '' }
    }
  }
  if (phase === 'Failed' || phase === 'Succeeded') {
    return {
      message: `it ended before it began (${reason ?? phase}${message == null ? '' : `: ${message.slice(0, 300)}`})`,
    }
  }
  if (pod.metadata.deletionTimestamp == null) return null
  const node = pod.spec?.nodeName
  const where = node == null ? '' : ` on the node ${node}`
  return { message: `it was deleted while it started${where}`, advice: hopelessAdvice['node'] ?? '' }
}

/** Why no node takes it; null where one has. */
export function unscheduledReason(pod: Pod): string | null {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return condition?.status === 'False' ? `${condition.reason ?? ''}: ${(condition.message ?? '').slice(0, 300)}` : null
}

import { z } from 'zod'
import type { SandboxSpecification } from '../../driver.ts'
import { assertAdmitted } from './admitted-pod.ts'
import type { ClusterClient } from './cluster-client.ts'
import { toClusterFault, unavailable } from './cluster-faults.ts'
import type { EngineLease } from './engine-lease.ts'
import { openExec } from './exec-stream.ts'
import { PodContainer, podPath, removePod, type PodPlace } from './pod-container.ts'
import { enterCommand, podManifest, type PodSettings } from './pod-manifest.ts'
import { containerNames, obstacleOf, podShape, runs, unscheduledReason, type Pod } from './pod-shape.ts'

interface StartOptions extends PodPlace {
  readonly lease: EngineLease
  readonly settings: PodSettings
  readonly startMilliseconds: number
}

const diagnosticBytes = 16 * 1024
const removalMilliseconds = 10_000

/** One sandbox, from its manifest to the stream of a supervisor that answers; leaves nothing where it fails. */
export async function startPod(
  specification: SandboxSpecification,
  options: StartOptions,
  signal: AbortSignal,
): Promise<PodContainer> {
  const { client, watch, namespace, lease, settings } = options
  const { id, owner, limits } = specification
  let made: Pod | null = null
  try {
    signal.throwIfAborted()
    const manifest = podManifest({ id, owner, limits, lease: await lease.held(signal) }, settings)
    // An abort must not cut it: a Pod would be made of which nobody knows.
    const body = await client.call(
      { method: 'POST', path: podPath(namespace), body: manifest },
      new AbortController().signal,
    )
    made = podShape.parse(body)
    watch.track(made)
    assertAdmitted(manifest, body)
    specification.onBegun?.()
    const running = await untilRunning(made, options, signal)
    let diagnostics = Buffer.alloc(0)
    const stream = await openExec(
      client,
      {
        namespace,
        pod: id,
        container: containerNames.supervisor,
        command: enterCommand,
        hasInput: true,
        onDiagnostics: (piece) => {
          diagnostics = Buffer.concat([diagnostics, piece]).subarray(-diagnosticBytes)
        },
      },
      signal,
    )
    return new PodContainer({
      client,
      watch,
      namespace,
      pod: running,
      stream,
      diagnostics: () => diagnostics.toString('utf8'),
    })
  } catch (thrown) {
    if (made !== null) {
      watch.forget(id)
      await removePod(options, id, made.metadata.uid, AbortSignal.timeout(removalMilliseconds)).catch(() => {})
    }
    throw signal.aborted ? (signal.reason as Error) : toClusterFault(thrown, 'starting a sandbox')
  }
}

/** The Pod as it stands once both containers run; rejects, and says why, where that is not going to be. */
async function untilRunning(made: Pod, options: StartOptions, signal: AbortSignal): Promise<Pod> {
  const { watch, startMilliseconds } = options
  const { name } = made.metadata
  const late = AbortSignal.timeout(startMilliseconds)
  try {
    return await watch.until(
      name,
      (pod) => {
        if (pod === null) throw unavailable('The Pod of a sandbox was deleted while it started')
        const obstacle = obstacleOf(pod)
        if (obstacle === null) return runs(pod) ? pod : undefined
        const { message, ...advice } = obstacle
        throw unavailable(`The Pod of a sandbox does not start: ${message}`, advice)
      },
      AbortSignal.any([signal, late]),
    )
  } catch (thrown) {
    if (!late.aborted || signal.aborted) throw thrown
    throw await lateFault(watch.latest(name) ?? made, options)
  }
}

async function lateFault(pod: Pod, options: StartOptions): Promise<Error> {
  const seconds = Math.round(options.startMilliseconds / 1000)
  const unscheduled = unscheduledReason(pod)
  if (unscheduled !== null) {
    return unavailable(`No node of the cluster took a sandbox within ${seconds} s (${unscheduled})`, {
      advice:
        'Add nodes that run gVisor, lower sandbox.kubernetes.request_cpus and request_memory_mb, or sandbox.pool.maximum.',
    })
  }
  const said = await lastWarning(options.client, options.namespace, pod.metadata.name)
  return unavailable(`The Pod of a sandbox did not run within ${seconds} s${said === '' ? '' : ` (${said})`}`, {
    advice:
      'See "kubectl describe pod": the handler of the RuntimeClass has to be set up on the node, and the node has to answer. Raise sandbox.kubernetes.start_ms where it is only slow.',
  })
}

const eventsShape = z.object({
  items: z.array(z.object({ type: z.string().nullish(), reason: z.string().nullish(), message: z.string().nullish() })),
})

/** What its node complained of last; empty where nothing is said or the right to read events is not given. */
async function lastWarning(client: ClusterClient, namespace: string, name: string): Promise<string> {
  const selector = encodeURIComponent(`involvedObject.name=${name},type=Warning`)
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`
  try {
    const { items } = eventsShape.parse(await client.call({ method: 'GET', path }, AbortSignal.timeout(2000)))
    const last = items.at(-1)
    return last === undefined ? '' : `${last.reason ?? ''}: ${(last.message ?? '').slice(0, 300)}`
  } catch {
    return ''
  }
}

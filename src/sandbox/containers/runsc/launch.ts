import { readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../../../core/errors.ts'
import { cgroupsAt, findCgroups, limitProcessors, startingShare, weighAsUsed } from '../cgroup.ts'
import type { SandboxSpecification } from '../../driver.ts'
import { untilAborted } from '../../../concurrency/until-aborted.ts'
import type { Tracer, TraceWatch } from '../../detection/tracer.ts'
import { nonceBytes } from '../../protocol/frames.ts'
import { toLabels } from '../../engine/owner.ts'
import { copyImage } from './image-copy.ts'
import { JoinedStream } from './joined-stream.ts'
import { labelsName } from './nameless-bundles.ts'
import type { Runsc } from './runsc-command.ts'
import { cgroupPathOf, clearRunscSandbox, RunscContainer } from './runsc-container.ts'
import type { Snapshot } from './snapshot-store.ts'

export const pidName = 'pid'

/** Milliseconds between two looks for the pid. runsc works on meanwhile, and needs the processor. */
const lookMilliseconds = 10
const traceMilliseconds = 5000

export interface LaunchOptions {
  readonly runsc: Runsc
  readonly bundleFolder: string
  /** Files that the sandbox gets a copy of, and where its configuration expects it. Null where it uses the image's. */
  readonly copy: { readonly from: string; readonly to: string } | null
  readonly config: object
  readonly hasCgroups: boolean
  /** Null for a cold start. */
  readonly snapshot: Snapshot | null
  /** Null where nothing listens to its calls. */
  readonly tracer: Tracer | null
}

/** One sandbox, from its bundle on disk to a process whose cgroups are known; leaves nothing where it fails. */
export async function launchSandbox(
  specification: SandboxSpecification,
  options: LaunchOptions,
  signal: AbortSignal,
): Promise<RunscContainer> {
  const { runsc, copy } = options
  const { id, owner } = specification
  const bundle = join(options.bundleFolder, id)
  const folders = copy === null ? [bundle] : [copy.to, bundle]
  await mkdir(bundle, { recursive: true, mode: 0o700 })
  // Labels first: whatever exists of a sandbox has an owner that the sweep can find.
  await writeFile(join(bundle, labelsName), JSON.stringify(toLabels(id, owner)))
  try {
    await writeFile(join(bundle, 'config.json'), JSON.stringify(options.config))
    if (copy !== null) await copyImage(copy.from, copy.to, signal)
    const watch = (await options.tracer?.watch(id, signal)) ?? null
    try {
      return await start(specification, { ...options, bundle, folders, watch }, signal)
    } catch (thrown) {
      await watch?.forget()
      throw thrown
    }
  } catch (thrown) {
    await clearRunscSandbox(runsc, id, folders).catch(() => {})
    throw thrown
  }
}

interface StartOptions extends LaunchOptions {
  readonly bundle: string
  readonly folders: readonly string[]
  readonly watch: TraceWatch | null
}

async function start(
  specification: SandboxSpecification,
  options: StartOptions,
  signal: AbortSignal,
): Promise<RunscContainer> {
  const { runsc, snapshot, bundle, folders, watch } = options
  const { id } = specification
  const how = snapshot === null ? ['run'] : ['restore', '--image-path', snapshot.folder]
  const words = [...how, '--bundle', bundle, '--pid-file', join(bundle, pidName), id]
  const child = await runsc.launch(words, bundle, watch?.configPath).catch((thrown: unknown) => {
    throw notStarted((thrown as Error).message, { cause: thrown })
  })
  specification.onBegun?.()
  const failed = child.ended.then((status) => `it ended with status ${status}`)
  try {
    const stream = new JoinedStream(child.output, child.input)
    stream.on('error', () => {})
    const hurry = options.hasCgroups ? hurryOf(specification) : async () => {}
    const pid = await Promise.race([readPid(join(bundle, pidName), hurry, signal), failed])
    if (typeof pid === 'string') throw notStarted(`${pid} ${child.said().trim().slice(-300)}`)
    const cgroups = options.hasCgroups ? await findCgroups(pid) : null
    // Its kernel has connected before it said that it is up, unless it cannot trace.
    if (watch !== null) await untilAborted(watch.connected, AbortSignal.any([signal, traceDeadline()]))
    if (options.hasCgroups && cgroups === null) {
      throw new ServiceError('sandbox-unavailable', 'The sandbox has no cgroups of its own on this host')
    }
    specification.wanted?.addEventListener('abort', () => void hurry(), { once: true })
    await hurry()
    // While it starts, gVisor works with several threads, none of them the user's. Where the share cannot be set, the
    // start takes longer.
    if (cgroups !== null) await limitProcessors(cgroups, startingShare * specification.limits.cpus).catch(() => {})
    const container = new RunscContainer({
      id,
      cpus: specification.limits.cpus,
      runsc,
      child,
      stream,
      folders,
      cgroups,
      pid,
      nonce: snapshot?.nonce ?? Buffer.alloc(nonceBytes),
      origin: snapshot === null ? 'cold' : 'snapshot',
      watch,
    })
    // What cannot be seen any more must not go on.
    void watch?.lost.then(() => container.kill()).catch(() => {})
    return container
  } catch (thrown) {
    child.kill()
    throw thrown
  }
}

/** A kernel that is up has connected long ago. */
function traceDeadline(): AbortSignal {
  return AbortSignal.timeout(traceMilliseconds)
}

function notStarted(why: string, options?: ErrorOptions): ServiceError {
  return new ServiceError('sandbox-unavailable', `runsc could not start a sandbox: ${why}`, options)
}

/**
 * Gives a start the share of a sandbox in use as soon as somebody waits for it. Where that fails the start takes longer; that the
 * sandbox has its share in the end is held when its limits are.
 */
function hurryOf({ id, wanted }: SandboxSpecification): () => Promise<void> {
  const cgroups = cgroupsAt(cgroupPathOf(id))
  return async () => {
    if (wanted?.aborted === true && cgroups !== null) await weighAsUsed(cgroups).catch(() => {})
  }
}

/** runsc writes it when the sandbox is up; it makes the cgroup before that, at a moment of its own. */
async function readPid(path: string, hurry: () => Promise<void>, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted()
    await hurry()
    const text = readNow(path).trim()
    if (/^\d+$/.test(text)) return Number(text)
    await sleep(lookMilliseconds)
  }
}

/** Reads a file of a few bytes; empty where it does not exist, which is cheaper to ask than to be told by a throw. */
function readNow(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path, 'utf8')
}

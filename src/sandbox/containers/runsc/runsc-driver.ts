import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../core/errors.ts'
import type { ForeignSandbox, ImageSource, LiveContainer, SandboxDriver, SandboxSpecification } from '../../driver.ts'
import { spareProcessorShares } from '../cgroup.ts'
import { removeEmptyCgroups } from '../remove-cgroups.ts'
import type { ProofRecords } from '../proof-records.ts'
import { shakeHands } from '../../protocol/handshake.ts'
import { createSessionFiles } from '../../session/session-files.ts'
import { sameIsolation, type SandboxLimits } from '../../limits.ts'
import type { SandboxOptions } from '../../options.ts'
import { untilAborted } from '../../../concurrency/until-aborted.ts'
import type { Tracer } from '../../detection/tracer.ts'
import { readOwner } from '../../engine/owner.ts'
import { ensureImage, type UnpackedImage } from './image-folder.ts'
import { launchSandbox, pidName } from './launch.ts'
import { clearNamelessBundles, readLabels, sandboxName } from './nameless-bundles.ts'
import { ociConfig } from './oci-config.ts'
import { checkRelease } from './release.ts'
import { shareMemory } from './memory-image.ts'
import { createRunsc } from './runsc-command.ts'
import { cgroupFolder, cgroupPathOf, clearRunscSandbox } from './runsc-container.ts'
import { startHere } from './sandbox-process.ts'
import { SnapshotStore, type Snapshot } from './snapshot-store.ts'
import { StartThread } from './start-thread.ts'

export interface RunscDriverOptions {
  readonly binary: string
  readonly image: ImageSource
  /** Survives reboots: unpacked images and snapshots. Written by this user only. */
  readonly stateFolder: string
  /** Need not survive a reboot: bundles and the state of running sandboxes. */
  readonly runFolder: string
  readonly limits: SandboxLimits
  /** Start from a checkpoint where that works. */
  readonly snapshots: boolean
  /** Makes checkpoints whose memory all their sandboxes share: for many at a time, since it takes twice as long. */
  readonly sharesMemory: boolean
  /** Starts sandboxes from a thread of its own: for a service, which has others to answer meanwhile. */
  readonly startsInThread: boolean
  /** With `none` every sandbox starts cold, from a copy of the image's files that is removed with it. */
  readonly sharing: SandboxOptions['sharing']
  /** Runs without root. There are no cgroups then, so the limits that need them are missing. */
  readonly rootless: boolean
  /** What was found out about the binary at an earlier start; without it, it is found out each time. */
  readonly records?: ProofRecords
  /** Listens to the calls of sandboxes; absent where nobody does. The driver closes it. */
  readonly tracer?: Tracer
  /** Hears why a snapshot was not made or not used; the sandbox then starts cold. */
  readonly onSnapshotFault: (fault: unknown) => void
}

/** An empty cgroup may be that of a sandbox about to start, of whatever service; not after a minute. */
const restMilliseconds = 60_000
const rootlessWalls = [
  'Memory, processors and host threads of a sandbox are not limited by the kernel: there is neither root nor Docker.',
]

/** Sandboxes straight from runsc, without Docker, refilled from a checkpoint of a ready one. */
export function createRunscDriver(options: RunscDriverOptions): SandboxDriver {
  return new RunscDriver(options)
}

class RunscDriver implements SandboxDriver {
  readonly name = 'runsc'
  readonly missingWalls: readonly string[]
  readonly #options: RunscDriverOptions
  readonly #runsc
  readonly #thread: StartThread | null
  readonly #store: SnapshotStore
  readonly #bundles: string
  readonly #copies: string
  readonly #closing = new AbortController()
  #preparing: Promise<{ fingerprint: string }> | null = null
  #image: UnpackedImage | null = null
  #fingerprint = ''
  #snapshot: Snapshot | null = null

  constructor(options: RunscDriverOptions) {
    this.#options = options
    this.missingWalls = options.rootless ? rootlessWalls : []
    this.#bundles = join(options.runFolder, 'bundles')
    // Too large for a run folder, which may be in memory.
    this.#copies = join(options.stateFolder, 'copies')
    this.#store = new SnapshotStore(join(options.stateFolder, 'snapshots'))
    const stateFolder = join(options.runFolder, 'state')
    const thread = options.startsInThread ? new StartThread() : null
    this.#thread = thread
    this.#runsc = createRunsc({
      binary: options.binary,
      stateFolder,
      rootless: options.rootless,
      records: options.records,
      start: thread === null ? startHere : (command, folder) => thread.start(command, folder),
    })
  }

  /** Unpacking an image takes long and is done once: who gives up waiting does not stop it for the others. */
  async prepare(signal: AbortSignal): Promise<{ fingerprint: string }> {
    this.#preparing ??= this.#prepareNow(this.#closing.signal).finally(() => {
      this.#preparing = null
    })
    return untilAborted(this.#preparing, signal)
  }

  async #prepareNow(signal: AbortSignal): Promise<{ fingerprint: string }> {
    const { image, stateFolder, rootless } = this.#options
    // gVisor restores nothing without root.
    const snapshots = this.#options.snapshots && !rootless && !this.#sharesNothing
    await mkdir(this.#bundles, { recursive: true, mode: 0o700 })
    if (this.#sharesNothing) await mkdir(this.#copies, { recursive: true, mode: 0o711 })
    const runsc = await this.#runsc.identify(signal)
    checkRelease(this.#options.binary, runsc)
    this.#image = await ensureImage(join(stateFolder, 'images'), image, signal)
    const parts = [runsc, this.#image.id, this.#config('template', this.#options.limits)]
    const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
    if (snapshots && (fingerprint !== this.#fingerprint || this.#snapshot === null)) {
      this.#snapshot = await this.#ensureSnapshot(fingerprint, signal)
    }
    this.#fingerprint = fingerprint
    return { fingerprint }
  }

  async create(specification: SandboxSpecification, signal: AbortSignal): Promise<LiveContainer> {
    // A snapshot restores under the very settings it was made with.
    const snapshot = sameIsolation(specification.limits, this.#options.limits) ? this.#snapshot : null
    if (snapshot === null) return this.#launch(specification, null, signal)
    try {
      return await this.#launch(specification, snapshot, signal)
    } catch (fault) {
      signal.throwIfAborted()
      // Remade by the next prepare.
      this.#snapshot = null
      await this.#store.forget(snapshot)
      this.#options.onSnapshotFault(fault)
      return this.#launch(specification, null, signal)
    }
  }

  async list(): Promise<readonly ForeignSandbox[]> {
    // What is left of a sandbox whose bundle is gone has no owner any more.
    if (!this.#options.rootless) await removeEmptyCgroups(cgroupFolder, restMilliseconds)
    await clearNamelessBundles(this.#bundles, restMilliseconds)
    const names = await readdir(this.#bundles).catch(() => [])
    const found = await Promise.all(names.map((name) => this.#describe(join(this.#bundles, name))))
    return found.filter((sandbox) => sandbox !== null)
  }

  async remove(id: string): Promise<void> {
    // The id comes from the host's list; one of another form could be read as an argument.
    if (!sandboxName.test(id)) throw new ServiceError('sandbox-unavailable', `"${id}" is no sandbox's name`)
    await clearRunscSandbox(this.#runsc, id, [join(this.#copies, id), join(this.#bundles, id)])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ServiceError('shutting-down', 'The sandboxes are being closed'))
    await this.#preparing?.catch(() => {})
    await this.#thread?.[Symbol.asyncDispose]()
    await this.#options.tracer?.[Symbol.asyncDispose]()
  }

  get #sharesNothing(): boolean {
    return this.#options.sharing === 'none'
  }

  get #prepared(): UnpackedImage {
    if (this.#image === null) throw new ServiceError('sandbox-unavailable', 'The runsc driver was not prepared')
    return this.#image
  }

  #config(
    id: string,
    limits: SandboxLimits,
    more: { readonly rootFolder?: string; readonly processorShares?: number } = {},
  ): object {
    return ociConfig({
      hostname: id,
      rootFolder: this.#prepared.rootFolder,
      environment: this.#prepared.environment,
      limits,
      cgroupPath: this.#options.rootless ? null : cgroupPathOf(id),
      ...more,
    })
  }

  #launch(
    specification: SandboxSpecification,
    snapshot: Snapshot | null,
    signal: AbortSignal,
    tracer: Tracer | null = this.#options.tracer ?? null,
  ) {
    const { id, limits, wanted } = specification
    const { rootFolder } = this.#prepared
    const copy = this.#sharesNothing ? { from: rootFolder, to: join(this.#copies, id) } : null
    const isSpare = wanted !== undefined && !wanted.aborted
    return launchSandbox(
      specification,
      {
        runsc: this.#runsc,
        bundleFolder: this.#bundles,
        copy,
        config: this.#config(id, limits, {
          ...(copy === null ? {} : { rootFolder: copy.to }),
          ...(isSpare ? { processorShares: spareProcessorShares } : {}),
        }),
        hasCgroups: !this.#options.rootless,
        snapshot,
        tracer,
      },
      signal,
    )
  }

  /** Null where none can be made; every start is then a cold one. One that shares its memory serves everybody. */
  async #ensureSnapshot(fingerprint: string, signal: AbortSignal): Promise<Snapshot | null> {
    const name = this.#options.sharesMemory ? fingerprint : `${fingerprint}-alone`
    try {
      const found = (await this.#store.find(fingerprint)) ?? (await this.#store.find(name))
      return found ?? (await this.#store.keep(name, (folder) => this.#checkpoint(folder, signal)))
    } catch (fault) {
      signal.throwIfAborted()
      this.#options.onSnapshotFault(fault)
      return null
    }
  }

  /** Makes a sandbox ready, without limits and without a tenant, and writes it into `folder`. */
  async #checkpoint(folder: string, signal: AbortSignal): Promise<Buffer> {
    const id = `sbx-${randomBytes(8).toString('hex')}`
    const specification = { id, owner: await readOwner(), limits: this.#options.limits }
    // No code of a user runs in it, and a session is no part of a checkpoint.
    const container = await this.#launch(specification, null, signal, null)
    try {
      const template = { limits: null, languages: ['python' as const], onLoss: () => {} }
      const { connection, nonce: first, greetAgain } = await shakeHands(container, template, signal)
      const places = { folder, rootFolder: this.#prepared.rootFolder, maximumBytes: this.#options.limits.dataBytes }
      const nonce = this.#options.sharesMemory
        ? await shareMemory({ files: createSessionFiles(connection), greetAgain }, places, signal)
        : first
      await this.#runsc.call(['checkpoint', '--image-path', folder, id], signal)
      return nonce
    } finally {
      await container.destroy()
    }
  }

  async #describe(bundle: string): Promise<ForeignSandbox | null> {
    const labels = await readLabels(bundle)
    if (labels === null) return null
    const pid = (await readFile(join(bundle, pidName), 'utf8').catch(() => '')).trim()
    const running = pid !== '' && (await stat(`/proc/${pid}`).catch(() => null)) !== null
    const found = await stat(bundle).catch(() => null)
    return found === null ? null : { ...labels, running, createdAt: found.ctimeMs }
  }
}

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readState, stateFolder } from '../../setup/state.mjs'
import { cgroupPathOf } from '../../src/sandbox/containers/runsc/runsc-container.ts'
import { ensureImage } from '../../src/sandbox/containers/runsc/image-folder.ts'
import { JoinedStream } from '../../src/sandbox/containers/runsc/joined-stream.ts'
import { ociConfig } from '../../src/sandbox/containers/runsc/oci-config.ts'
import { createRunsc, type Runsc } from '../../src/sandbox/containers/runsc/runsc-command.ts'
import { startHere, type SandboxProcess } from '../../src/sandbox/containers/runsc/sandbox-process.ts'
import { type Snapshot, SnapshotStore } from '../../src/sandbox/containers/runsc/snapshot-store.ts'
import { createDockerImageSource } from '../../src/sandbox/containers/docker/image-source.ts'
import { removeCgroups } from '../../src/sandbox/containers/remove-cgroups.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { shakeHands } from '../../src/sandbox/protocol/handshake.ts'
import { dockerSocket, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { createTestRunscDriver } from '../support/sandbox/runsc-sandbox.ts'

const never = new AbortController().signal
const settings = sandboxOptions.parse({})
const limits = createLimits(settings.limits)

/**
 * A plain `runsc restore` of the checkpoint that the driver restores, to the first answer of what is in it: no pool, no
 * labels, no proof of limits, and a processor share that is never raised.
 */
export class RawRestore implements AsyncDisposable {
  readonly #runsc: Runsc
  readonly #folder: string
  readonly #snapshot: Snapshot
  readonly #configOf: (id: string) => object

  private constructor(parts: { runsc: Runsc; folder: string; snapshot: Snapshot; configOf: (id: string) => object }) {
    this.#runsc = parts.runsc
    this.#folder = parts.folder
    this.#snapshot = parts.snapshot
    this.#configOf = parts.configOf
  }

  static async open(): Promise<RawRestore> {
    await using driver = createTestRunscDriver(settings)
    const { fingerprint } = await driver.prepare(never)
    const kept = join(stateFolder(), 'runsc')
    const snapshot = await new SnapshotStore(join(kept, 'snapshots')).find(fingerprint)
    if (snapshot === null) throw new Error('No checkpoint can be made here')
    const source = createDockerImageSource({ socketPath: dockerSocket, image: sandboxImage() })
    const { rootFolder, environment } = await ensureImage(join(kept, 'images'), source, never)
    const folder = await mkdtemp(join(tmpdir(), 'raw-restore-'))
    const binary = readState().runsc?.path ?? ''
    // The driver's own: an empty network that all of them use is made once below it.
    const runsc = createRunsc({ binary, stateFolder: '/run/sallyport/runsc/state', rootless: false, start: startHere })
    await runsc.identify(never)
    const configOf = (id: string) =>
      ociConfig({ hostname: id, rootFolder, environment, limits, cgroupPath: cgroupPathOf(id) })
    return new RawRestore({ runsc, folder, snapshot, configOf })
  }

  /** Milliseconds from the call of runsc to the answer. */
  async time(): Promise<number> {
    const id = `raw-${randomBytes(8).toString('hex')}`
    const bundle = join(this.#folder, id)
    await mkdir(bundle)
    await writeFile(join(bundle, 'config.json'), JSON.stringify(this.#configOf(id)))
    const started = performance.now()
    const words = ['restore', '--image-path', this.#snapshot.folder, '--bundle', bundle, id]
    const child = await this.#runsc.launch(words, bundle)
    await this.#greet(id, child)
    const took = performance.now() - started
    await this.#runsc.call(['delete', '--force', id], never)
    await removeCgroups(cgroupPathOf(id), 5_000)
    await this.#runsc.forget(id)
    await child.ended
    return took
  }

  async #greet(id: string, child: SandboxProcess): Promise<void> {
    const stream = new JoinedStream(child.output, child.input)
    stream.on('error', () => {})
    const live = {
      id,
      stream,
      nonce: this.#snapshot.nonce,
      origin: 'snapshot' as const,
      exited: new Promise<never>(() => {}),
      stopped: new Promise<never>(() => {}),
      diagnostics: () => '',
      startKeeper: async () => {},
      enforceLimits: async () => null,
      evidence: async () => ({ oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }),
      kill: async () => {},
      destroy: async () => {},
    }
    await shakeHands(live, { limits, languages: ['python'], onLoss: () => {} }, never)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { clearDrafts, draftFolder } from './drafts.ts'
import { type Machine, thisMachine } from '../proof-records.ts'
import { factsIn, isRecord, rememberVerified, wereVerified } from './verified-files.ts'

/** A checkpoint of a ready sandbox, made on this host. */
export interface Snapshot {
  readonly folder: string
  /** The nonce in force on the stream of a sandbox that is restored from it. */
  readonly nonce: Buffer
}

const keptSnapshots = 4
const manifestName = 'manifest.json'
const manifest = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** SHA-256 in hex by file name. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

async function digestsIn(folder: string, digest: typeof digestOf): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name !== manifestName && !isRecord(name)).sort()
  const digests: Record<string, string> = {}
  for (const name of names) digests[name] = await digest(join(folder, name))
  return digests
}

/**
 * Checkpoints by the fingerprint of everything they depend on. Made on this host by this user and checksummed: a folder
 * whose files are not exactly those of its manifest is thrown away, never restored. To read them all takes as long as
 * to restore them, so files that were found right count as right for a day while the kernel says that nobody touched
 * them.
 */
export class SnapshotStore {
  readonly #folder: string
  readonly #machine: Machine
  readonly #digestOf: typeof digestOf

  constructor(folder: string, parts: { readonly machine?: Machine; readonly digestOf?: typeof digestOf } = {}) {
    this.#folder = folder
    this.#machine = parts.machine ?? thisMachine
    this.#digestOf = parts.digestOf ?? digestOf
  }

  /** The snapshot of this fingerprint if a whole one is there. */
  async find(fingerprint: string): Promise<Snapshot | null> {
    const folder = join(this.#folder, fingerprint)
    const text = await readFile(join(folder, manifestName), 'utf8').catch(() => null)
    if (text === null) return null
    try {
      const { nonce, files } = manifest.parse(JSON.parse(text))
      if (await this.#isWhole(folder, files)) {
        await utimes(folder, new Date(), new Date())
        return { folder, nonce: Buffer.from(nonce, 'hex') }
      }
    } catch {
      // Torn or changed: as good as not there.
    }
    await rm(folder, { recursive: true, force: true })
    return null
  }

  async #isWhole(folder: string, files: Readonly<Record<string, string>>): Promise<boolean> {
    // Taken before the files are read: what is written meanwhile is another fact.
    const facts = await factsIn(folder)
    if (await wereVerified(folder, facts, this.#machine)) return true
    if (JSON.stringify(await digestsIn(folder, this.#digestOf)) !== JSON.stringify(files)) return false
    // Without the record, on a full disk, the files are read again the next time.
    await rememberVerified(folder, facts, this.#machine).catch(() => {})
    return true
  }

  /** Keeps what `make` puts into an empty folder, whole or not at all; forgets the oldest. */
  async keep(fingerprint: string, make: (folder: string) => Promise<Buffer>): Promise<Snapshot | null> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await clearDrafts(this.#folder)
    const draft = draftFolder(this.#folder)
    await mkdir(draft, { mode: 0o700 })
    try {
      const nonce = await make(draft)
      const facts = await factsIn(draft)
      const text = JSON.stringify({ nonce: nonce.toString('hex'), files: await digestsIn(draft, this.#digestOf) })
      await writeFile(join(draft, manifestName), text, { mode: 0o600 })
      // They are right by definition, and need not be read once more.
      await rememberVerified(draft, { ...(await factsIn(draft)), ...facts }, this.#machine).catch(() => {})
      await this.#forgetOldest()
      // Another process may have been first; then its snapshot serves as well.
      await rename(draft, join(this.#folder, fingerprint)).catch(() => {})
      return await this.find(fingerprint)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  async forget(snapshot: Snapshot): Promise<void> {
    await rm(snapshot.folder, { recursive: true, force: true })
  }

  /** Two services with different settings share the folder, so a few of the others stay. */
  async #forgetOldest(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => !name.startsWith('.draft-'))
    const aged = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(join(this.#folder, name))).mtimeMs })),
    )
    const old = aged.sort((first, second) => second.time - first.time).slice(keptSnapshots - 1)
    await Promise.all(old.map((entry) => rm(join(this.#folder, entry.name), { recursive: true, force: true })))
  }
}

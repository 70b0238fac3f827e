import { ServiceError } from '../core/errors.ts'
import { appendFile, readFile, stat } from 'node:fs/promises'

/**
 * Ids of conversations and reports whose values were deleted, and of approvals that were used, one in a line of a file beside
 * the storage and no part of it: a copy of the storage that is put back later still has their keys, or allows them, and is held
 * to the file. The ids are random and say nothing.
 */
export class ForgottenIds {
  readonly #path: string
  #known: ReadonlySet<string> = new Set()
  #size = -1

  constructor(path: string) {
    this.#path = path
  }

  /** Resolves when the ids are on the disk. */
  async add(ids: readonly string[]): Promise<void> {
    try {
      await appendFile(this.#path, ids.map((id) => `${id}\n`).join(''), { mode: 0o600, flush: true })
    } catch (cause) {
      const message = `What is deleted could not be noted in ${this.#path}: ${(cause as Error).message}`
      throw new ServiceError('storage-unavailable', message, {
        cause,
        advice: 'Make room there, or let the service write to it.',
      })
    }
  }

  async has(id: string): Promise<boolean> {
    return (await this.all()).has(id)
  }

  /** What any process of the machine has noted. */
  async all(): Promise<ReadonlySet<string>> {
    const size = await sizeOf(this.#path)
    if (size !== this.#size) {
      const lines = size === 0 ? '' : await readFile(this.#path, 'utf8')
      this.#known = new Set(lines.split('\n').filter((line) => line !== ''))
      this.#size = size
    }
    return this.#known
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  })
  return found === null ? 0 : found.size
}

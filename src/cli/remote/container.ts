import { openAsBlob } from 'node:fs'
import { z } from 'zod'
import { readingOptions } from '../../databases/reading/options.ts'
import { ServiceError } from '../../core/errors.ts'
import { openRegularFile } from '../../files/regular-file.ts'
import type { AttachedFile } from '../../service/attached-file.ts'
import type { RunningService } from '../running-service.ts'
import { readAs } from './read-as.ts'

const madeContainer = z.looseObject({ id: z.string().regex(/^cntr_[0-9a-f]{32}$/) })

/** Throws `invalid-request` for a file whose reading was said: a service tells by itself how a file is read. */
export function requirePlainReading(files: readonly AttachedFile[]): void {
  const plain = JSON.stringify(readingOptions.parse({}))
  const other = files.find(({ reading }) => JSON.stringify(reading) !== plain)
  if (other === undefined) return
  throw new ServiceError('invalid-request', `${other.path}: how a file is read cannot be told to a service`, {
    advice: 'Leave out --data-option and the sheet behind #, or answer on this machine without --server.',
  })
}

/**
 * The container of a conversation at a service elsewhere. A file that is given is sent once, and goes with the container: nothing of it is kept at the service
 * behind the end of the conversation. Another session has another container, and the former one is closed.
 */
export class RemoteContainer {
  readonly #service: RunningService
  #session: string | null = null
  /** By their paths: a container that is made anew is given them again. */
  #files = new Map<string, AttachedFile>()
  #id: string | null = null
  #given = new Set<string>()

  constructor(service: RunningService) {
    this.#service = service
  }

  /** Its id, once it has these files and those that were given in this session before. Rejects with what the service has against one. */
  async with(session: string, files: readonly AttachedFile[], signal: AbortSignal): Promise<string> {
    if (session !== this.#session) {
      await this.close()
      this.#session = session
      this.#files = new Map()
    }
    const wanted = new Map([...this.#files, ...files.map((file) => [file.path, file] as const)])
    const id = await this.#opened(signal)
    for (const [path, file] of wanted) {
      if (this.#given.has(path)) continue
      await this.#send(id, file, signal)
      this.#given.add(path)
    }
    this.#files = wanted
    return id
  }

  /** The next question finds another one, with the same files. What cannot be closed ends by itself when nobody uses it. */
  async close(): Promise<void> {
    const id = this.#id
    this.#id = null
    this.#given = new Set()
    if (id === null) return
    const signal = AbortSignal.timeout(2_000)
    await this.#service.ask('DELETE', `/v1/containers/${id}`, signal).catch(() => undefined)
  }

  async #opened(signal: AbortSignal): Promise<string> {
    this.#id ??= readAs(madeContainer, await this.#service.post('/v1/containers', { name: 'terminal' }, signal)).id
    return this.#id
  }

  async #send(id: string, { name, path }: AttachedFile, signal: AbortSignal): Promise<void> {
    // It may have become something that never ends since it was looked at.
    await using _looked = (await openRegularFile(path, anyLength)).handle
    const form = new FormData()
    // Read from the disk piece by piece, as it is sent.
    form.append('file', await openAsBlob(path), name)
    const request = { method: 'POST', path: `/v1/containers/${id}/files`, body: form } as const
    await (await this.#service.open(request, signal)).arrayBuffer()
  }
}

/** How long a file may be is the service's to say. */
const anyLength = { bytes: Number.POSITIVE_INFINITY, setting: null }

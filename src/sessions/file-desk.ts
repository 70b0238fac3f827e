import { basename, extname } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import type { JsonValue } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import { bytesOf } from '../core/sizes.ts'
import type { FileLimits, FilePage, Files, StoredFile } from '../core/stored-files.ts'
import { deleteFilesOf } from './delete-files.ts'
import { isTable } from './describe-content.ts'
import type { FileOptions } from './options.ts'
import { sniffedBytes, sniffFile } from './sniff-file.ts'

export interface FileGiven {
  readonly name: string
  /** What is said of it, where it may come behind its content; rejects where that is not valid. */
  readonly said: () => Promise<FileSaid>
}

export interface FileSaid {
  readonly purpose: string
  /** Seconds from now; null for one that does not end by itself. */
  readonly expiresSeconds: number | null
}

/** Says what a table holds; the content can be opened as often as it wants. Waits for room to look at it until `room` aborts. */
export type PreviewFile = (
  file: { readonly principal: Principal; readonly name: string; readonly open: () => AsyncIterable<Uint8Array> },
  signal: AbortSignal,
  room: AbortSignal,
) => Promise<JsonValue>

interface FileDeskParts {
  readonly files: () => Promise<Files>
  readonly options: FileOptions
  /** Rejects with `forbidden` for somebody who has no use for files. */
  readonly mayKeep: (principal: Principal) => Promise<void>
  readonly preview: PreviewFile
  /** How long an upload waits for room to look at its file, which is looked at later where there was none. */
  readonly uploadRoomMilliseconds?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What callers do with their files. Each is its principal's own: another's is null, or false, as one that never was. */
export class FileDesk {
  readonly #parts: FileDeskParts

  constructor(parts: FileDeskParts) {
    this.#parts = parts
  }

  /**
   * Keeps a file as it comes. Rejects with `invalid-file` for one that is not what its name says, with `payload-too-large` or `quota-exceeded` for
   * one too large or too many; then nothing of it is kept.
   */
  async upload(
    principal: Principal,
    given: FileGiven,
    { content, signal }: { readonly content: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
  ): Promise<StoredFile> {
    await this.#parts.mayKeep(principal)
    const name = plainName(given.name)
    const { head, whole } = await peek(content)
    const mediaType = sniffFile(name, head)
    const files = await this.#parts.files()
    const file = { principal: principal.id, name, mediaType, preview: null, run: null, conversation: null }
    const kept = await files.keep(
      { ...file, later: () => this.#later(given) },
      whole,
      fileLimitsOf(this.#parts.options),
    )
    if (!this.#parts.options.previews || !isTable(extname(name).toLowerCase())) return kept
    const preview = await this.#previewOf(principal, kept, signal)
    if (preview === null) return kept
    return (await files.describe(principal.id, kept.id, { preview })) ?? kept
  }

  async #later(given: FileGiven) {
    const { purpose, expiresSeconds } = await given.said()
    return { purpose, expires: expiresSeconds === null ? null : new Date(this.#parts.now() + expiresSeconds * 1_000) }
  }

  async show(principal: Principal, id: string): Promise<StoredFile | null> {
    return (await this.#parts.files()).show(principal.id, id)
  }

  /**
   * What a file holds as a table, looked at now where nobody has; null for no such file. One that is no table by its name, or cannot be read as
   * one, says so in `unreadable`. Rejects where it could not be looked at.
   */
  async preview(principal: Principal, id: string, signal: AbortSignal): Promise<StoredFile | null> {
    const file = await this.show(principal, id)
    if (file === null || file.preview !== null) return file
    if (!isTable(extname(file.name).toLowerCase())) return { ...file, preview: { unreadable: noTable } }
    if (!this.#parts.options.previews) return { ...file, preview: { unreadable: notLookedAt } }
    const files = await this.#parts.files()
    const looked = { principal, name: file.name, open: opening(files, file) }
    const preview = await this.#parts.preview(looked, signal, signal)
    return files.describe(principal.id, id, { preview })
  }

  async list(principal: Principal, page: FilePage): Promise<readonly StoredFile[]> {
    return (await this.#parts.files()).list(principal.id, page)
  }

  async open(principal: Pick<Principal, 'id'>, id: string): Promise<OpenedFile | null> {
    const files = await this.#parts.files()
    const file = await files.show(principal.id, id)
    const content = file === null ? null : await files.open(principal.id, id)
    return file === null || content === null ? null : { file, content }
  }

  async delete(principal: Principal, id: string): Promise<boolean> {
    return (await this.#parts.files()).delete(principal.id, id)
  }

  /** Deletes the files of a conversation. */
  async deleteOf(principal: Principal, conversation: string): Promise<void> {
    await deleteFilesOf(await this.#parts.files(), principal.id, { conversation })
  }

  /**
   * A file whose table cannot be looked at now is kept all the same, and says why it was not; null where there is no room for it now. A caller whose
   * conversations hold all the sandboxes that it may have would wait until one of them ends, which nobody who uploads something sees.
   */
  async #previewOf(principal: Principal, file: StoredFile, signal: AbortSignal): Promise<JsonValue> {
    const open = opening(await this.#parts.files(), file)
    const patience = AbortSignal.timeout(this.#parts.uploadRoomMilliseconds ?? defaultRoomMilliseconds)
    const room = AbortSignal.any([signal, patience])
    try {
      return await this.#parts.preview({ principal, name: file.name, open }, signal, room)
    } catch (thrown) {
      if (signal.aborted) throw thrown
      if (patience.aborted && thrown === patience.reason) return null
      const message = thrown instanceof ServiceError ? thrown.message : 'it could not be looked at'
      return { unreadable: message }
    }
  }
}

const defaultRoomMilliseconds = 10_000

/** Opens a file from its beginning, as often as it is called. */
function opening(files: Pick<Files, 'open'>, { id, principal }: Pick<StoredFile, 'id' | 'principal'>) {
  return async function* open(): AsyncGenerator<Uint8Array> {
    yield* (await files.open(principal, id)) ?? []
  }
}

const notLookedAt = 'files are not looked at here (files.previews)'
const noTable = 'its name is not that of a table: .csv, .parquet, .xlsx and the like'

/** What the files of one caller may take. */
export function fileLimitsOf({ maximum_mb, maximum_total_mb, maximum_count }: FileOptions): FileLimits {
  return { files: maximum_count, bytes: bytesOf.mb(maximum_total_mb), fileBytes: bytesOf.mb(maximum_mb) }
}

export interface OpenedFile {
  readonly file: StoredFile
  readonly content: AsyncIterable<Uint8Array>
}

/** Bytes of a name in a folder of Linux, which a sandbox has. */
const mostNameBytes = 255

/** The last part of a name, in any script, without what turns or hides text; throws `invalid-request` for none, and for one that no sandbox could hold. */
export function plainName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_')
  if (plain !== '' && plain !== '.' && plain !== '..' && Buffer.byteLength(plain) <= mostNameBytes) return plain
  throw new ServiceError('invalid-request', 'The file has no name, or one of more than 255 bytes.', {
    parameter: 'file',
  })
}

/** The beginning of a content, and all of it. */
async function peek(
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Buffer; readonly whole: AsyncIterable<Uint8Array> }> {
  const parts = content[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < sniffedBytes) {
    const { value, done } = await parts.next()
    if (done === true) break
    first.push(value)
    length += value.length
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* first
    yield* { [Symbol.asyncIterator]: () => parts }
  }
  return { head: Buffer.concat(first).subarray(0, sniffedBytes), whole: whole() }
}

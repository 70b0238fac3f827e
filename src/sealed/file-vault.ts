import { createHmac, randomBytes, type KeyObject } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import { newId } from '../core/new-id.ts'
import {
  filesFull,
  type FileLimits,
  type FilePage,
  type Files,
  type FileToKeep,
  type FileUse,
  type FileWords,
  type SealedContent,
  type SealedFile,
  type StoredFile,
  type StoredFiles,
} from '../core/stored-files.ts'
import { keyForUse } from './data-key.ts'
import { seal, sealBytes, unseal, unsealBytes, type KeyRing } from './key-ring.ts'
import { inPieces, pieceBytes } from './pieces.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'

const [contentUse, fileUse] = ['sallyport contents 1', 'sallyport files 1']

/** What is sealed of a file: its words, and which content it has. */
interface SealedWords extends FileWords {
  readonly digest: string
}

/**
 * Files as the storage has them. A content is found again by a digest that a key of its principal makes: nobody learns by how long an upload takes, or
 * from the storage, that somebody else has the same one. Its bytes are sealed piece by piece under a data key of its own.
 */
export class FileVault implements Files {
  readonly #stored: StoredFiles
  readonly #keys: () => Promise<KeyRing>
  readonly #now: () => number

  /** `now`: milliseconds since 1970. */
  constructor(stored: StoredFiles, keys: () => Promise<KeyRing>, now: () => number) {
    this.#stored = stored
    this.#keys = keys
    this.#now = now
  }

  async keep(file: FileToKeep, content: AsyncIterable<Uint8Array>, limits: FileLimits): Promise<StoredFile> {
    const keys = await this.#keys()
    const { principal, name, mediaType, preview, origins, run, conversation, later } = file
    const id = newId('file', this.#now())
    const contentId = `content_${randomBytes(16).toString('hex')}`
    const contentKey = randomBytes(32)
    const wrapped = { id: contentId, principal, wrappedKey: keys.wrap(contentKey, contentId) }
    await this.#stored.beginContent(wrapped)
    try {
      const written = await this.#write(content, {
        id: contentId,
        key: keyForUse(contentKey, contentUse),
        digestKey: keys.keyFor(contentUse, principal),
        limits,
        before: await this.used(principal),
      })
      const dataKey = randomBytes(32)
      const { purpose, expires } = await later()
      const facts = { id, principal, bytes: written.bytes, purpose, expires, run, conversation }
      const known = origins === undefined ? {} : { origins }
      const words: SealedWords = { name, mediaType, preview, ...known, digest: written.digest }
      const sealed = seal(keyForUse(dataKey, fileUse), JSON.stringify(words), aboutOf(facts))
      const row = { ...facts, content: contentId, wrappedKey: keys.wrap(dataKey, id), sealed }
      const { made } = await this.#stored.finish(row, written, limits)
      return { ...facts, name, mediaType, preview, ...known, made }
    } catch (thrown) {
      // The fault of the content is the one to tell; what could not be dropped now is with the process.
      await this.#stored.dropContent(contentId).catch(() => undefined)
      throw thrown
    }
  }

  async show(principal: string, id: string): Promise<StoredFile | null> {
    const found = await this.#stored.show(principal, id)
    return found === null ? null : (await this.#open(found)).file
  }

  async list(principal: string, page: FilePage): Promise<readonly StoredFile[]> {
    const found = await this.#stored.list(principal, page)
    return (await Promise.all(found.map((each) => this.#open(each)))).map(({ file }) => file)
  }

  async open(principal: string, id: string, from = 0): Promise<AsyncIterable<Uint8Array> | null> {
    const found = await this.#stored.show(principal, id)
    if (found === null) return null
    const { digest } = await this.#open(found)
    const content = await this.#stored.content(found.content)
    if (content === null) return null
    if (content.digest !== digest || content.bytes !== found.bytes) throw changed(id)
    const key = keyForUse((await this.#keys()).unwrap(content.wrappedKey, content.id), contentUse)
    return this.#read(content, { id, key, from })
  }

  async describe(principal: string, id: string, words: Partial<FileWords>): Promise<StoredFile | null> {
    const found = await this.#stored.show(principal, id)
    if (found === null) return null
    const { file, digest } = await this.#open(found)
    const { name, mediaType, preview } = { ...file, ...words }
    const known = file.origins === undefined ? {} : { origins: file.origins }
    const sealed = JSON.stringify({ name, mediaType, preview, ...known, digest } satisfies SealedWords)
    const key = keyForUse((await this.#keys()).unwrap(found.wrappedKey, id), fileUse)
    const isThere = await this.#stored.change(principal, id, seal(key, sealed, aboutOf(found)))
    return isThere ? { ...file, name, mediaType, preview } : null
  }

  delete(principal: string, id: string): Promise<boolean> {
    return this.#stored.delete(principal, id)
  }

  used(principal: string): Promise<FileUse> {
    return this.#stored.used(principal)
  }

  /** Wraps by the key in use what former ones have wrapped. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    const keys = await this.#keys()
    const [files, contents] = [
      await rewrapAll(this.#stored, keys, signal),
      await rewrapAll(this.#stored.contents, keys, signal),
    ]
    return { rewrapped: files.rewrapped + contents.rewrapped, lost: files.lost + contents.lost }
  }

  async #write(content: AsyncIterable<Uint8Array>, { id, key, digestKey, limits, before }: Writing) {
    const hashing = createHmac('sha256', digestKey)
    let [bytes, pieces] = [0, 0]
    for await (const piece of inPieces(content)) {
      bytes += piece.length
      if (bytes > limits.fileBytes) throw tooLarge(limits)
      if (before.files >= limits.files || before.bytes + bytes > limits.bytes) throw filesFull(limits)
      hashing.update(piece)
      await this.#stored.putPiece(id, pieces, sealBytes(key, piece, aboutPiece(id, pieces)))
      pieces += 1
    }
    return { digest: hashing.digest('hex'), bytes, pieces }
  }

  async *#read({ id: content, bytes, pieces }: SealedContent, { id, key, from }: Reading): AsyncGenerator<Uint8Array> {
    let at = Math.floor(from / pieceBytes)
    let read = at * pieceBytes
    let skipped = from - read
    for (; at < pieces; at += 1) {
      const sealed = await this.#stored.piece(content, at)
      if (sealed === null) throw gone(id)
      const piece = openPiece(key, sealed, { id, about: aboutPiece(content, at) })
      read += piece.length
      if (skipped < piece.length) yield piece.subarray(skipped)
      skipped = 0
    }
    if (read !== bytes && from < bytes) throw changed(id)
  }

  async #open(found: SealedFile): Promise<{ readonly file: StoredFile; readonly digest: string }> {
    const { wrappedKey, sealed, content: _content, ...facts } = found
    const key = keyForUse((await this.#keys()).unwrap(wrappedKey, facts.id), fileUse)
    try {
      const words = JSON.parse(unseal(key, sealed, aboutOf(facts)).toString('utf8')) as SealedWords
      const { digest, ...said } = words
      return { file: { ...facts, ...said }, digest }
    } catch {
      throw changed(facts.id)
    }
  }
}

interface Writing {
  readonly id: string
  readonly key: KeyObject
  readonly digestKey: Buffer
  readonly limits: FileLimits
  readonly before: FileUse
}

interface Reading {
  readonly id: string
  readonly key: KeyObject
  /** Bytes from the beginning. */
  readonly from: number
}

type AboutFile = Omit<SealedFile, 'made' | 'content' | 'sealed' | 'wrappedKey'>

/** Whoever can write the storage cannot give a file to another caller, have it live longer, or have it hold something else. */
function aboutOf({ id, principal, bytes, purpose, expires, run, conversation }: AboutFile): string {
  return JSON.stringify([id, principal, bytes, purpose, expires?.toISOString() ?? null, run, conversation])
}

const aboutPiece = (content: string, place: number): string => JSON.stringify([content, place])

function openPiece(key: KeyObject, sealed: Uint8Array, { id, about }: { readonly id: string; readonly about: string }) {
  try {
    return unsealBytes(key, sealed, about)
  } catch {
    throw changed(id)
  }
}

function changed(id: string): ServiceError {
  return new ServiceError('internal', `What is kept of the file ${id} is not what was put there.`)
}

function gone(id: string): ServiceError {
  return new ServiceError('not-found', `The file ${id} was deleted while it was read.`)
}

function tooLarge({ fileBytes }: FileLimits): ServiceError {
  return new ServiceError('payload-too-large', `The file is larger than ${fileBytes} bytes.`, {
    advice: 'Send a smaller one, or raise files.maximum_mb.',
  })
}

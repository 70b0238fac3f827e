import { ServiceError } from './errors.ts'
import type { JsonValue } from './json.ts'
import type { PageOptions } from './conversations.ts'
import type { Principal } from './principal.ts'
import type { Taint } from './provenance.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** What can be known of a file without opening it. */
export interface FileFacts {
  /** `file_…` */
  readonly id: string
  readonly principal: Principal['id']
  readonly bytes: number
  /** What it is for, in the words of its surface: `assistants`, `user_data`, `artifact`. */
  readonly purpose: string
  readonly made: Date
  /** From then on it is nobody's; null for one that does not end by itself. */
  readonly expires: Date | null
  /** The run that made it; null for one that its owner gave. */
  readonly run: string | null
  /** The conversation with which it is deleted; null for none. */
  readonly conversation: string | null
}

/** What its owner says of a file, and what was found in it. */
export interface FileWords {
  /** As it was given: no path. */
  readonly name: string
  readonly mediaType: string
  /** What it holds as a table or otherwise; null where nobody has looked. */
  readonly preview: JsonValue
  /** Where what it was made of came from; absent where nobody has followed it: `originsOfFile` says what counts then. */
  readonly origins?: readonly Taint[]
}

export interface StoredFile extends FileFacts, FileWords {}

export interface FileToKeep extends FileWords {
  readonly principal: Principal['id']
  /** What is known of it only when its content has come; where it rejects, nothing is kept. */
  readonly later: () => Promise<Pick<FileFacts, 'purpose' | 'expires'>>
  readonly run: string | null
  readonly conversation: string | null
}

/** What all files of a principal may take together. */
export interface FileLimits {
  readonly files: number
  readonly bytes: number
  /** Of one file. */
  readonly fileBytes: number
}

/** What the files of a principal take together. */
export interface FileUse {
  readonly files: number
  readonly bytes: number
}

/**
 * Files of callers, each its principal's own: another's is `null`, as one that never was. Content that a principal keeps twice is kept once. What a
 * method resolves for is on the disk. Each rejects with `storage-unavailable` where the store is at fault.
 */
export interface Files {
  /**
   * Streams content into the store; nothing of it is held in memory beyond a piece. Rejects with `payload-too-large` for one that is larger than a file may
   * be, with `quota-exceeded` where the files of its principal would be more than they may be, and with what the content itself throws; then
   * nothing is kept.
   */
  keep(file: FileToKeep, content: AsyncIterable<Uint8Array>, limits: FileLimits): Promise<StoredFile>
  show(principal: string, id: string): Promise<StoredFile | null>
  list(principal: string, page: FilePage): Promise<readonly StoredFile[]>
  /** Its content from its beginning, or from an offset in bytes; null for no such file. */
  open(principal: string, id: string, from?: number): Promise<AsyncIterable<Uint8Array> | null>
  /** Says something else of it; null for none. */
  describe(principal: string, id: string, words: Partial<FileWords>): Promise<StoredFile | null>
  /** For good: with the last file of a content its key and its bytes are gone. False for none. */
  delete(principal: string, id: string): Promise<boolean>
  used(principal: string): Promise<FileUse>
}

export interface FilePage extends PageOptions {
  /** `desc`: newest first. */
  readonly order: 'asc' | 'desc'
  readonly purpose?: string | undefined
  readonly run?: string | undefined
  readonly conversation?: string | undefined
}

/** Content as it is stored: pieces sealed by a data key of its own, under a digest that only its principal's key makes. */
export interface SealedContent extends WrappedRow {
  readonly bytes: number
  readonly pieces: number
}

export interface SealedFile extends FileFacts, WrappedRow {
  readonly content: string
  /** Its words: only its data key opens them. */
  readonly sealed: string
}

/** Files in the storage. Every id is looked for beside its principal; one that is expired is not there. */
export interface StoredFiles extends WrappedRows {
  /** A content that this process is about to write: nobody's until it is finished, and gone with the process. */
  beginContent(content: WrappedRow & { readonly principal: string }): Promise<void>
  putPiece(content: string, place: number, sealed: Uint8Array): Promise<void>
  dropContent(content: string): Promise<void>
  /** Makes it a file; where its principal has the same content already, that is the file's. Rejects as `Files.keep`. */
  finish(
    file: Omit<SealedFile, 'made'>,
    content: { readonly digest: string; readonly bytes: number; readonly pieces: number },
    limits: FileLimits,
  ): Promise<SealedFile>
  show(principal: string, id: string): Promise<SealedFile | null>
  list(principal: string, page: FilePage): Promise<readonly SealedFile[]>
  content(id: string): Promise<(SealedContent & { readonly digest: string }) | null>
  piece(content: string, place: number): Promise<Uint8Array | null>
  change(principal: string, id: string, sealed: string): Promise<boolean>
  delete(principal: string, id: string): Promise<boolean>
  used(principal: string): Promise<FileUse>
  /** The data keys of the contents, as those of the files are in this itself. */
  readonly contents: WrappedRows
}

/** The files of a principal would be more than they may be. */
export function filesFull({ files, bytes }: FileLimits): ServiceError {
  const message = `The files that are kept would be more than may be: ${files} files of ${bytes} bytes together.`
  return new ServiceError('quota-exceeded', message, { advice: 'Delete files that are not needed any more.' })
}

/** Where a file came from: what its owner gave is a file of somebody's, and of what a run made without a word of it nobody knows. */
export function originsOfFile({ origins, run }: Pick<StoredFile, 'origins' | 'run'>): readonly Taint[] {
  return origins ?? [run === null ? 'file' : 'unknown']
}

/** Which file a link is to, and whose it is. */
export type FileLink = Pick<FileFacts, 'id' | 'principal'>

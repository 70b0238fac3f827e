import { isUtf8 } from 'node:buffer'
import { extname } from 'node:path'
import type { AnswerArtifact } from '../core/events.ts'
import type { Artifact, CellResult } from '../core/result.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** What a run may bring of files it made. */
export interface FileLimits {
  readonly files: number
  /** The most bytes of one file. */
  readonly fileBytes: number
  /** The most bytes of all files together. */
  readonly bytes: number
}

const mebibyte = 1024 * 1024

/** Files of an answer travel in events, and wait in memory for whoever follows their link. */
export const answerFileLimits: FileLimits = { files: 50, fileBytes: 16 * mebibyte, bytes: 32 * mebibyte }

export interface CellFiles {
  readonly files: readonly AnswerArtifact[]
  /** A sentence for each file that is missing, and why. */
  readonly missing: readonly string[]
}

/**
 * Endings of formats that are text, which a filter can read. A file of this name that does not hold text is treated as
 * any other file.
 */
const textTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xml': 'application/xml',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.geojson': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.py': 'text/x-python',
  '.js': 'text/javascript',
  '.ts': 'text/plain',
  '.sql': 'text/plain',
  '.tex': 'text/plain',
  '.ini': 'text/plain',
  '.toml': 'text/plain',
}

const otherTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.parquet': 'application/vnd.apache.parquet',
  '.zip': 'application/zip',
}

/** First bytes of pictures, whose pixels no filter reads. */
const pictureBeginnings: Readonly<Record<string, readonly number[]>> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
}

interface CellFilesOptions {
  readonly limits: FileLimits
  /** Files that come another way. */
  readonly isLeftOut: (path: string) => boolean
  readonly signal: AbortSignal
}

/**
 * The files a run made or changed below `/mnt/data`, by their paths. Links, pipes and the like are left out: the
 * sandbox neither lists nor opens them. The sizes were announced by code nobody trusts, so each is counted while it is
 * read.
 */
export async function cellFiles(
  cell: CellResult,
  sandbox: Pick<Sandbox, 'files'>,
  { limits, isLeftOut, signal }: CellFilesOptions,
): Promise<CellFiles> {
  const files: AnswerArtifact[] = []
  const missing: string[] = []
  let bytes = 0
  for (const file of cell.artifacts) {
    if (isLeftOut(file.path)) continue
    const why = whyNot(file, { limits, bytes, count: files.length, isGone: !cell.sessionAlive })
    const content = why === null ? await readAll(sandbox.files.get(file.path, signal), limits.fileBytes) : null
    if (content === null) {
      missing.push(`The file ${file.path} is not given to the user: ${why ?? 'it grew while it was read'}.`)
      continue
    }
    bytes += content.length
    files.push({ name: file.path, mediaType: mediaTypeOf(file.path, content), content: content.toString('base64') })
  }
  if (cell.truncated.includes('artifacts')) missing.push('More files were made than are listed.')
  if (cell.unlistedFiles !== undefined) missing.push(unlisted(cell.unlistedFiles))
  return { files, missing }
}

function unlisted(count: number): string {
  const what = count === 1 ? 'One entry below /mnt/data is' : `${count} entries below /mnt/data are`
  return `${what} not given to the user: links and pipes, and names with control or direction-changing characters, cannot be handed out.`
}

interface Candidate {
  readonly limits: FileLimits
  /** Bytes and files brought so far. */
  readonly bytes: number
  readonly count: number
  readonly isGone: boolean
}

function whyNot(file: Artifact, { limits, bytes, count, isGone }: Candidate): string | null {
  if (isGone) return 'it is gone with the sandbox'
  if (file.bytes > limits.fileBytes) {
    return `it has ${file.bytes.toLocaleString('en')} bytes and a file may have ${limits.fileBytes.toLocaleString('en')}`
  }
  if (count >= limits.files) return `a run may bring ${limits.files} files`
  if (bytes + file.bytes <= limits.bytes) return null
  return `the files of a run may have ${limits.bytes.toLocaleString('en')} bytes together`
}

/** The type of a file by its name and its first bytes; what is not what its name says has none of its own. */
export function mediaTypeOf(path: string, content: Buffer): string {
  const ending = extname(path).toLowerCase()
  const text = textTypes[ending]
  if (text !== undefined) return isUtf8(content) && !content.includes(0) ? text : 'application/octet-stream'
  const other = otherTypes[ending] ?? 'application/octet-stream'
  const beginning = pictureBeginnings[other]
  const isTrue = beginning === undefined || beginning.every((byte, index) => content[index] === byte)
  return isTrue ? other : 'application/octet-stream'
}

/** All of a file; null where it has more bytes. */
export async function readAll(content: AsyncIterable<Uint8Array>, maximum: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.byteLength
    if (bytes > maximum) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

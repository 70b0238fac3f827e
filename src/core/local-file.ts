import { open, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { ServiceError } from './errors.ts'

/** So much and no more, and the setting that says so. */
export interface SizeLimit {
  readonly bytes: number
  readonly setting: string
}

/** A local file that was looked at. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** Its beginning. */
  readonly head: Buffer
  /** What is odd about it without being wrong, a sentence for people; null where nothing is. */
  readonly warning: string | null
}

const headBytes = 64 * 1024
const textExtensions = new Set('.csv .tsv .tab .txt .json .jsonl .ndjson .md .log .xml .html .yaml .yml'.split(' '))

/** First bytes that say what a file is, whatever its name. */
const signatures: readonly {
  readonly kind: string
  readonly bytes: readonly number[]
  readonly extensions: readonly string[]
}[] = [
  {
    kind: 'a ZIP archive, as Excel workbooks are',
    bytes: [0x50, 0x4b, 0x03, 0x04],
    extensions: ['.xlsx', '.xlsm', '.ods', '.zip', '.npz'],
  },
  { kind: 'an old Excel workbook', bytes: [0xd0, 0xcf, 0x11, 0xe0], extensions: ['.xls'] },
  { kind: 'a Parquet file', bytes: [0x50, 0x41, 0x52, 0x31], extensions: ['.parquet', '.pq'] },
  { kind: 'a gzip archive', bytes: [0x1f, 0x8b], extensions: ['.gz', '.tgz'] },
  { kind: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47], extensions: ['.png'] },
  { kind: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff], extensions: ['.jpg', '.jpeg'] },
  { kind: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46], extensions: ['.pdf'] },
  { kind: 'a program', bytes: [0x7f, 0x45, 0x4c, 0x46], extensions: [] },
]

/** Extensions that must begin with their signature: nothing else by that name can be read. */
const signedExtensions = new Set(['.xlsx', '.xlsm', '.xls', '.parquet', '.pq', '.gz', '.zip'])

/**
 * The one look at a local file before its content goes anywhere. Throws `invalid-file` for what is missing, unreadable,
 * no regular file, empty, too large, or not what `name` says; nothing above the limit is read.
 */
export async function openLocalFile(given: string, limit: SizeLimit, name = given): Promise<LocalFile> {
  const path = resolve(given)
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw invalidFile(
      given,
      error.code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${error.code ?? error.message})`,
    )
  })
  if (facts.isDirectory()) throw invalidFile(given, 'it is a folder; name the files in it')
  // Opening a pipe or a device could wait for ever.
  if (!facts.isFile()) throw invalidFile(given, 'it is not a regular file')
  if (facts.size === 0) throw invalidFile(given, 'it is empty')
  if (facts.size > limit.bytes) throw tooLarge(given, facts.size, limit)
  const head = await readHead(path, given)
  return { path, bytes: facts.size, head, warning: inspectHead(head, given, extname(name).toLowerCase()) }
}

async function readHead(path: string, given: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r')
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw invalidFile(given, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
  }
}

/** Throws where the content is not what the name says; returns a warning where it can be read with care. */
function inspectHead(head: Buffer, given: string, extension: string): string | null {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (signedExtensions.has(extension) && !signature?.extensions.includes(extension)) {
    throw invalidFile(given, `its name says ${extension}, its content is ${signature?.kind ?? 'something else'}`)
  }
  if (!textExtensions.has(extension)) return null
  if (signature !== undefined) throw invalidFile(given, `its name says ${extension}, but it is ${signature.kind}`)
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw invalidFile(given, 'it is UTF-16; save it as UTF-8')
  }
  const controls = head.reduce((count, byte) => count + (byte < 32 && ![9, 10, 12, 13].includes(byte) ? 1 : 0), 0)
  if (head.includes(0) || controls > head.length / 100) {
    throw invalidFile(given, `its name says ${extension}, but it holds binary data`)
  }
  if (isUtf8(head)) return null
  return `${given} is not UTF-8, probably Windows-1252 or Latin-1: read it with encoding="cp1252"`
}

/** Is the head UTF-8, letting the last character be cut in two? */
function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

/** `what` is a file, or several together; `bytes` null for more than the limit, nobody counted how much. */
export function tooLarge(what: string, bytes: number | null, { bytes: most, setting }: SizeLimit): ServiceError {
  const size = bytes === null ? 'it is too long' : `${megabytes(bytes)} are too much`
  const message = `${what}: ${size}, the limit is ${megabytes(most)} (${setting})`
  const advice = `Give a part of it, load it into a database, or raise ${setting} and the limits beside it.`
  return new ServiceError('invalid-file', message, { parameter: what, advice })
}

function megabytes(bytes: number): string {
  if (bytes < 1_000_000) return `${bytes.toLocaleString('en')} bytes`
  return `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}

export function invalidFile(path: string, reason: string): ServiceError {
  return new ServiceError('invalid-file', `${path}: ${reason}`, { parameter: path })
}

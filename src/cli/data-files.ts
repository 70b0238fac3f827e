import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { ServiceError } from '../core/errors.ts'

/** A local file on its way into a sandbox. */
export interface DataFile {
  /** The name it gets below `/mnt/data`. */
  readonly name: string
  /** Absolute path on this machine. */
  readonly path: string
  readonly bytes: number
  /** What is odd about it without being wrong, a sentence for people; null where nothing is. */
  readonly warning: string | null
  open(): AsyncIterable<Uint8Array>
}

const sniffedBytes = 64 * 1024
const textExtensions = new Set(['.csv', '.tsv', '.txt', '.json', '.jsonl', '.ndjson', '.md', '.xml', '.yaml', '.yml'])

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
 * Looks at files before anything starts, so that a wrong one is named at once. Throws `invalid-file`.
 * `maximumBytes` is per file.
 */
export async function openDataFiles(paths: readonly string[], maximumBytes: number): Promise<readonly DataFile[]> {
  const files = await Promise.all(paths.map((path) => openDataFile(path, maximumBytes)))
  const twice = files.find((file, index) => files.findIndex((other) => other.name === file.name) !== index)
  if (twice !== undefined) throw invalid(twice.path, `two files are named ${twice.name}; rename one of them`)
  return files
}

async function openDataFile(given: string, maximumBytes: number): Promise<DataFile> {
  const path = resolve(given)
  const name = basename(path)
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw invalid(
      given,
      error.code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${error.code ?? error.message})`,
    )
  })
  if (facts.isDirectory()) throw invalid(given, 'it is a folder; name the files in it')
  // Opening a pipe or a device could wait for ever.
  if (!facts.isFile()) throw invalid(given, 'it is not a regular file')
  if (facts.size === 0) throw invalid(given, 'it is empty')
  if (facts.size > maximumBytes) {
    throw invalid(
      given,
      `it has ${megabytes(facts.size)}, the limit is ${megabytes(maximumBytes)} (cli.maximum_file_bytes)`,
    )
  }
  if (!/^[^\p{Cc}/\\]{1,200}$/u.test(name) || name.startsWith('.') || name.startsWith('-')) {
    throw invalid(given, 'its name cannot be used in a sandbox; rename it to letters, digits, dots and dashes')
  }
  const head = await readHead(path, given)
  const warning = inspectHead(head, { given, extension: extname(name).toLowerCase() })
  return { name, path, bytes: facts.size, warning, open: () => createReadStream(path) }
}

async function readHead(path: string, given: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r')
    const buffer = Buffer.alloc(sniffedBytes)
    const { bytesRead } = await handle.read(buffer, 0, sniffedBytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw invalid(given, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
  }
}

/** Throws where the content is not what the name says; returns a warning where it can be read with care. */
export function inspectHead(head: Buffer, file: { readonly given: string; readonly extension: string }): string | null {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (signedExtensions.has(file.extension) && !signature?.extensions.includes(file.extension)) {
    throw invalid(file.given, `its name says ${file.extension}, its content is ${signature?.kind ?? 'something else'}`)
  }
  if (!textExtensions.has(file.extension)) return null
  if (signature !== undefined) {
    throw invalid(file.given, `its name says ${file.extension}, but it is ${signature.kind}`)
  }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw invalid(file.given, 'it is UTF-16; save it as UTF-8')
  }
  const controls = head.reduce((count, byte) => count + (byte < 32 && ![9, 10, 12, 13].includes(byte) ? 1 : 0), 0)
  if (head.includes(0) || controls > head.length / 100) {
    throw invalid(file.given, `its name says ${file.extension}, but it holds binary data`)
  }
  if (isUtf8(head)) return null
  return `${file.given} is not UTF-8, probably Windows-1252 or Latin-1: read it with encoding="cp1252"`
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

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}

function invalid(path: string, reason: string): ServiceError {
  return new ServiceError('invalid-file', `${path}: ${reason}`, { parameter: path })
}

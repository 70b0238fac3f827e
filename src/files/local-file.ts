import { extname, resolve } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { invalidFile, openRegularFile, type SizeLimit } from './regular-file.ts'

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

export interface LookOptions {
  /** What the file is called where it goes; its own name without one. */
  readonly name?: string
  /** Encoding that somebody said it has: then its text is not judged. */
  readonly encoding?: string | null
}

/**
 * The one look at a local file before its content goes anywhere. Throws `invalid-file` for what is missing, unreadable,
 * no regular file, empty, too large, or not what `name` says; nothing above the limit is read.
 */
export async function openLocalFile(given: string, limit: SizeLimit, options: LookOptions = {}): Promise<LocalFile> {
  const path = resolve(given)
  const { handle, bytes } = await openRegularFile(path, limit).catch((thrown: unknown) => {
    throw renamed(thrown, path, given)
  })
  await using _closed = handle
  if (bytes === 0) throw invalidFile(given, 'it is empty')
  const buffer = Buffer.alloc(headBytes)
  const { bytesRead } = await handle.read(buffer, 0, headBytes, 0).catch((error: NodeJS.ErrnoException) => {
    throw invalidFile(given, `it cannot be read (${error.code ?? error.message})`, { cause: error })
  })
  const head = buffer.subarray(0, bytesRead)
  const extension = extname(options.name ?? given).toLowerCase()
  return { path, bytes, head, warning: inspectHead(head, given, { extension, encoding: options.encoding ?? null }) }
}

/** Faults name a file as the person did. */
function renamed(thrown: unknown, path: string, given: string): unknown {
  if (!(thrown instanceof ServiceError)) return thrown
  const { code, message, advice, cause } = thrown
  return new ServiceError(
    code,
    message.replace(path, () => given),
    {
      parameter: given,
      cause,
      ...(advice === undefined ? {} : { advice }),
    },
  )
}

interface Said {
  readonly extension: string
  readonly encoding: string | null
}

/** Throws where the content is not what the name says; returns a warning where it can be read with care. */
function inspectHead(head: Buffer, given: string, { extension, encoding }: Said): string | null {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (signedExtensions.has(extension) && !signature?.extensions.includes(extension)) {
    throw invalidFile(given, `its name says ${extension}, its content is ${signature?.kind ?? 'something else'}`)
  }
  if (!textExtensions.has(extension)) return null
  if (signature !== undefined) throw invalidFile(given, `its name says ${extension}, but it is ${signature.kind}`)
  if (encoding !== null) return null
  if (isMarkedUtf16(head)) return `${given} is UTF-16: read it with encoding="utf-16"`
  if (looksLikeUtf16(head)) {
    throw invalidFile(given, 'it looks like UTF-16 without a byte order mark', {
      advice: 'Say so with --data-option encoding=utf-16-le (or utf-16-be), or save it as UTF-8.',
    })
  }
  const controls = head.reduce((count, byte) => count + (byte < 32 && ![9, 10, 12, 13].includes(byte) ? 1 : 0), 0)
  if (head.includes(0) || controls > head.length / 100) {
    throw invalidFile(given, `its name says ${extension}, but it holds binary data`)
  }
  if (isUtf8(head)) return null
  return `${given} is not UTF-8, probably Windows-1252 or Latin-1: read it with encoding="cp1252"`
}

function isMarkedUtf16(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
}

/** Every second byte of plain letters is NUL. */
function looksLikeUtf16(head: Buffer): boolean {
  const zeros = [0, 1].map((start) => head.filter((byte, index) => byte === 0 && index % 2 === start).length)
  return Math.max(...zeros) > head.length / 4 && Math.min(...zeros) === 0
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

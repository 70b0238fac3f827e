import { extname } from 'node:path'
import { ServiceError } from '../core/errors.ts'

/** What files begin with that say so themselves: bytes in latin1, at an offset. */
const magic: readonly { readonly begins: string; readonly at?: number; readonly kind: FileKind }[] = [
  { begins: '\x89PNG\r\n\x1a\n', kind: 'a PNG picture' },
  { begins: '\xff\xd8\xff', kind: 'a JPEG picture' },
  { begins: 'GIF8', kind: 'a GIF picture' },
  { begins: 'WEBP', at: 8, kind: 'a WebP picture' },
  { begins: '%PDF-', kind: 'a PDF document' },
  { begins: 'PK\x03\x04', kind: 'a ZIP archive' },
  { begins: 'PK\x05\x06', kind: 'a ZIP archive' },
  { begins: 'PAR1', kind: 'a Parquet file' },
  { begins: 'ARROW1', kind: 'an Arrow file' },
  { begins: '\x1f\x8b', kind: 'a compressed file' },
  { begins: 'BZh', kind: 'a compressed file' },
  { begins: '\xfd7zXZ\x00', kind: 'a compressed file' },
  { begins: '(\xb5/\xfd', kind: 'a compressed file' },
  { begins: '\x7fELF', kind: 'a program' },
  { begins: 'MZ', kind: 'a program' },
  { begins: 'SQLite format 3\0', kind: 'a database of SQLite' },
  { begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', kind: 'a document of an old Office' },
]

type FileKind =
  | `a ${'PNG' | 'JPEG' | 'GIF' | 'WebP'} picture`
  | 'a PDF document'
  | 'a ZIP archive'
  | 'a Parquet file'
  | 'an Arrow file'
  | 'a compressed file'
  | 'a program'
  | 'a database of SQLite'
  | 'a document of an old Office'
  | 'text'
  | 'bytes'

/** By the ending of a name: what such a file is, and what it is called then. */
const endings: Readonly<Record<string, readonly [FileKind, string]>> = {
  '.csv': ['text', 'text/csv'],
  '.tsv': ['text', 'text/tab-separated-values'],
  '.tab': ['text', 'text/tab-separated-values'],
  '.txt': ['text', 'text/plain'],
  '.log': ['text', 'text/plain'],
  '.md': ['text', 'text/markdown'],
  '.json': ['text', 'application/json'],
  '.jsonl': ['text', 'application/jsonl'],
  '.ndjson': ['text', 'application/jsonl'],
  '.ipynb': ['text', 'application/x-ipynb+json'],
  '.xml': ['text', 'application/xml'],
  '.html': ['text', 'text/html'],
  '.htm': ['text', 'text/html'],
  '.svg': ['text', 'image/svg+xml'],
  '.py': ['text', 'text/x-python'],
  '.sql': ['text', 'application/sql'],
  '.yaml': ['text', 'application/yaml'],
  '.yml': ['text', 'application/yaml'],
  '.parquet': ['a Parquet file', 'application/vnd.apache.parquet'],
  '.pq': ['a Parquet file', 'application/vnd.apache.parquet'],
  '.arrow': ['an Arrow file', 'application/vnd.apache.arrow.file'],
  '.feather': ['an Arrow file', 'application/vnd.apache.arrow.file'],
  '.xlsx': ['a ZIP archive', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  '.xlsm': ['a ZIP archive', 'application/vnd.ms-excel.sheet.macroenabled.12'],
  '.zip': ['a ZIP archive', 'application/zip'],
  '.png': ['a PNG picture', 'image/png'],
  '.jpg': ['a JPEG picture', 'image/jpeg'],
  '.jpeg': ['a JPEG picture', 'image/jpeg'],
  '.gif': ['a GIF picture', 'image/gif'],
  '.webp': ['a WebP picture', 'image/webp'],
  '.pdf': ['a PDF document', 'application/pdf'],
}

/** Bytes that tell what a file is. */
export const sniffedBytes = 4_096

/**
 * The media type of a file, by the ending of its name and what it begins with. Throws `invalid-file` for one that is not what its name says: whoever
 * opens it by its name would find something else. What the sender says of its type counts for nothing.
 */
export function sniffFile(name: string, head: Buffer): string {
  const [expected, mediaType] = endings[extname(name).toLowerCase()] ?? [null, 'application/octet-stream']
  const found = kindOf(head)
  if (expected === null || expected === found) return mediaType
  // A file without a byte is an empty one of every kind of text.
  if (head.length === 0 && expected === 'text') return mediaType
  const is = head.length === 0 ? 'It is empty' : found === 'bytes' ? 'It is of another kind' : `It is ${found}`
  const message = `${JSON.stringify(name.slice(0, 100))} is not ${expected}, as its name says. ${is}.`
  throw new ServiceError('invalid-file', message, {
    parameter: 'file',
    advice: head.length === 0 ? 'Send one with content.' : 'Send it under the name that says what it is.',
  })
}

function kindOf(head: Buffer): FileKind {
  const text = head.toString('latin1')
  const known = magic.find(({ begins, at = 0 }) => text.startsWith(begins, at))
  if (known !== undefined) return known.kind
  const isUtf16 = text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff')
  return isUtf16 || !text.includes('\0') ? 'text' : 'bytes'
}

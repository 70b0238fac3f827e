import { pictureTypes, type PictureType } from '../../core/media.ts'

interface Signature {
  readonly at: number
  readonly text: string
  readonly type: string
}

/** The first bytes of what is sent as a picture, types that are read and types that are refused by their name. */
const signatures: readonly Signature[] = [
  { at: 0, text: '\x89PNG\r\n\x1a\n', type: 'image/png' },
  { at: 0, text: '\xff\xd8\xff', type: 'image/jpeg' },
  { at: 0, text: 'GIF87a', type: 'image/gif' },
  { at: 0, text: 'GIF89a', type: 'image/gif' },
  { at: 8, text: 'WEBP', type: 'image/webp' },
  { at: 0, text: 'BM', type: 'image/bmp' },
  { at: 0, text: 'II*\0', type: 'image/tiff' },
  { at: 0, text: 'MM\0*', type: 'image/tiff' },
  { at: 4, text: 'ftypavi', type: 'image/avif' },
  { at: 4, text: 'ftyp', type: 'image/heic' },
  { at: 0, text: '\0\0\x01\0', type: 'image/vnd.microsoft.icon' },
  { at: 0, text: '\xff\x0a', type: 'image/jxl' },
  { at: 0, text: '\0\0\0\x0cJXL ', type: 'image/jxl' },
  { at: 0, text: '8BPS', type: 'image/vnd.adobe.photoshop' },
  { at: 0, text: '%PDF', type: 'application/pdf' },
  { at: 0, text: 'PK\x03\x04', type: 'application/zip' },
]

const markupStart = /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!doctype|svg|html|script|[a-z])/i

/** Names that senders give to a type beside the registered one. */
const otherNames: Readonly<Record<string, PictureType>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
}

/** The type by the first bytes; null where they are none of a picture that has a name here. */
export function typeByBytes(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 128)
  const found = signatures.find(({ at, text }) => head.startsWith(text, at))
  if (found !== undefined && (found.type !== 'image/webp' || head.startsWith('RIFF'))) return found.type
  return markupStart.test(head) ? (head.toLowerCase().includes('<svg') ? 'image/svg+xml' : 'text/html') : null
}

export function isPictureType(type: string): type is PictureType {
  return pictureTypes.some((known) => known === type)
}

/** A declared type without its parameters, under its registered name. */
export function registeredType(declared: string): string {
  const bare = (declared.split(';')[0] ?? '').trim().toLowerCase()
  return otherNames[bare] ?? bare
}

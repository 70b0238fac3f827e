import { createHash } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'

/** One value of a form as it goes on. */
export interface SentPart {
  /** Without quotes, backslashes and control characters. */
  readonly name: string
  /** null for text/plain. */
  readonly type: string | null
  /** Ours, never a caller's; null for what is no file. */
  readonly fileName: string | null
  readonly bytes: Buffer
}

export interface WrittenForm {
  readonly contentType: string
  readonly bytes: Buffer
}

/**
 * A form in multipart/form-data, the same for the same parts. Its boundary is made of a digest of them, so that nobody can write
 * parts that hold it.
 */
export function writeMultipart(parts: readonly SentPart[]): WrittenForm {
  const digest = createHash('sha256')
  for (const { name, bytes } of parts) digest.update(`${name.length}:${name}:${bytes.length}:`).update(bytes)
  const boundary = `sallyport-${digest.digest('hex').slice(0, 40)}`
  if (parts.some(({ bytes }) => bytes.includes(boundary)))
    throw new ServiceError('internal', 'A boundary stands in a part.')
  const pieces = parts.flatMap(({ name, type, fileName, bytes }) => {
    const file = fileName === null ? '' : `; filename="${fileName}"`
    const typed = type === null ? '' : `Content-Type: ${type}\r\n`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${typed}\r\n`
    return [Buffer.from(head), bytes, Buffer.from('\r\n')]
  })
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

export function writeUrlEncoded(parts: readonly SentPart[]): WrittenForm {
  const pairs = parts.map(({ name, bytes }) => `${encodeURIComponent(name)}=${encodeURIComponent(bytes.toString())}`)
  return { contentType: 'application/x-www-form-urlencoded', bytes: Buffer.from(pairs.join('&')) }
}

/** The content of a file that is text, and the way back. */
export interface FileText {
  readonly text: string
  readonly encode: (text: string) => string
}

const textTypes =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|x-yaml|csv|x-ndjson|ndjson|jsonl|javascript|typescript|sql|toml|x-sh|x-python|rtf|graphql)(?:$|;))/i
const dataAddress = /^\s*data:([^,]*?)(;base64)?,/i

/** The text of a file; null for one that cannot be read as text: a picture, a sound, a PDF. */
export function fileTextOf(content: string, mediaType: string | null): FileText | null {
  const head = dataAddress.exec(content)
  if (head === null) return mediaType !== null && isText(mediaType) ? decodeBase64(content, '') : null
  const type = head[1] === undefined || head[1] === '' ? 'text/plain' : head[1]
  if (!isText(type)) return null
  const rest = content.slice(head[0].length)
  return head[2] === undefined ? decodePercent(rest, head[0]) : decodeBase64(rest, head[0])
}

/** What no text has. A text in two bytes a letter has them, and would be read by somebody else. */
const control = /[^\P{Cc}\s]/u

/** The same for base64 of which nobody says what it is: whatever reads as text is one, but for what says itself that it is none. */
export function untypedFileTextOf(content: string): FileText | null {
  const file = decodeBase64(content, '')
  return file === null || control.test(file.text) || file.text.startsWith('%PDF') ? null : file
}

const isText = (mediaType: string): boolean => textTypes.test(mediaType.trim())

function decodeBase64(encoded: string, prefix: string): FileText | null {
  const bytes = Buffer.from(encoded, 'base64')
  // What is no base64 all through would be read otherwise by somebody else.
  if (!/^[\w+/\s-]*={0,2}\s*$/.test(encoded)) return null
  const text = decodeUtf8(bytes)
  return text === null || text.includes('\0')
    ? null
    : { text, encode: (masked) => prefix + Buffer.from(masked).toString('base64') }
}

function decodePercent(encoded: string, prefix: string): FileText | null {
  try {
    return { text: decodeURIComponent(encoded), encode: (masked) => prefix + encodeURIComponent(masked) }
  } catch {
    return null
  }
}

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

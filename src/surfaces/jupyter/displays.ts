import type { AnswerArtifact } from '../../core/events.ts'
import type { JsonValue } from '../../core/json.ts'
import type { DisplayItem } from '../../core/result.ts'

/** What a program displayed, by media types. */
export type MimeBundle = Readonly<Record<string, JsonValue>>

/**
 * The most bytes of one display. The client of Open WebUI, as every one of the Python package `websockets` that sets nothing else, closes a connection
 * on a message of more than a mebibyte, and then nothing is seen at all.
 */
const mostBytes = 900_000

const mediaTypes = {
  text: 'text/plain',
  html: 'text/html',
  markdown: 'text/markdown',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  pdf: 'application/pdf',
  latex: 'text/latex',
  json: 'application/json',
} as const

/** The forms of what was displayed; of what is too large for a message its text, and a link to its picture. */
export function mimeBundle(item: DisplayItem, linkFor: (artifact: AnswerArtifact) => string | null): MimeBundle {
  const forms = Object.entries(mediaTypes).flatMap(([name, type]) => {
    const value = item[name as keyof typeof mediaTypes]
    return value === undefined ? [] : [[type, value] as const]
  })
  const whole: MimeBundle = Object.fromEntries(forms)
  if (bytesOf(whole) <= mostBytes) return 'text/plain' in whole ? whole : { ...whole, 'text/plain': '' }
  const kind = item.png === undefined ? 'jpeg' : 'png'
  const picture = item[kind]
  if (picture !== undefined) {
    const name = `figure.${kind === 'png' ? 'png' : 'jpg'}`
    const link = linkFor({ name, mediaType: `image/${kind}`, content: picture })
    const megabytes = ((picture.length * 3) / 4 / 1_000_000).toFixed(1)
    const where = link ?? 'it is too large for a link, too; draw it with fewer points or a lower dpi'
    return { 'text/plain': `The figure has ${megabytes} MB, more than this connection takes at once: ${where}` }
  }
  const text = item.text ?? ''
  return {
    'text/plain': bytesOf(text) <= mostBytes ? text : `${text.slice(0, mostBytes / 4)}\nSallyport cut this text.`,
  }
}

const bytesOf = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value))

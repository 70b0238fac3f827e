// Characters that change how others are seen, or that are not seen at all, in text that nobody vouches for.

/** Marks and overrides of direction, of which a name can be made that reads as another one. */
const directional = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
/** Control characters but tab and line ends: among them ESC, with which terminals are told what to do. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g
/** Seen by nobody: zero-width characters, tags, what separates lines only to programs. */
const invisible = /[\u00AD\u180E\u200B\u2028\u2029\u2060-\u2064\uFEFF\u{E0000}-\u{E007F}]/gu

/**
 * The text with such characters shown as what they are: ESC as ␛, an override of direction as ⟨U+202E⟩. Joiners stay, as
 * scripts and emoji need them.
 */
export function visibleText(text: string): string {
  return text
    .replace(controls, (character) => {
      const code = character.charCodeAt(0)
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : codeOf(character)
    })
    .replace(directional, codeOf)
    .replace(invisible, codeOf)
}

function codeOf(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** Characters of one cell that are shown; the whole value is in the file that can be saved. */
const longestCell = 2_000

/** A value of a table as text: null as nothing, objects as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return JSON.stringify(value)
}

/** The same as a cell shows it. */
export function cellText(value: unknown): string {
  const text = valueText(value)
  return visibleText(text.length > longestCell ? `${text.slice(0, longestCell)}…` : text)
}

import type { Variables } from '../../config/environment.ts'
import type { CheckedMedia } from '../../core/media.ts'

/** How a terminal is given pictures: kitty's graphics protocol, or iTerm2's inline images. */
export type PictureProtocol = 'kitty' | 'iterm'

/** What the terminal says of itself that it knows; null behind a multiplexer, which passes neither on as it came. */
export function pictureProtocol(variables: Variables): PictureProtocol | null {
  const { TERM: term = '', TERM_PROGRAM: program = '', LC_TERMINAL: behind = '' } = variables
  if (variables['TMUX'] || variables['STY'] || /^(?:tmux|screen)/.test(term)) return null
  if (variables['KITTY_WINDOW_ID'] || term === 'xterm-kitty' || term === 'xterm-ghostty' || program === 'ghostty') {
    return 'kitty'
  }
  return program === 'iTerm.app' || program === 'WezTerm' || behind === 'iTerm2' ? 'iterm' : null
}

/** Pixels of a picture that take one place of a line, about. */
const pixelsOfPlace = 8
/** Characters of base64 that kitty takes at a time. */
const longestPiece = 4_096

/**
 * The sequence that draws a picture as wide as it is, and no wider than a line; null for one that the protocol cannot be given. Only
 * base64 of our own stands in it. The terminal is asked not to answer: what it says would be read as typed.
 */
export function inlinePicture(
  { type, width, bytes }: Pick<CheckedMedia, 'type' | 'width' | 'bytes'>,
  { protocol, columns }: { readonly protocol: PictureProtocol; readonly columns: number },
): string | null {
  const places = Math.max(1, Math.min(columns, Math.ceil(width / pixelsOfPlace)))
  const data = Buffer.from(bytes).toString('base64')
  if (protocol === 'iterm') {
    return `\u001b]1337;File=inline=1;size=${bytes.byteLength};width=${places};preserveAspectRatio=1:${data}\u0007\n`
  }
  if (type !== 'image/png') return null
  const pieces = data.match(new RegExp(`.{1,${longestPiece}}`, 'g')) ?? []
  const sequences = pieces.map((piece, at) => {
    const first = at === 0 ? `a=T,f=100,q=2,c=${places},` : ''
    return `\u001b_G${first}m=${at < pieces.length - 1 ? 1 : 0};${piece}\u001b\\`
  })
  return `${sequences.join('')}\n`
}

import { describe, expect, it } from 'vitest'
import { inlinePicture, pictureProtocol } from '../../../../src/cli/output/inline-picture.ts'
import { verifies } from '../../../support/verifies.ts'

const escape = '\u001b'

describe('whether a terminal draws pictures', () => {
  it.each<[Readonly<Record<string, string>>, 'kitty' | 'iterm' | null]>([
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM: 'xterm-ghostty' }, 'kitty'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'iterm'],
    [{ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' }, 'iterm'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'iterm'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, null],
    [{ TERM: 'screen-256color', KITTY_WINDOW_ID: '1' }, null],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/tmux-0/default,1,0' }, null],
    [{}, null],
  ])('is told by %j', (variables, protocol) => {
    verifies('terminal.pictures')
    expect(pictureProtocol(variables)).toBe(protocol)
  })
})

describe('a picture on a line', () => {
  const bytes = Buffer.alloc(7_000, 'x')
  const png = { type: 'image/png', width: 640, bytes } as const

  it('comes in pieces of base64 that kitty takes, which is asked not to answer', () => {
    verifies('terminal.pictures')
    const drawn = inlinePicture(png, { protocol: 'kitty', columns: 60 }) ?? ''
    const sequence = new RegExp(`${escape}_G([^;]*);([A-Za-z0-9+/=]*)${escape}\\\\`, 'g')
    const pieces = [...drawn.matchAll(sequence)]
    expect(pieces.map(([, keys]) => keys)).toEqual(['a=T,f=100,q=2,c=60,m=1', 'm=1', 'm=0'])
    expect(pieces.every(([, , piece]) => (piece ?? '').length <= 4_096)).toBe(true)
    expect(Buffer.from(pieces.map(([, , piece]) => piece).join(''), 'base64').equals(bytes)).toBe(true)
    expect(drawn.replaceAll(sequence, '')).toBe('\n')
  })

  it('is as wide as it is where it fits, and of kitty of one type', () => {
    expect(inlinePicture({ ...png, width: 81 }, { protocol: 'kitty', columns: 60 })).toContain(',c=11,')
    expect(inlinePicture({ ...png, type: 'image/jpeg' }, { protocol: 'kitty', columns: 60 })).toBe(null)
  })

  it('comes whole to iTerm2', () => {
    verifies('terminal.pictures')
    const drawn = inlinePicture({ ...png, type: 'image/jpeg' }, { protocol: 'iterm', columns: 100 })
    const head = `${escape}]1337;File=inline=1;size=7000;width=80;preserveAspectRatio=1:`
    expect(drawn).toBe(`${head}${bytes.toString('base64')}\u0007\n`)
  })
})

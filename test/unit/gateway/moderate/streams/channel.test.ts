import { describe, expect, it } from 'vitest'
import { Channel, type HeldPiece } from '../../../../../src/gateway/moderate/streams/channel.ts'
import type { TextWindow } from '../../../../../src/filters/windows/windows.ts'

const node = { kind: 'string', start: 0, end: 0 } as unknown as HeldPiece['node']

/** A text that came in pieces, and in the pieces what is left of it where a word is replaced. */
function leftOf(pieces: readonly string[], word: string | null) {
  const channel = new Channel()
  const held: HeldPiece[] = []
  const decide = (windows: readonly TextWindow[]) => {
    for (const window of windows) {
      const at = word === null ? -1 : window.text.indexOf(word)
      const isHere = at >= 0 && at < window.to && at + (word?.length ?? 0) > window.from
      const span = { start: at, end: at + (word?.length ?? 0), category: 'toxicity/hate' }
      channel.decided(window, isHere ? [span] : [])
    }
  }
  for (const text of pieces) {
    const { piece, windows } = channel.push(node, text)
    held.push(piece)
    decide(windows)
  }
  const before = held.filter(({ isDecided }) => isDecided).length
  decide(channel.end())
  return { channel, before, held, left: held.map(({ left }) => left) }
}

const sentence = 'The tide turns at nine o’clock today. '

describe('a text of a stream that comes in pieces', () => {
  it('leaves in its pieces to the letter where nothing is replaced', () => {
    const pieces = [sentence.repeat(20), 'and', ' then', ' it is', ' over. ', sentence.repeat(20)]
    const { channel, left, held, before } = leftOf(pieces, null)
    expect(left).toEqual(pieces)
    expect(held.map(({ start }) => start)).toEqual([0, 760, 763, 768, 774, 781])
    expect(held.every(({ isDecided }) => isDecided)).toBe(true)
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(pieces.length)
    expect([channel.given, channel.left]).toEqual([pieces.join(''), pieces.join('')])
  })

  it('has what is left of a window that is changed in its first piece, and nothing in the others', () => {
    const { channel, left } = leftOf(['You scurvy', 'rogue', ' there.'], 'scurvyrogue')
    expect(left).toEqual(['You [withheld] there.', '', ''])
    expect(channel.left).toBe('You [withheld] there.')
    expect(channel.given).toBe('You scurvyrogue there.')
  })

  it('keeps what was decided before a window that is changed', () => {
    const pieces = [sentence.repeat(20), 'you scurvyrogue. ', sentence]
    const { left } = leftOf(pieces, 'scurvyrogue')
    expect(left.join('')).toBe(pieces.join('').replace('scurvyrogue', '[withheld]'))
    expect(left[0]?.startsWith(sentence.repeat(10))).toBe(true)
  })
})

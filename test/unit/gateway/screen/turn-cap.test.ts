import { describe, expect, it } from 'vitest'
import { TurnCap } from '../../../../src/gateway/screen/turn-cap.ts'

const note = '\n\n> The answer was cut after 1,000 characters (filters.maximum_turn_characters).\n'
const part = (characters: number) => 'x'.repeat(characters)

describe('a turn of the model', () => {
  it('may say exactly as much as the limit, and nothing is said of it', () => {
    const cap = new TurnCap(1_000)
    expect(cap.take(1, part(999))).toEqual({ text: part(999), note: null })
    expect(cap.take(1, 'y')).toEqual({ text: 'y', note: null })
    expect(cap.take(1, '')).toEqual({ text: '', note: null })
  })

  it('is cut beyond it, which is said once', () => {
    const cap = new TurnCap(1_000)
    expect(cap.take(1, part(1_001))).toEqual({ text: part(1_000), note })
    expect(cap.take(1, 'y')).toEqual({ text: '', note: null })
    expect(cap.finding()).toEqual({
      rule: 'filter/turn-cut',
      line: 1,
      column: 1,
      message: 'The answer was cut after 1,000 characters (filters.maximum_turn_characters).',
    })
  })

  it('has a limit of its own, and words of its own where that is reached', () => {
    const cap = new TurnCap(1_000)
    expect(cap.take(1, part(1_500))).toEqual({ text: part(1_000), note })
    expect(cap.take(2, part(600))).toEqual({ text: part(600), note: null })
    expect(cap.take(2, part(600))).toEqual({ text: part(400), note })
    expect(cap.take(2, 'y')).toEqual({ text: '', note: null })
  })

  it('is not cut inside of a character, and goes on with nothing', () => {
    const cap = new TurnCap(1_000)
    expect(cap.take(1, `${part(999)}😀`)).toEqual({ text: part(999), note })
    expect(cap.take(1, 'y')).toEqual({ text: '', note: null })
  })
})

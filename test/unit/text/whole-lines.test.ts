import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wholeLines } from '../../../src/text/whole-lines.ts'

describe('the whole lines at the beginning of a text', () => {
  it('are all of it where it is short enough', () => {
    expect(wholeLines('a\nb', 3)).toBe('a\nb')
    expect(wholeLines('a\nbc', 3)).toBe('a')
    expect(wholeLines('a\nb\nc', 3)).toBe('a\nb')
  })

  it('are nothing where the first line does not fit', () => {
    expect(wholeLines('kim.wexler@hamlin.example is the address', 12)).toBe('')
  })

  it('do not begin a key that they do not end', () => {
    const key = [
      '-----BEGIN PRIVATE KEY-----',
      'MIIEvQIBADANBgkq',
      'hkiG9w0BAQEFAASC',
      '-----END PRIVATE KEY-----',
    ].join('\n')
    expect(wholeLines(`id,key\n1,"${key}"\n2,none`, 60)).toBe('id,key')
    expect(wholeLines(`${key}\nmore`, key.length)).toBe(key)
    expect(wholeLines(`${key}\n${key}`, key.length + 40)).toBe(key)
    expect(wholeLines(key, 40)).toBe('')
  })

  it('are lines of the text, in order, and never more than asked for', () => {
    const lines = fc.array(fc.string({ maxLength: 20 }), { maxLength: 20 })
    fc.assert(
      fc.property(lines, fc.nat(100), (all, most) => {
        const text = all.join('\n')
        const kept = wholeLines(text, most)
        expect(kept.length).toBeLessThanOrEqual(most)
        if (kept !== '') expect(`${text}\n`.startsWith(`${kept}\n`)).toBe(true)
      }),
    )
  })
})

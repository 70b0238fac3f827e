import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAnswerIds } from '../../../../src/feedback/complaints/answer-ids.ts'

const keyOf = (byte: number): Buffer => Buffer.alloc(32, byte)
const now = () => Date.parse('2026-11-30T12:00:00.900Z')
const ids = createAnswerIds({ keys: [keyOf(1)], now })
const caller = { id: 'k1' }
const decision = 'dec-0f1e2d3c-4b5a-4968-8776-655443322110'

describe('the id of an answer', () => {
  it('says to whoever has the key which decision was made about it, and when it was given', () => {
    const id = ids.name(caller, decision)
    expect(id).toMatch(/^ans_[\w-]{50}$/)
    expect(ids.read(caller, id)).toEqual({ decision, given: new Date('2026-11-30T12:00:00.000Z') })
    expect(ids.read(caller, id.replace('ans_', 'chatcmpl-'))?.decision).toBe(decision)
  })

  it('is another one each time where no decision was made', () => {
    const [one, other] = [ids.name(caller, null), ids.name(caller, null)]
    expect(one).not.toBe(other)
    expect(ids.read(caller, one)).toMatchObject({ decision: null })
  })

  it.each([
    ['another caller', { id: 'k2' }],
    ['a person behind the key of the same application', { id: 'k1', endUser: 'ann' }],
    ['a caller whose id has the person in it', { id: '["k1",null]' }],
  ])('is none to %s', (_who, other) => {
    expect(ids.read(other, ids.name(caller, decision))).toBeNull()
  })

  it('is that of one person behind the key of an application, and of no other', () => {
    const id = ids.name({ id: 'k1', endUser: 'ann' }, decision)
    expect(ids.read({ id: 'k1', endUser: 'ann' }, id)?.decision).toBe(decision)
    expect(ids.read({ id: 'k1', endUser: 'bea' }, id)).toBeNull()
    expect(ids.read({ id: 'k1' }, id)).toBeNull()
  })

  it('is read by a key that has come behind the one that signed it, and by no other', () => {
    const id = ids.name(caller, decision)
    expect(createAnswerIds({ keys: [keyOf(2), keyOf(1)], now }).read(caller, id)?.decision).toBe(decision)
    expect(createAnswerIds({ keys: [keyOf(2)], now }).read(caller, id)).toBeNull()
  })

  it('is none with any bit of it changed, and in no other spelling', () => {
    const id = ids.name(caller, decision)
    const bytes = Buffer.from(id.slice(4), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(ids.read(caller, `ans_${changed.toString('base64url')}`)).toBeNull()
    }
    const last = id.at(-1) ?? ''
    const others = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_').filter(
      (each) => each !== last,
    )
    for (const other of others) expect(ids.read(caller, `${id.slice(0, -1)}${other}`)).toBeNull()
  })

  it('is nothing that anybody else writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String({ minLength: 48, maxLength: 52 })), (text) => {
        expect([ids.read(caller, text), ids.read(caller, `ans_${text}`)]).toEqual([null, null])
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { searchAudit } from '../../../../../src/surfaces/wire/admin/audit.ts'
import {
  draftFromParameters,
  draftToParameters,
  emptyAudit,
  fieldOf,
  linesBefore,
  pieceLines,
  readAudit,
  searchOf,
} from '../../../../../src/web/pages/operate/audit/audit-query.ts'
import { factLine, verdictText } from '../../../../../src/web/pages/operate/audit/facts.ts'
import { verifies } from '../../../../support/verifies.ts'

const line = (fact: Readonly<Record<string, never>> | object) => ({
  sequence: 1,
  time: '2026-11-30T20:00:00.000Z',
  fact: fact as Record<string, never>,
  previous: 'a',
  hash: 'b',
})

describe('the search in the trail', () => {
  it('asks for what is typed, and for nothing that is not', () => {
    const read = readAudit(
      { ...emptyAudit, event: ' admin-change ', since: '2026-11-30T01:00+02:00', order: 'oldest' },
      7,
    )
    expect(read).toEqual({
      query: { event: 'admin-change', since: '2026-11-29T23:00:00.000Z', order: 'oldest', after: 7, limit: pieceLines },
    })
    const newest = readAudit(emptyAudit, 7)
    expect(newest).toEqual({ query: { order: 'newest', before: 7, limit: pieceLines } })
    for (const each of [read, newest, readAudit(emptyAudit)])
      expect(searchAudit.query.safeParse('query' in each ? each.query : null).success).toBe(true)
  })

  it.each([
    { since: 'yesterday' },
    { since: '2026-11-30T20:00Z', until: '2026-11-30T19:00Z' },
    { since: '2026-11-30T20:00Z', until: '2026-11-30T20:00Z' },
  ])('says which times cannot be meant', (times) => {
    expect(readAudit({ ...emptyAudit, ...times })).toHaveProperty('fault')
  })

  it('stands in the address, and comes back from it', () => {
    const draft = { ...emptyAudit, principal: 'k1', until: '2026-11-30T20:00', order: 'oldest' as const }
    expect(draftToParameters(draft)).toEqual({ principal: 'k1', until: '2026-11-30T20:00', order: 'oldest' })
    expect(draftFromParameters(draftToParameters(draft))).toEqual(draft)
    expect(draftFromParameters({ event: 'x'.repeat(999) }).event).toHaveLength(200)
  })
})

describe('an address of the trail', () => {
  const now = Date.parse('2026-11-30T20:00:30Z')

  it('is of the last hour where it names nothing', () => {
    const { since, ...rest } = searchOf({}, now)
    expect(new Date(since).getTime()).toBe(Date.parse('2026-11-30T19:00:00Z'))
    expect(rest).toEqual({ event: '', request: '', principal: '', until: '', order: '' })
  })

  it('is of everything where somebody emptied every field', () => {
    expect(draftToParameters(emptyAudit)).toEqual({ all: '1' })
    expect(searchOf({ all: '1' }, now)).toEqual(emptyAudit)
  })

  it('is of what a caller did before they complained', () => {
    const { principal, since = '', until = '' } = linesBefore('k1', '2026-11-30T20:00:30Z')
    expect([principal, new Date(since).toISOString(), new Date(until).toISOString()]).toEqual([
      'k1',
      '2026-11-30T19:01:00.000Z',
      '2026-11-30T20:01:00.000Z',
    ])
  })

  it('has moments in the time of the browser', () => {
    expect(fieldOf(new Date(2026, 0, 2, 3, 4))).toBe('2026-01-02T03:04')
  })
})

describe('a line of the trail', () => {
  it('says first what came of it, in a line', () => {
    const fact = { group: 'default', rules: ['a', 'b'], event: 'refused', requestId: 'r1', principal: 'k1', code: 'x' }
    expect(factLine(line(fact))).toEqual({
      event: 'refused',
      request: 'r1',
      principal: 'k1',
      said: 'code: x · rules: a, b · group: default',
    })
  })

  it('is no longer than a line, whatever stands in it', () => {
    const fact = {
      event: 'a',
      long: 'x'.repeat(5_000),
      many: Array.from({ length: 60 }, (_, at) => at),
      deep: { a: 1 },
    }
    expect(factLine(line(fact)).said).toBe(`long: ${'x'.repeat(59)}… · many: 60 of them · deep: {…}`)
    const wide = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`member${at}`, 'value']))
    expect(factLine(line(wide)).said).toHaveLength(160)
    expect(factLine(line({})).event).toBe('unknown')
  })
})

describe('what a check of the chain says', () => {
  const intact = { verdict: 'intact', entries: 1_200, first: 1, last_hash: 'a' } as const

  it('is good only where a signature bears it out', () => {
    verifies('web.operate-chain')
    expect(verdictText({ ...intact, signatures: { checkpoints: 2, up_to: 1_100 } })).toEqual({
      tone: 'good',
      text: 'The chain is whole: 1,200 lines from number 1 on. 2 signed checkpoints bear it out up to number 1,100.',
      breaks: [],
    })
    expect(verdictText({ ...intact, signatures: null }).tone).toBe('warn')
    expect(verdictText({ ...intact, signatures: { checkpoints: 0, up_to: 0 } }).tone).toBe('warn')
  })

  it('names each place where it is broken', () => {
    const breaks = [{ file: 'audit.jsonl', line: 7, reason: 'was changed' }]
    expect(verdictText({ verdict: 'broken', breaks })).toEqual({
      tone: 'bad',
      text: 'The chain is broken in 1 places.',
      breaks: ['audit.jsonl, line 7: was changed'],
    })
  })
})

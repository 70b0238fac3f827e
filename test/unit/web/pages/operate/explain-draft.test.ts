import { describe, expect, it } from 'vitest'
import { strategies } from '../../../../../src/models/routing/options.ts'
import { explainRoute } from '../../../../../src/surfaces/wire/admin/routes.ts'
import { groupLimitText, limitRow, windowWords } from '../../../../../src/web/pages/operate/keys/limit-rows.ts'
import {
  askedText,
  exampleRequest,
  figureText,
  readExplain,
  skippedText,
} from '../../../../../src/web/pages/operate/models/explain-draft.ts'
import { sectionOf, sections } from '../../../../../src/web/pages/operate/sections.ts'

const draft = { body: exampleRequest('gpt-5'), principal: '', group: '', person: '' }

describe('the question where a request would go', () => {
  it('is a body that the route takes', () => {
    const read = readExplain({ ...draft, principal: ' k1 ' })
    expect(read).toEqual({ body: { body: draft.body, principal: 'k1' } })
    expect(explainRoute.body.safeParse('body' in read ? read.body : null).success).toBe(true)
  })

  it.each([
    ['body', { body: '{' }],
    ['body', { body: '[]' }],
    ['body', { body: 'null' }],
    ['principal', { principal: 'no id' }],
  ])('says what has to be typed otherwise: %s', (field, change) => {
    expect(readExplain({ ...draft, ...change })).toMatchObject({ field })
  })

  it('is answered in words for every strategy that there is', () => {
    expect(strategies.filter((strategy) => askedText(strategy) === strategy)).toEqual([])
    expect([skippedText('needs-pictures'), skippedText('else')]).toEqual([
      'it cannot do what the request needs: pictures',
      'else',
    ])
  })

  it('says a figure in the unit of the strategy', () => {
    expect([figureText('cost', 412), figureText('latency', 1_500), figureText('least-busy', 3)]).toEqual([
      '0.000412',
      '1.5 s',
      '3',
    ])
    expect(figureText('order', null)).toBe('–')
  })
})

describe('limits', () => {
  const limit = {
    per: 'key',
    unit: 'tokens',
    window: 'day',
    most: 1_000,
    used: 600,
    held: 150,
    left: 250,
    next_at: null,
  } as const

  it('count what is held by requests that run as filled', () => {
    expect(limitRow(limit)).toMatchObject({ name: 'tokens in a day, for each key', filled: 0.75, share: '75 %' })
  })

  it('are never filled above the whole, and a limit of nothing is full', () => {
    expect([limitRow({ ...limit, used: 5_000 }).filled, limitRow({ ...limit, most: 0 }).filled]).toEqual([1, 1])
  })

  it('of a group say how much, how often, and for whom', () => {
    expect(groupLimitText({ per: 'user', unit: 'money', most: 2_000_000, every: 'day' })).toBe(
      '2.00 money every day, for each user',
    )
    expect(groupLimitText({ per: 'key', unit: 'runs', most: 4, every: null })).toBe('4 runs at a time, for each key')
  })

  it('say how a window slides, and what counts at a time', () => {
    expect(['60s', 'hour', 'running'].map(windowWords)).toEqual(['in any 60 s', 'in an hour', 'at a time'])
  })
})

describe('the pages for operators', () => {
  it('have a name each, and open with the overview where a path names none', () => {
    expect(new Set(sections.map(({ name }) => name)).size).toBe(sections.length)
    expect([sectionOf('keys'), sectionOf(undefined), sectionOf('nothing')]).toEqual(['keys', 'overview', 'overview'])
  })
})

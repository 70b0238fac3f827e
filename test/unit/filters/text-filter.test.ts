import { describe, expect, it } from 'vitest'
import type { FilterPart } from '../../../src/filters/filter.ts'
import { createTextFilter, type Match, type Scan } from '../../../src/filters/text-filter.ts'
import { never } from '../../support/filters/filter-fixtures.ts'

const context = { direction: 'outbound', group: 'default', executedSql: ['SELECT 1'] } as const
const part = (text: string, extra: Partial<FilterPart> = {}): FilterPart => ({ text, provenance: 'model', ...extra })

const usual = { minimumLength: 2, category: (_text: string) => 'seen/it', score: (_text: string) => 0.5 }

/** A filter that finds each "x7", with the texts that it was given to read. */
function seeker(options: Partial<typeof usual> = {}) {
  const { minimumLength, category, score } = { ...usual, ...options }
  const read: string[] = []
  const scan: Scan = (text) => {
    read.push(text)
    return [...text.matchAll(/x7/g)].map(({ index }): Match => ({
      start: index,
      end: index + 2,
      category: category(text),
      score: score(text),
    }))
  }
  const filter = createTextFilter({
    name: 'seeker@1',
    onFailure: 'open',
    minimumLength,
    mayHold: ({ digits }, text, { executedSql }) => digits > 0 && text !== 'not 7 me' && executedSql.length > 0,
    scan,
  })
  return { filter, read }
}

describe('a detector that reads texts', () => {
  it('says what it found in which part, where, and by whom', async () => {
    const { filter } = seeker()
    expect([filter.name, filter.onFailure]).toEqual(['seeker@1', 'open'])
    expect(await filter.inspect([part('none'), part('a x7 and x7')], context, never)).toEqual([
      { part: 1, start: 2, end: 4, category: 'seen/it', score: 0.5, detector: 'seeker@1' },
      { part: 1, start: 9, end: 11, category: 'seen/it', score: 0.5, detector: 'seeker@1' },
    ])
  })

  it('reads only what is long enough and could hold something', async () => {
    const { filter, read } = seeker({ minimumLength: 4 })
    await filter.inspect([part('x7!'), part('x7!!'), part('no digit'), part('not 7 me')], context, never)
    expect(read).toEqual(['x7!!'])
    await filter.inspect([part('x7!!')], { ...context, executedSql: [] }, never)
    expect(read).toEqual(['x7!!'])
  })

  it('reads every reading of a text, and says what is found in several of them once, as surely as it is', async () => {
    const { filter, read } = seeker({ score: (text) => (text.includes('**') ? 0.4 : 0.6) })
    const findings = await filter.inspect([part('**bold** x7')], context, never)
    expect(read).toEqual(['**bold** x7', 'bold x7'])
    expect(findings).toEqual([{ part: 0, start: 9, end: 11, category: 'seen/it', score: 0.6, detector: 'seeker@1' }])
    const other = seeker({ score: (text) => (text.includes('**') ? 0.6 : 0.4) })
    expect(await other.filter.inspect([part('**bold** x7')], context, never)).toMatchObject([{ score: 0.6 }])
    const twice = seeker({ category: (text) => (text.includes('**') ? 'seen/marked' : 'seen/it') })
    expect((await twice.filter.inspect([part('**bold** x7')], context, never)).map(({ category }) => category)).toEqual(
      ['seen/marked', 'seen/it'],
    )
  })

  it('gives what the text says of it: its place in a reading, and whether that is wanted', async () => {
    const wanted: boolean[] = []
    const filter = createTextFilter({
      name: 'asker@1',
      onFailure: 'closed',
      minimumLength: 1,
      mayHold: () => true,
      scan: (_text, { isWanted, part: { label }, context: { group } }) => {
        expect([label, group]).toEqual(['column', 'default'])
        wanted.push(isWanted(0, 4), isWanted(4, 8), isWanted(8, 12))
        return []
      },
    })
    await filter.inspect([part('0123456789ab', { label: 'column' })], context, never)
    await filter.inspect([part('0123456789ab', { label: 'column', focus: { start: 4, end: 8 } })], context, never)
    expect(wanted).toEqual([true, true, true, false, true, false])
  })

  it('reads a part the same way for each detector', async () => {
    const one = part('a **x7** b')
    const [first, second] = [seeker(), seeker()]
    await first.filter.inspect([one], context, never)
    await second.filter.inspect([one], context, never)
    expect(second.read).toEqual(first.read)
  })

  it('stops for its signal', async () => {
    const stop = new AbortController()
    const { filter, read } = seeker()
    stop.abort(new Error('enough'))
    await expect(filter.inspect([part('x7')], context, stop.signal)).rejects.toThrow('enough')
    expect(read).toEqual([])
    const later = new AbortController()
    const aborting = createTextFilter({
      name: 'aborting@1',
      onFailure: 'closed',
      minimumLength: 1,
      mayHold: () => true,
      scan: (text) => {
        read.push(text)
        later.abort(new Error('later'))
        return []
      },
    })
    const parts = Array.from({ length: 600 }, (_, index) => part(`x${index}`))
    await expect(aborting.inspect(parts, context, later.signal)).rejects.toThrow('later')
    expect(read.length).toBeLessThan(300)
  })

  it('reports more findings of one text than a call takes arguments', async () => {
    const { filter } = seeker()
    const text = 'x7 '.repeat(300_000)
    expect(await filter.inspect([part(text)], context, never)).toHaveLength(300_000)
  })
})

import { describe, expect, it } from 'vitest'
import { leakOptions } from '../../../../src/filters/leak/options.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { createContent } from '../../../../src/filters/pipeline/content.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'

describe('the settings of leakage', () => {
  it('look for nothing by themselves', () => {
    expect(leakOptions.parse({})).toEqual({ canaries: [], names: [] })
  })

  it.each(['short', 'aaaaaaaaaaaaaaaa', '1111-1111-1111'])('refuse a canary that says too little: %s', (canary) => {
    const { error } = leakOptions.safeParse({ canaries: [canary] })
    expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
      [
        ['canaries', 0],
        'must have 8 letters and digits of ASCII that differ from the one before; sixteen random ones are good',
      ],
    ])
  })

  it('reach the detector, which a profile with a rule for leakage asks and another one does not', async () => {
    const options = filtersOptions.parse({
      content: { leak: { canaries: ['kestrel-7Q2m9XvT41'], names: ['cust_mstr_01'] } },
      profiles: { strict: { outbound: { leak: { action: 'annotate' } } }, lax: {} },
    })
    const { pipeline, profiles } = createContent(options)
    const text = 'k e s t r e l - 7 Q 2 m 9 X v T 4 1 and cust_mstr_01'
    const verdictOf = async (name: string) => {
      const profile = profiles.get(name)
      if (profile === undefined) throw new Error(name)
      const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
      return pipeline.inspect([{ text, provenance: 'model' }], { profile, context }, never)
    }
    const strict = await verdictOf('strict')
    expect([strict.action, strict.decisions.map(({ category }) => category).toSorted()]).toEqual([
      'annotate',
      ['leak/canary', 'leak/name'],
    ])
    expect(strict.detectors['leak']).toBe('1')
    const lax = await verdictOf('lax')
    expect([lax.action, lax.decisions, lax.detectors['leak']]).toEqual(['allow', [], undefined])
  })
})

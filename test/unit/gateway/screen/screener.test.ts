import { describe, expect, it } from 'vitest'
import { createFilterChain } from '../../../../src/filters/chain.ts'
import type { Filter, FilterContext, FilterPart } from '../../../../src/filters/filter.ts'
import { profileSchema, type FilterDecision, type FilterProfile } from '../../../../src/filters/profile.ts'
import { createScreener } from '../../../../src/gateway/screen/screener.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'

const email = 'anna.berg@example.com'
const sentence = `Write to ${email} about the orders of the second quarter, please. `

interface Seen {
  readonly parts: FilterPart[]
  readonly contexts: FilterContext[]
}

/** Finds every `<<category>>` wherever it stands, also beyond the stretch that is decided on. */
function markFilter(seen: Seen): Filter {
  return {
    name: 'marks',
    onFailure: 'closed',
    inspect: async (parts, context) => {
      seen.parts.push(...parts)
      seen.contexts.push(context)
      return parts.flatMap(({ text }, part) =>
        [...text.matchAll(/<<([a-z/]+)>>/g)].map(({ 0: found, 1: category = '', index: start }) => ({
          part,
          start,
          end: start + found.length,
          category,
          score: 1,
          detector: 'marks@1',
        })),
      )
    },
  }
}

function marked({
  profile = profileSchema.parse({}),
  hiddenSql = null,
}: { readonly profile?: FilterProfile; readonly hiddenSql?: readonly string[] | null } = {}) {
  const seen: Seen = { parts: [], contexts: [] }
  const decisions: FilterDecision[] = []
  const screener = createScreener({
    chain: createFilterChain({ filters: [markFilter(seen)], deadlineMilliseconds: 60_000 }),
    profile,
    direction: 'outbound',
    group: 'finance',
    hiddenSql: () => hiddenSql,
    limits,
    onDecisions: (some) => decisions.push(...some),
  })
  return { screener, seen, decisions }
}

const filling = 'The orders of the second quarter grew in every country that we sell to. '

describe('a value of a long text', () => {
  it('is decided on once, in whichever windows it can be read', async () => {
    const { screener, decisions } = marked()
    const text = `${filling.repeat(4)}<<pii/email>> ${filling.repeat(4)}`
    expect(await screener.text(text, 'model', never)).toBe(text.replace('<<pii/email>>', '[email]'))
    expect(decisions).toHaveLength(1)
    expect(screener.takeFindings()).toMatchObject([{ message: '1 value was replaced by [email].' }])
  })

  it.each([1, 7, 40])('is counted and reported as often as it is there: %i times', async (count) => {
    const decisions: FilterDecision[] = []
    const screener = testScreener({ hiddenSql: null, decisions })
    const text = await screener.text(sentence.repeat(count), 'model', never)
    expect(text).toBe(sentence.replace(email, '[email]').repeat(count))
    expect(decisions).toHaveLength(count)
    expect(screener.takeFindings()[0]?.message).toMatch(new RegExp(`^${count} values? w`))
  })

  it('is named once where it goes on through many windows, in one of several texts', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\n'.repeat(5_000)}-----END PRIVATE KEY-----`
    const parts = ['One. ', 'Two. '].map((text) => ({ text: `${text}${key}\n\nEnd.`, provenance: 'tool' as const }))
    const left = await testScreener({ hiddenSql: null }).texts(parts, never)
    expect(left).toEqual(['One. [secret]\n\nEnd.', 'Two. [secret]\n\nEnd.'])
  })

  it('stands at the line and column that are said', async () => {
    const screener = testScreener({ hiddenSql: null })
    await screener.text(`one\ntwo ${email}`, 'model', never)
    expect(screener.takeFindings()).toMatchObject([{ line: 2, column: 5 }])
    await screener.text(email, 'model', never)
    expect(screener.takeFindings()).toMatchObject([{ line: 1, column: 1 }])
  })
})

describe('many texts', () => {
  it('are each masked in their place, over as many batches as they need', async () => {
    const texts = Array.from({ length: 3_000 }, (_, index) => (index % 3 === 0 ? 'fine' : `${index} <<pii/card>> x`))
    const long = `${filling}<<secret/key>>\n`.repeat(1_200)
    const parts = [...texts, long, 'last <<pii/ssn>>'].map((text) => ({ text, provenance: 'row' as const }))
    const masked = await marked().screener.texts(parts, never)
    expect(masked).toEqual(
      parts.map(({ text }) =>
        text
          .replaceAll('<<pii/card>>', '[card]')
          .replaceAll('<<secret/key>>', '[secret]')
          .replace('<<pii/ssn>>', '[ssn]'),
      ),
    )
  })

  it('give other callers their turn, harmless ones too', async () => {
    for (const isInert of [true, false]) {
      const chain = { ...createFilterChain({ filters: [], deadlineMilliseconds: 60_000 }), isInert: () => isInert }
      let counted = 0
      const counting = createScreener({
        chain: { ...chain, turn: async () => void (counted += 1) },
        profile: profileSchema.parse({}),
        direction: 'outbound',
        group: 'finance',
        hiddenSql: () => null,
        limits,
      })
      const parts = Array.from({ length: 1_000 }, () => ({ text: 'x'.repeat(1_000), provenance: 'row' as const }))
      await counting.texts(parts, never)
      expect(counted).toBeGreaterThan(20)
    }
  })

  it.each([undefined, 'markdown', 'html'] as const)(
    'of form %s that are long are proved harmless stretch by stretch, each as it stands, but no HTML',
    async (form) => {
      const proved: string[] = []
      const looked: string[] = []
      const texts = ['one', 'two'].map((name) =>
        Array.from({ length: 400 }, (_, index) => `${name} ${index} of many words that are said in it. `).join(''),
      )
      const filters: Filter[] = [
        {
          name: 'looks',
          onFailure: 'closed',
          inspect: async (parts) => {
            looked.push(...parts.map(({ text }) => text))
            return []
          },
        },
      ]
      const isInert = (text: string) => {
        proved.push(text)
        return !texts.includes(text) && !text.includes(' 77 ')
      }
      const screener = createScreener({
        chain: createFilterChain({ filters, deadlineMilliseconds: 60_000, isInert }),
        profile: profileSchema.parse({}),
        direction: 'outbound',
        group: 'finance',
        hiddenSql: () => null,
        limits,
      })
      const parts = texts.map((text) => ({
        text,
        provenance: 'tool' as const,
        ...(form === undefined ? {} : { form }),
      }))
      expect(await screener.texts(parts, never)).toEqual(texts)
      const stretches = proved.filter((text) => !texts.includes(text))
      if (form === 'html') {
        expect(stretches).toEqual([])
        expect(looked.length).toBeGreaterThan(100)
        return
      }
      // A stretch is of one text, without a gap, and no part of a text is in none.
      for (const stretch of stretches) expect(texts.some((text) => text.includes(stretch))).toBe(true)
      for (let index = 0; index < 400; index += 1)
        for (const name of ['one', 'two'])
          expect(stretches.some((stretch) => stretch.includes(`${name} ${index} of many words`))).toBe(true)
      expect(Math.max(...stretches.map(({ length }) => length))).toBeLessThanOrEqual(1_024)
      expect(stretches.length).toBeLessThan(100)
      // Only what stands in a stretch that could hold something was looked at.
      expect(looked.length).toBeGreaterThanOrEqual(2)
      expect(looked.length).toBeLessThan(20)
    },
  )

  it('are not worked through for a caller who has left', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    const parts = Array.from({ length: 100 }, () => ({ text: 'harmless '.repeat(100), provenance: 'row' as const }))
    await expect(testScreener({ hiddenSql: null }).texts(parts, gone)).rejects.toThrow('gone')
    await expect(testScreener().texts(parts, gone)).rejects.toThrow('gone')
    await expect(testScreener().text(email, 'row', gone)).rejects.toThrow('gone')
  })
})

describe('a detector', () => {
  it('gets who speaks, the column, the form, what stands beside it, the group and the hidden SQL', async () => {
    const { screener, seen } = marked({ hiddenSql: ['SELECT 1'] })
    const part = { text: 'a', provenance: 'row', label: 'phone', form: 'html', siblings: ['b'] } as const
    await screener.texts([part, { text: 'plain', provenance: 'tool' }], never)
    expect(seen.parts).toEqual([
      { ...part, focus: { start: 0, end: 1 } },
      { text: 'plain', provenance: 'tool', focus: { start: 0, end: 5 } },
    ])
    expect(seen.contexts).toEqual([
      { direction: 'outbound', group: 'finance', executedSql: ['SELECT 1'], anySql: true },
    ])
  })

  it('gets the word that SQL may be shown', async () => {
    const { screener, seen } = marked()
    await screener.text('a', 'row', never)
    expect(seen.contexts).toMatchObject([{ executedSql: [], anySql: false }])
  })
})

describe('a profile', () => {
  it('that blocks names every category once, in order, and not the value', async () => {
    const profile = profileSchema.parse({ outbound: { pii: { action: 'block' }, secret: { action: 'block' } } })
    const { screener, decisions } = marked({ profile })
    const blocked = screener.text('<<secret/key>> <<pii/email>> <<link/html>>', 'model', never)
    await expect(blocked).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: it holds pii/email, secret/key.',
      advice: 'Ask without it, or ask the operator to change the filter profile of your group.',
    })
    // What is blocked is reported too.
    expect(decisions.map(({ effective }) => effective)).toEqual(['block', 'block', 'mask'])
  })

  it('that would have the model asked once more withholds the text where nobody asks it', async () => {
    const profile = profileSchema.parse({ outbound: { pii: { action: 'regenerate' } } })
    const { screener } = marked({ profile })
    await expect(screener.text('<<pii/email>>', 'model', never)).rejects.toMatchObject({ code: 'refused' })
  })

  it('that notes leaves the text and no finding, and says what passed', async () => {
    const profile = profileSchema.parse({ outbound: { pii: { action: 'annotate' } } })
    const { screener } = marked({ profile })
    expect(await screener.text('<<pii/email>>', 'model', never)).toBe('<<pii/email>>')
    expect([...screener.annotated]).toEqual(['pii/email'])
    expect(screener.takeFindings()).toEqual([])
  })

  it('that allows notes nothing, and the decision is reported', async () => {
    const profile = profileSchema.parse({ outbound: { pii: { action: 'allow' } } })
    const { screener, decisions } = marked({ profile })
    expect(await screener.text('<<pii/email>>', 'model', never)).toBe('<<pii/email>>')
    expect([[...screener.annotated], screener.takeFindings(), decisions.length]).toEqual([[], [], 1])
  })

  it('is left aside for categories that are kept', async () => {
    const { screener, decisions } = marked()
    const keep = (category: string) => category === 'pii/email'
    const parts = [{ text: '<<pii/email>> <<pii/card>>', provenance: 'model' as const }]
    expect(await screener.texts(parts, never, keep)).toEqual(['<<pii/email>> [card]'])
    expect(decisions.map(({ category }) => category)).toEqual(['pii/card'])
  })
})

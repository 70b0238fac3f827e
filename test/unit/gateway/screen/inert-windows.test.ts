import { describe, expect, it } from 'vitest'
import type { FilterChain } from '../../../../src/filters/chain.ts'
import { defaultProfile, type FilterDecision } from '../../../../src/filters/profile.ts'
import { windowsOf } from '../../../../src/filters/windows/windows.ts'
import { createScreener } from '../../../../src/gateway/screen/screener.ts'
import { disguisedText } from '../../../support/filters/disguised-texts.ts'
import { chain, limits, never } from '../../../support/filters/filter-fixtures.ts'
import { createRandom } from '../../../support/random.ts'

const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
const lines = [
  '2024-05-03 12:33:45,120 INFO the worker took 12 jobs in 30 ms\n',
  '| Germany | 3012 | 12.5 % |\n',
  '{"id": 1234, "name": "Berta", "price": 12.50}\n',
  '<tr><td>12</td><td>Emil</td></tr>\n',
  '- **revenue** grew, see the table\n',
  '12345,Emil,Netherlands,2024-05-03,123.45,deadbe12\n',
  '8123 4455 661 90 7788 30211\n',
  'Revenue grew by twelve percent in Germany. ',
]

/** Ordinary lines, with a disguised value among them now and then. */
function texts(count: number, seed: number): string[] {
  const random = createRandom(seed)
  const line = () => lines[Math.floor(random() * lines.length)] ?? ''
  return Array.from({ length: count }, () => {
    const kind = line()
    const parts = Array.from({ length: 150 }, () =>
      random() < 0.94 ? kind : random() < 0.5 ? line() : disguisedText(random).text,
    )
    return parts.join('')
  })
}

function screener(of: FilterChain, decisions: FilterDecision[], hiddenSql: readonly string[] | null = null) {
  return createScreener({
    chain: of,
    profile: defaultProfile,
    direction: 'outbound',
    group: 'default',
    hiddenSql: () => hiddenSql,
    limits,
    onDecisions: (some) => decisions.push(...some),
  })
}

const inOrder = (decisions: readonly FilterDecision[]) =>
  decisions.map(({ start, end, category, score }) => `${category} ${start} ${end} ${score}`).sort()

describe('windows of a long text that are inert', () => {
  it.each([undefined, 'markdown', 'html'] as const)('change nothing of what leaves (form: %s)', async (form) => {
    const shared = { provenance: 'tool' as const, ...(form === undefined ? {} : { form }) }
    const parts = texts(10, 20_264).map((text) => Object.assign({ text }, shared))
    const decided: FilterDecision[] = []
    const all: FilterDecision[] = []
    let looked = 0
    const counting: FilterChain = {
      ...chain,
      decide: (some, policy, signal) => {
        looked += some.length
        return chain.decide(some, policy, signal)
      },
    }
    const left = await screener(counting, decided).texts(parts, never)
    expect(left).toEqual(await screener({ ...chain, isInert: () => false }, all).texts(parts, never))
    expect(inOrder(decided)).toEqual(inOrder(all))
    expect(all.length).toBeGreaterThan(50)
    const windows = parts.reduce((sum, { text }) => sum + [...windowsOf(text)].length, 0)
    if (form !== 'html') expect(looked).toBeLessThan(windows * 0.9)
  })

  it('are looked at in HTML, where an attribute may stand far from its tag', async () => {
    const words = 'revenue grew in Germany\n'.repeat(60)
    const html = `<div title="${words}" onclick=run(1) lang="${words}">a</div>`
    const [left = ''] = await screener(chain, []).texts([{ text: html, provenance: 'tool', form: 'html' }], never)
    expect(left).not.toContain('onclick=run')
  })

  it('are looked at where SQL is hidden', async () => {
    const statement = 'select country, sum of revenue from orders where country is Germany'
    const prose = 'It grew in Germany.\n'.repeat(60)
    const part = { text: `${prose}${statement}\n${prose}`, provenance: 'model' as const }
    const [left] = await screener(chain, [], [statement]).texts([part], never)
    expect(left).not.toContain('sum of revenue')
  })
})

describe('a detector', () => {
  it('leaves nothing unsaid of what touches the stretch that is decided on', async () => {
    let found = 0
    for (const text of texts(10, 20_265)) {
      const windows = [...windowsOf(text)]
      const decide = (focused: boolean) =>
        chain.decide(
          windows.map(({ text: part, from, to }) => ({
            text: part,
            provenance: 'tool' as const,
            ...(focused ? { focus: { start: from, end: to } } : {}),
          })),
          { profile: defaultProfile, context },
          never,
        )
      const touching = (decisions: readonly FilterDecision[]) =>
        decisions
          .filter(({ part, start, end }) => start < (windows[part]?.to ?? 0) && end > (windows[part]?.from ?? 0))
          .map(({ part, start, end, category, score }) => `${part} ${category} ${start} ${end} ${score}`)
          .sort()
      const whole = touching(await decide(false))
      found += whole.length
      expect(touching(await decide(true))).toEqual(whole)
    }
    expect(found).toBeGreaterThan(50)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDecide } from '../../../../src/gateway/privacy/detect.ts'
import { createDetectorsFor } from '../../../../src/gateway/privacy/detectors.ts'
import { explainBody, type ExplainedFinding } from '../../../../src/gateway/privacy/explain-body.ts'
import { defaultPrivacyProfile, privacyOptions } from '../../../../src/gateway/privacy/options.ts'
import { positionsOf } from '../../../../src/gateway/privacy/positions/api-positions.ts'
import { maskForTest, spellings } from '../../../support/privacy/private-calls.ts'

const { chain } = createDetectorsFor(privacyOptions.parse({}))(defaultPrivacyProfile)
const rules = { 'pii/iban': { action: 'allow' }, 'pii/phone': { action: 'annotate' } }
const { default: profile } = privacyOptions.parse({ profiles: { default: { rules } } }).profiles

const parts = fc.constantFrom(
  'kim.wexler@hamlin.example',
  'kim.wexler',
  '+1 415 555 2671',
  '4111 1111 1111 1111',
  'My SSN is 536228145.',
  '536228145',
  'DE89 3704 0044 0532 0130 00',
  'EMAIL_B1C2D3F4G5',
  ' and ',
  '\n',
  '"',
  '{"a": "a.b@c.example"}',
)
const texts = fc.array(parts, { maxLength: 6 }).map((chosen) => chosen.join(' '))
const bodies = fc.tuple(fc.array(texts, { minLength: 1, maxLength: 3 }), texts).map(([turns, name]) => ({
  messages: turns.map((content) => ({ role: 'user', content })),
  metadata: { note: JSON.stringify({ [name]: `is ${name}` }) },
}))

/** How many stretches of each position are masked: those that overlap or touch are one. */
function maskedIn(findings: readonly ExplainedFinding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  let last = { position: '', text: '', end: 0 }
  for (const { action, position, text, start, end } of findings) {
    if (action !== 'mask') continue
    const isSame = last.position === position && last.text === text && start <= last.end && start > 0
    if (!isSame) counts[position] = (counts[position] ?? 0) + 1
    last = { position, text, end: isSame ? Math.max(last.end, end) : end }
  }
  return counts
}

describe('what is explained', () => {
  it.each(['mask', 'leave'] as const)('is what is masked, in every place, late finds: %s', async (lateFinds) => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        if (profile === undefined) throw new Error('there is a default profile')
        const { masked } = await maskForTest('chat-completions', body, { profile: { rules }, lateFinds })
        const decide = createDecide({ chain, profile, group: 'default' })
        const { findings } = await explainBody(
          JSON.stringify(body),
          positionsOf['chat-completions'],
          { decide, level: 'all', spellings, lateFinds, shownAs: (position) => position },
          AbortSignal.timeout(20_000),
        )
        const places = Map.groupBy(masked.replaced, ({ path }) => path)
        const replaced = Object.fromEntries([...places].map(([path, values]) => [path, values.length]))
        expect(maskedIn(findings)).toEqual(replaced)
      }),
      { numRuns: 300 },
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FilterAction, FilterDecision } from '../../../../../src/filters/profile.ts'
import { createDecide, type DecideOnTexts } from '../../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import {
  explainBody,
  type ExplainedFinding,
  type ExplainOptions,
} from '../../../../../src/gateway/privacy/mask/explain-body.ts'
import { defaultPrivacyProfile, privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import { maskForTest, spellings } from '../../../../support/privacy/private-calls.ts'
import { propertyRuns } from '../../../../support/property-runs.ts'

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

describe('a finding', () => {
  const explained = async (body: object, more: Partial<ExplainOptions> = {}) => {
    if (profile === undefined) throw new Error('there is a default profile')
    return explainBody(
      JSON.stringify(body),
      positionsOf['chat-completions'],
      {
        decide: createDecide({ chain, profile, group: 'default' }),
        level: 'all',
        spellings,
        lateFinds: 'mask',
        shownAs: (position) => `<${position}>`,
        ...more,
      },
      AbortSignal.timeout(60_000),
    )
  }
  const email = 'kim.wexler@hamlin.example'
  /** A name of a person at the beginning of a text. */
  const found = (part: number, effective: FilterAction = 'mask', enforced = true): FilterDecision => ({
    part,
    start: 0,
    end: 3,
    category: 'pii/person',
    score: 0.9,
    detector: 'd@1',
    direction: 'inbound',
    profileVersion: 1,
    decided: enforced ? effective : 'mask',
    effective,
    enforced,
  })
  const rows = async (...given: Parameters<typeof explained>) =>
    (await explained(...given)).findings.map(({ text, start, end, kind, detector, action, why }) => {
      return [text.slice(start, end), kind, detector.replace(/@.*/, ''), action, why]
    })

  it('says where it stands, what it is, and who has seen it how surely', async () => {
    const { findings } = await explained({ messages: [{ content: `to ${email}` }] })
    expect(findings).toEqual([
      {
        position: '<messages[0].content>',
        text: `to ${email}`,
        start: 3,
        end: 3 + email.length,
        kind: 'pii/email',
        score: expect.any(Number),
        detector: expect.stringMatching(/@/),
        action: 'mask',
        why: null,
      },
    ])
  })

  it('says why it is left', async () => {
    const left = async (content: string, more?: Partial<ExplainOptions>) =>
      (await rows({ messages: [{ content }] }, more)).map(([value, , , action, why]) => [value, action, why])
    const iban = 'DE89 3704 0044 0532 0130 00'
    expect(await left(iban)).toEqual([[iban, 'allow', 'allowed, or its score is below the threshold']])
    expect(await left('+1 415 555 2671')).toEqual([['+1 415 555 2671', 'annotate', null]])
    expect(await left(email, { level: 'none' })).toEqual([[email, 'allow', 'masking: none']])
    const person: DecideOnTexts = async (parts) =>
      parts.flatMap(({ text }, part) => (text === 'Kim' ? [found(part)] : []))
    const shadow: DecideOnTexts = async (parts, signal) =>
      (await person(parts, signal)).map(({ part }) => found(part, 'allow', false))
    expect(await left('Kim', { decide: person })).toEqual([['Kim', 'mask', null]])
    expect(await left('Kim', { decide: person, level: 'structured' })).toEqual([
      ['Kim', 'allow', 'masking: structured'],
    ])
    expect(await left('Kim', { decide: shadow })).toEqual([['Kim', 'allow', 'mode: shadow (would mask)']])
    expect(
      (await rows({ tool_choice: { a: 'Kim' } }, { decide: person })).map(([, , , action, why]) => [action, why]),
    ).toEqual([['allow', 'it is a name that programs compare']])
  })

  it('is there for a value that was seen elsewhere, and for what has the form of a token', async () => {
    const messages = [{ content: 'The number 536228145, EMAIL_B1C2D3F4G5' }, { content: 'My SSN is 536228145.' }]
    const own = ['536228145', 'pii/ssn', 'pii-patterns', 'mask', null]
    const again = ['536228145', 'pii/ssn', 'seen-elsewhere', 'mask', null]
    const token = ['EMAIL_B1C2D3F4G5', 'literal', 'form-of-a-token', 'mask', null]
    const kept = (all: Awaited<ReturnType<typeof rows>>) => all.filter(([, , , action]) => action === 'mask')
    expect(kept(await rows({ messages }))).toEqual([again, token, own])
    expect(kept(await rows({ messages }, { lateFinds: 'leave' }))).toEqual([token, own])
    const later = { messages: messages.toReversed() }
    expect(kept(await rows(later, { lateFinds: 'leave' }))).toEqual([own, again, token])
    expect(kept(await rows({ messages }, { level: 'none' }))).toEqual([])
    expect((await explained({ messages })).findings.map(({ score }) => score)).toContain(null)
  })

  it('is there for a value that was left here and is masked elsewhere', async () => {
    const decide: DecideOnTexts = async (parts) =>
      parts.flatMap(({ text }, part) => {
        const start = text.indexOf('Kim')
        return start < 0 ? [] : [{ ...found(part, start > 0 ? 'mask' : 'allow'), start, end: start + 3 }]
      })
    const messages = [{ content: 'I am Kim' }, { content: 'Kim?' }]
    expect((await rows({ messages }, { decide })).map(([, , detector, action]) => [detector, action])).toEqual([
      ['d', 'mask'],
      ['d', 'allow'],
      ['seen-elsewhere', 'mask'],
    ])
  })

  it('is there once where a longer finding holds it and a shorter one begins within that', async () => {
    const decide: DecideOnTexts = async (parts) =>
      parts.flatMap(({ text }, part) =>
        text === 'Kim'
          ? [found(part)]
          : [
              { ...found(part), end: 20 },
              { ...found(part), start: 4, end: 6 },
            ],
      )
    const messages = [{ content: 'Kim' }, { content: 'Dr. A. of Kim and all, Kim' }]
    const seen = (await explained({ messages }, { decide })).findings.filter(
      ({ detector }) => detector === 'seen-elsewhere',
    )
    expect(seen.map(({ start, end }) => [start, end])).toEqual([[23, 26]])
  })

  it('is none of what is not read, of which pictures are named', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    const city = { web_search_options: { user_location: { city: 'Bonn' } } }
    const { findings, unread } = await explained({ messages: [{ content: [picture] }], ...city })
    expect([findings, unread]).toEqual([[], ['messages[0].content[0].image_url.url']])
  })
})

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
          AbortSignal.timeout(60_000),
        )
        const places = Map.groupBy(masked.replaced, ({ path }) => path)
        const replaced = Object.fromEntries([...places].map(([path, values]) => [path, values.length]))
        expect(maskedIn(findings)).toEqual(replaced)
      }),
      { numRuns: propertyRuns(300) },
    )
  })
})

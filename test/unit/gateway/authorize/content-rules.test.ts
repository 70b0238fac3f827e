import { describe, expect, it } from 'vitest'
import type { PolicyNotice } from '../../../../src/core/facts.ts'
import type { FilterPart } from '../../../../src/filters/filter.ts'
import type { ContentVerdict } from '../../../../src/filters/pipeline/pipeline.ts'
import type { FilterAction, FilterDecision } from '../../../../src/filters/profile.ts'
import { createAskDecided } from '../../../../src/gateway/authorize/ask.ts'
import { createContentRules, type AboutContent } from '../../../../src/gateway/authorize/content-rules.ts'
import { createDecide, type Decide } from '../../../../src/gateway/authorize/decide.ts'
import type { DecisionInput } from '../../../../src/gateway/authorize/decisions.ts'
import { openWasmEngine } from '../../../../src/gateway/authorize/wasm-engine.ts'
import { shippedRulesOver } from '../../../support/policy/bundles.ts'
import { verifies } from '../../../support/verifies.ts'

const parts: FilterPart[] = [
  { text: 'you fool', provenance: 'user' },
  { text: 'and more', provenance: 'user' },
  { text: 'x', provenance: 'user' },
]

const about: AboutContent = {
  principal: { id: 'k1', kind: 'api-key', group: 'public' },
  channel: 'http',
  requestId: 'r1',
  direction: 'inbound',
  api: 'chat-completions',
  model: 'small',
}

const decision = (category: string, score: number, effective: FilterAction, start = 0): FilterDecision => ({
  part: 0, start, end: start + 3, category, score, detector: 'lexicon@3', direction: 'inbound', profileVersion: 4,
  decided: effective, enforced: true, effective,
}) // prettier-ignore

const verdictOf = (action: FilterAction, ...decisions: FilterDecision[]): ContentVerdict => ({
  action,
  decisions,
  failures: [{ detector: 'guard', categories: ['guard'], onFailure: 'open', why: 'deadline' }],
  detectors: { lexicon: '3', guard: '1' },
  profile: { name: 'public', version: 4 },
})

async function decide(contents: object, verdict: ContentVerdict, more: Partial<AboutContent> = {}) {
  const engine = await openWasmEngine(shippedRulesOver({ contents }, 'r9'), 'test')
  const notices: PolicyNotice[] = []
  const inputs: DecisionInput<'content'>[] = []
  const ask = createAskDecided({
    decide: createDecide({ engine: async () => engine, deadlineMilliseconds: 10_000 }),
    timeZone: 'UTC',
    onDecision: (notice) => notices.push(notice),
    record: (_name, input) => inputs.push(input as DecisionInput<'content'>),
  })
  const decided = await createContentRules(ask)(verdict, parts, { ...about, ...more })
  return { decided, notices, inputs }
}

describe('rules about content', () => {
  it('that say nothing leave what the profile came to, with both versions', async () => {
    verifies('content.versions')
    const verdict = verdictOf('mask', decision('toxicity/hate', 0.8, 'mask'))
    const { decided } = await decide({}, verdict)
    expect(decided).toEqual({ ...verdict, reason: null, rules: [], revision: 'r9' })
  })

  it('see what was found by category and detector, how long the texts are, and none of them', async () => {
    const verdict = verdictOf(
      'mask',
      decision('toxicity/hate', 0.6, 'mask'),
      decision('toxicity/hate', 0.8, 'annotate', 5),
      decision('pii/email', 0.9, 'allow'),
    )
    const { inputs, notices } = await decide({}, verdict)
    expect(inputs.map(({ content }) => content)).toEqual([
      {
        direction: 'inbound',
        shape: { api: 'chat-completions', model: 'small', parts: 3, characters: 17, longest: 8 },
        action: 'mask',
        findings: [
          { category: 'pii/email', detector: 'lexicon', score: 0.9, count: 1, action: 'allow' },
          { category: 'toxicity/hate', detector: 'lexicon', score: 0.8, count: 2, action: 'mask' },
        ],
        failures: [{ detector: 'guard', categories: ['guard'], on_failure: 'open', why: 'deadline' }],
        detectors: { lexicon: '3', guard: '1' },
        profile: { name: 'public', version: 4 },
      },
    ])
    expect(notices).toMatchObject([{ decision: 'content', requestId: 'r1', allowed: true, revision: 'r9' }])
  })

  it('can block, with their reason', async () => {
    const contents = { rude: { categories: ['toxicity'], least_score: 0.7, refuse: 'Be kind.' } }
    const found = await decide(contents, verdictOf('annotate', decision('toxicity/hate', 0.7, 'annotate')))
    expect(found.decided).toMatchObject({
      action: 'block',
      reason: 'Be kind.',
      rules: ['content/rude'],
      revision: 'r9',
    })
    const less = await decide(contents, verdictOf('annotate', decision('toxicity/hate', 0.6, 'annotate')))
    expect(less.decided).toMatchObject({ action: 'annotate', reason: null, rules: [] })
  })

  it('can want more, of what they are about', async () => {
    const contents = { rude: { categories: ['toxicity'], least_score: 0.5, at_least: 'mask', reason: 'Rude.' } }
    const verdict = verdictOf(
      'annotate',
      decision('toxicity/hate', 0.7, 'annotate'),
      decision('toxicity/hate', 0.4, 'allow', 4),
      decision('pii/email', 0.9, 'annotate'),
    )
    const { decided } = await decide(contents, verdict)
    expect(decided).toMatchObject({ action: 'mask', reason: 'Rude.', rules: ['content/rude'] })
    expect(decided.decisions.map(({ effective }) => effective)).toEqual(['mask', 'allow', 'annotate'])
    expect(verdict.decisions[0]?.effective).toBe('annotate')
  })

  it.each(['annotate', 'mask', 'human'] as const)('never want less than the profile: %s', async (action) => {
    verifies('content.rules-tighten')
    const directions = ['inbound']
    const { decided } = await decide(
      { less: { directions, at_least: action, reason: 'Less.' } },
      verdictOf('block', decision('toxicity/hate', 0.9, 'block')),
    )
    expect(decided).toMatchObject({ action: 'block', reason: null, rules: ['content/less'] })
    expect(decided.decisions[0]?.effective).toBe('block')
  })

  it('that are written wrong block everything', async () => {
    const { decided } = await decide({ x: { refuse: 'No.', group: ['staff'] } }, verdictOf('allow'))
    expect(decided).toMatchObject({ action: 'block', rules: ['content/malformed', 'content/x'] })
  })
})

const answering = (tighten: object): Decide =>
  (async () => ({
    name: 'content',
    kind: 'decision',
    revision: 'r1',
    milliseconds: 1,
    output: { allow: true, rules: ['a'], tighten: [{ rule: 'a', reason: 'x', ...tighten }] },
  })) as unknown as Decide

describe('a rule of an operator', () => {
  it.each([
    ['human', 'inbound', 'human'],
    ['human', 'outbound', 'block'],
    ['regenerate', 'outbound', 'regenerate'],
    ['regenerate', 'inbound', 'block'],
  ] as const)('that wants %s of what is %s gets %s', async (action, direction, most) => {
    const ask = createAskDecided({ decide: answering({ action }), timeZone: 'UTC', onDecision: () => undefined })
    const verdict = verdictOf('allow', decision('toxicity/hate', 0.5, 'allow'))
    expect(await createContentRules(ask)(verdict, parts, { ...about, direction })).toMatchObject({
      action: most,
      reason: 'x',
      decisions: [{ effective: most }],
    })
  })

  it('that gives no decision lets nothing pass', async () => {
    const fault: Decide = async (name) =>
      ({ name, kind: 'fault', revision: null, milliseconds: 1, fault: 'it was late', cause: null }) as const
    const ask = createAskDecided({ decide: fault, timeZone: 'UTC', onDecision: () => undefined })
    await expect(createContentRules(ask)(verdictOf('allow'), parts, about)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

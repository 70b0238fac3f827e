import { describe, expect, it } from 'vitest'
import { AnswerSoFar } from '../../src/filters/answer-so-far.ts'
import type { FilterContext, FilterPart } from '../../src/filters/filter.ts'
import type { NamedProfile } from '../../src/filters/pipeline/named-profiles.ts'
import type { ContentPipeline } from '../../src/filters/pipeline/pipeline.ts'
import type { ProfileRule } from '../../src/filters/profile.ts'
import { verifies } from '../support/verifies.ts'
import { never } from '../support/filters/filter-fixtures.ts'

/** Detectors that every pipeline of the suite has: those of this service, and a webhook at each of two addresses. */
export interface ContractPipeline {
  readonly pipeline: ContentPipeline
  /** Has the webhooks answer with status 500 until it is disposed. */
  readonly breakWebhooks: () => Disposable
}

const rule = (given: Partial<ProfileRule>): ProfileRule => ({
  threshold: 0.5,
  action: 'block',
  mode: 'enforce',
  ...given,
})

const profileOf = (rules: Partial<Pick<NamedProfile, 'inbound' | 'outbound'>>): NamedProfile => ({
  name: 'contract',
  version: 7,
  inbound: {},
  outbound: {},
  ...rules,
})

const ofUser = (text: string): FilterPart => ({ text, provenance: 'user' })
const inbound: FilterContext = { direction: 'inbound', group: 'staff', executedSql: [] }
const outbound: FilterContext = { direction: 'outbound', group: 'staff', executedSql: [] }
const threat = 'I will hurt you'

/** What every way to look at content answers, wherever it is done. */
export function contentPipelineContract(name: string, open: () => ContractPipeline): void {
  describe(`content pipeline: ${name}`, () => {
    const inspect = (parts: readonly FilterPart[], profile: NamedProfile, context = inbound, signal = never) =>
      open().pipeline.inspect(parts, { profile, context }, signal)

    it('lets pass what holds nothing, and says who looked and by which profile', async () => {
      verifies('filter-service.same-contract')
      const verdict = await inspect([ofUser('Good morning')], profileOf({ inbound: { 'guard/threat': rule({}) } }))
      expect(verdict).toMatchObject({ action: 'allow', decisions: [], failures: [] })
      expect(verdict.profile).toEqual({ name: 'contract', version: 7 })
      expect(verdict.detectors).toMatchObject({ own: '1', other: '1', 'pii-patterns': '1' })
    })

    it('counts places in UTF-16 units of the part they are in', async () => {
      const pii = profileOf({ inbound: { pii: rule({ action: 'mask' }) } })
      const parts = [ofUser('nothing'), ofUser('\u{1F600} mail anna@example.com, please')]
      const verdict = await inspect(parts, pii)
      expect(verdict.action).toBe('mask')
      expect(verdict.decisions).toMatchObject([
        {
          part: 1,
          start: 8,
          end: 24,
          category: 'pii/email',
          direction: 'inbound',
          profileVersion: 7,
          decided: 'mask',
          enforced: true,
          effective: 'mask',
        },
      ])
      expect(verdict.decisions[0]?.score).toBeCloseTo(0.95, 2)
    })

    it('blocks by what another program found', async () => {
      const verdict = await inspect([ofUser(threat)], profileOf({ inbound: { 'guard/threat': rule({}) } }))
      expect(verdict.action).toBe('block')
      expect(verdict.decisions[0]).toMatchObject({ category: 'guard/threat', start: 7, end: 11, score: 0.8 })
    })

    it('reports in shadow mode, and does nothing', async () => {
      const shadow = profileOf({ inbound: { 'guard/threat': rule({ mode: 'shadow' }) } })
      const verdict = await inspect([ofUser(threat)], shadow)
      expect(verdict.action).toBe('allow')
      expect(verdict.decisions.map(({ decided, effective }) => [decided, effective])).toEqual([
        ['block', 'allow'],
        ['block', 'allow'],
      ])
    })

    it('takes together what several say, and names them', async () => {
      const both = profileOf({ inbound: { 'guard/threat': rule({ combine: 'quorum', quorum: 2 }) } })
      const verdict = await inspect([ofUser(threat)], both)
      expect(verdict.action).toBe('block')
      expect([...(verdict.decisions[0]?.voters ?? [])].sort()).toEqual(['other', 'own'])
      const alone = profileOf({
        inbound: { 'guard/threat': rule({ combine: 'quorum', quorum: 1, detectors: { own: 1 } }) },
      })
      expect((await inspect([ofUser(threat)], alone)).decisions.map(({ detector }) => detector)).toEqual(['own@1'])
    })

    it('calibrates a score, and tells the raw one', async () => {
      const pii = profileOf({ inbound: { pii: rule({ threshold: 0.45, action: 'mask' }) } })
      const [decision] = (await inspect([ofUser('card 4111 1111 1111 1111')], pii)).decisions
      expect(decision).toMatchObject({ category: 'pii/card', effective: 'mask' })
      expect(decision?.score).toBeCloseTo((decision?.rawScore ?? 0) / 2, 6)
    })

    it('hears of the SQL that was run, and of what a text stands in', async () => {
      const executedSql = ['SELECT country, count(*) FROM customers WHERE city = 1 GROUP BY country ORDER BY 2']
      const leak = profileOf({ outbound: { 'sql-leak': rule({ action: 'regenerate' }) } })
      const parts: FilterPart[] = [{ text: `I ran ${executedSql[0]}`, provenance: 'model' }]
      expect((await inspect(parts, leak, { ...outbound, executedSql })).action).toBe('regenerate')
      const pii = profileOf({ inbound: { pii: rule({ action: 'mask' }) } })
      const compared: FilterPart = { text: 'anna@example.com', provenance: 'row', label: 'email', form: 'markdown' }
      expect((await inspect([compared], pii)).action).toBe('mask')
    })

    it('adds up what is split over the pieces of one answer', async () => {
      const prompt =
        'You are Ferdinand, who plans the routes of the northern ferries. Never tell a passenger that the second engine of the Aurora is being repaired until April.'
      const words = prompt.split(' ')
      const pieces = [0, 7, 14, 21].map((at) => words.slice(at, at + 7).join(' '))
      const leak = profileOf({ outbound: { leak: rule({}) } })
      const actionsOf = async (more: Pick<FilterContext, 'answer'>) => {
        const actions: string[] = []
        for (const text of pieces) {
          const context = { ...outbound, systemPrompts: [prompt], ...more }
          actions.push((await inspect([{ text, provenance: 'model' }], leak, context)).action)
        }
        return actions
      }
      expect(await actionsOf({ answer: new AnswerSoFar() })).toEqual(['allow', 'block', 'block', 'block'])
      // Of another answer nothing was seen.
      expect(await actionsOf({ answer: new AnswerSoFar() })).toEqual(['allow', 'block', 'block', 'block'])
      expect(await actionsOf({})).toEqual(['allow', 'allow', 'allow', 'allow'])
    })

    it('looks at as many texts as a call may have, and through those that are long', async () => {
      const pii = profileOf({ inbound: { pii: rule({ action: 'mask' }) } })
      const short = Array.from({ length: 30_000 }, (_, number) => ofUser(`row ${number}`))
      const long = ofUser(`${'Nothing of note. '.repeat(20_000)}Mail anna@example.com.`)
      const { action, decisions } = await inspect([...short, long], pii)
      expect([action, decisions.map(({ part }) => part)]).toEqual(['mask', [30_000]])
    })

    it('blocks where a detector that must answer does not, and goes on where it need not', async () => {
      using _ = open().breakWebhooks()
      const closed = await inspect([ofUser(threat)], profileOf({ inbound: { 'guard/threat': rule({}) } }))
      expect(closed.action).toBe('block')
      expect(closed.failures[0]).toMatchObject({ categories: ['guard/threat'], onFailure: 'closed', why: 'fault' })
      const open_ = profileOf({ inbound: { 'guard/threat': rule({ on_failure: 'open' }) } })
      const going = await inspect([ofUser(threat)], open_)
      expect(going.action).toBe('allow')
      expect(going.failures.map(({ detector, onFailure }) => `${detector} ${onFailure}`).sort()).toEqual([
        'other open',
        'own open',
      ])
    })

    it('rejects with the reason of its signal', async () => {
      const reason = new Error('the caller has gone')
      const profile = profileOf({ inbound: { 'guard/threat': rule({}) } })
      await expect(inspect([ofUser(threat)], profile, inbound, AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it('knows of which profiles there is nothing to ask', () => {
      const { pipeline } = open()
      const allow = rule({ action: 'allow' })
      const nothing = profileOf({ inbound: { pii: allow, secret: allow, 'sql-leak': allow, link: allow } })
      expect(pipeline.applies(nothing, 'inbound')).toBe(false)
      expect(pipeline.applies(nothing, 'outbound')).toBe(true)
    })
  })
}

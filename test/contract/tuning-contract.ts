import { describe, expect, it } from 'vitest'
import type { Complaints } from '../../src/core/complaints.ts'
import type { KeptDecision, RecordedDecisions, ScorePage } from '../../src/core/recorded-decisions.ts'
import type { EvaluationSets, Labels, Proposals, Rollouts, RolloutCounts, RolloutStage } from '../../src/core/tuning.ts'
import {
  aComplaint,
  aDecision,
  aLabel,
  aProposal,
  aRollout,
  aScore,
  aSet,
  noon,
  place,
} from '../support/feedback/stored-examples.ts'
import type { Clocks } from './storage-contract.ts'

/** The ports of what is tuned, as one process has them. */
export interface TuningPorts {
  readonly recordedDecisions: RecordedDecisions
  readonly complaints: Complaints
  readonly labels: Labels
  readonly evaluationSets: EvaluationSets
  readonly proposals: Proposals
  readonly rollouts: Rollouts
}

export interface TuningUnderTest {
  /** Opens the one storage of a test as another process would. */
  readonly open: (clocks?: Clocks) => Promise<TuningPorts>
}

const always = { place, since: null, until: null } as const
const openSignal = new AbortController().signal

async function pagesOf(ports: TuningPorts, range: Parameters<RecordedDecisions['pages']>[0]): Promise<ScorePage[]> {
  const pages: ScorePage[] = []
  for await (const page of ports.recordedDecisions.pages(range, openSignal)) pages.push(page)
  return pages
}

const kept = (index: number, own: Parameters<typeof aDecision>[1] = {}): KeptDecision => ({
  decision: aDecision(index, own),
  sample: null,
})

const none = { withheld: 0, changed: 0, near: 0, passed: 0 } as const

/** What whoever keeps what is tuned holds to. `underTest` gives an empty one, for each test anew. */
export function tuningContract(underTest: () => Promise<TuningUnderTest>): void {
  const opened = async (clocks?: Clocks) => (await underTest()).open(clocks)

  describe('for recorded decisions', () => {
    it('keeps each as it is, with its text beside it, and what is there already as it was', async () => {
      const { recordedDecisions } = await opened()
      const [first, second] = [
        aDecision(1, { conversation: 'conv_1', canary: 'rol_1', scores: [aScore('toxicity', 0.9), aScore('pii', 0)] }),
        aDecision(2, { scores: [] }),
      ]
      const sample = { wrappedKey: 'old:1', sealed: 'sealed' }
      await recordedDecisions.keep([
        { decision: first, sample },
        { decision: second, sample: null },
      ])
      await recordedDecisions.keep([{ decision: { ...first, action: 'allow', scores: [] }, sample: null }])
      expect(await recordedDecisions.find(first.id)).toEqual(first)
      expect(await recordedDecisions.find(second.id)).toEqual(second)
      expect(await recordedDecisions.sample(first.id)).toEqual({ id: first.id, ...sample })
      expect([await recordedDecisions.sample(second.id), await recordedDecisions.find('dec-none')]).toEqual([
        null,
        null,
      ])
      await recordedDecisions.keep([])
    })

    it('keeps a batch whole or not at all', async () => {
      const { recordedDecisions } = await opened()
      const twice = kept(2, { scores: [aScore('toxicity', 0.1), aScore('toxicity', 0.2)] })
      await expect(recordedDecisions.keep([kept(1), twice])).rejects.toBeInstanceOf(Error)
      expect(await recordedDecisions.find(kept(1).decision.id)).toBeNull()
    })

    it('reads the scores of a place in the order in which they were made, within a range', async () => {
      const ports = await opened()
      const scored = (index: number, score: number, own: Parameters<typeof aDecision>[1] = {}) =>
        kept(index, { scores: [aScore('toxicity', score), aScore('pii', 0.5)], weight: index + 1, ...own })
      await ports.recordedDecisions.keep([
        scored(3, 0.3, { stratum: 'near' }),
        scored(1, 0.1, {
          scores: [aScore('toxicity', 0.1, { effective: 'annotate', isBound: true, detectors: 'a@1 b@2' })],
        }),
        scored(2, 0.2),
        scored(4, 0.4, { group: 'other' }),
        scored(5, 0.5, { direction: 'inbound' }),
      ])
      const [page, ...more] = await pagesOf(ports, always)
      expect(more).toEqual([])
      expect(page).toEqual({
        ids: [1, 2, 3].map((index) => aDecision(index).id),
        scores: Float64Array.of(0.1, 0.2, 0.3),
        weights: Float64Array.of(2, 3, 4),
        acted: Uint8Array.of(0, 1, 1),
        bounds: Uint8Array.of(1, 0, 0),
        strata: ['withheld', 'withheld', 'near'],
        detectors: ['a@1 b@2', 'words@1', 'words@1'],
        made: Float64Array.of(noon + 1_000, noon + 2_000, noon + 3_000),
      })
      const range = { place, since: aDecision(2).made, until: aDecision(3).made }
      expect((await pagesOf(ports, range)).flatMap(({ ids }) => ids)).toEqual([aDecision(2).id])
      expect(await pagesOf(ports, { ...always, place: { ...place, rule: 'never' } })).toEqual([])
    })

    it('reads each of many once, while others write, and stops where the signal says so', async () => {
      const ports = await opened()
      const few = { scores: [aScore('toxicity', 0.25)] }
      const all = Array.from({ length: 20_500 }, (_, index) => kept(index, few))
      for (let at = 0; at < all.length; at += 5_000) await ports.recordedDecisions.keep(all.slice(at, at + 5_000))
      const seen: string[] = []
      const sizes: number[] = []
      for await (const { ids } of ports.recordedDecisions.pages(always, openSignal)) {
        if (sizes.length === 0) await ports.recordedDecisions.keep([kept(30_000, few)])
        seen.push(...ids)
        sizes.push(ids.length)
      }
      expect(sizes.every((size) => size <= 10_000)).toBe(true)
      expect(seen).toEqual([...all, kept(30_000)].map(({ decision: { id } }) => id))
      const ending = new AbortController()
      const read = async () => {
        for await (const _ of ports.recordedDecisions.pages(always, ending.signal)) ending.abort()
      }
      await expect(read()).rejects.toMatchObject({ name: 'AbortError' })
    })

    it('draws of each stratum as many as are asked for, the same for a seed, without what has a label', async () => {
      const ports = await opened()
      const strata = ['withheld', 'passed'] as const
      const all = Array.from({ length: 400 }, (_, index) => kept(index, { stratum: strata[index % 2] ?? 'passed' }))
      await ports.recordedDecisions.keep(all)
      const draw = async (seed: number, most: object) =>
        (await ports.recordedDecisions.draw(always, { ...none, ...most }, seed)).map(
          ({ id, stratum }) => `${stratum} ${id}`,
        )
      const first = await draw(1, { withheld: 10, passed: 5, near: 5 })
      expect(first.filter((each) => each.startsWith('withheld'))).toHaveLength(10)
      expect(first.filter((each) => each.startsWith('passed'))).toHaveLength(5)
      expect(await draw(1, { withheld: 10, passed: 5, near: 5 })).toEqual(first)
      const others = await Promise.all([2, 3, 4].map((seed) => draw(seed, { withheld: 10, passed: 5, near: 5 })))
      for (const other of others) expect(other.toSorted()).not.toEqual(first.toSorted())
      expect(await draw(9, { withheld: 500 })).toHaveLength(200)
      const ids = first.map((each) => each.split(' ')[1] ?? '')
      const [sure = '', unsure = '', rest = ''] = ids
      await ports.labels.keep(aLabel(1, { decision: sure, truth: 'harmless' }))
      await ports.labels.keep(aLabel(2, { decision: unsure, truth: 'harmless' }))
      await ports.labels.keep(aLabel(3, { decision: unsure, truth: 'unsure' }))
      await ports.labels.keep(aLabel(4, { decision: rest, rule: 'pii', truth: 'harmless' }))
      const left = await draw(1, { withheld: 200, passed: 200 })
      expect(left).toHaveLength(399)
      expect(left.some((each) => each.endsWith(sure))).toBe(false)
    })

    it('draws evenly', async () => {
      const ports = await opened()
      await ports.recordedDecisions.keep(Array.from({ length: 60 }, (_, index) => kept(index)))
      const drawn = new Map<string, number>()
      for (let seed = 0; seed < 60; seed += 1) {
        for (const { id } of await ports.recordedDecisions.draw(always, { ...none, withheld: 20 }, seed)) {
          drawn.set(id, (drawn.get(id) ?? 0) + 1)
        }
      }
      // Each is expected 20 times of 60.
      expect(drawn.size).toBe(60)
      const most = Math.max(...drawn.values())
      expect(most).toBeLessThan(45)
    })

    it('counts by day what a rule acted on, weighted', async () => {
      const ports = await opened()
      const at = (index: number, day: number, weight: number, effective: string) =>
        kept(index, {
          made: new Date(noon + day * 86_400_000).toISOString(),
          weight,
          scores: [aScore('toxicity', 0.5, { effective })],
        })
      await ports.recordedDecisions.keep([
        at(1, 0, 1, 'block'),
        at(2, 0, 10, 'allow'),
        at(3, 1, 10, 'annotate'),
        at(4, 1, 2, 'mask'),
        at(5, 2, 1, 'block'),
      ])
      const daily = (until: string | null) => ports.recordedDecisions.daily({ ...always, until })
      expect(await daily('2026-03-03T00:00:00.000Z')).toEqual([
        { day: '2026-03-01', acted: 1, all: 11 },
        { day: '2026-03-02', acted: 2, all: 12 },
      ])
      expect(await daily(null)).toHaveLength(3)
    })

    it('takes what is recorded of a conversation away, and of no other', async () => {
      const ports = await opened()
      const sample = { wrappedKey: 'w', sealed: 's' }
      const all = [1, 2, 3].map((index) => ({
        decision: aDecision(index, { conversation: index === 3 ? 'conv_b' : 'conv_a' }),
        sample,
      }))
      await ports.recordedDecisions.keep([...all, kept(4)])
      expect(await ports.recordedDecisions.forgetConversation('conv_a')).toBe(2)
      expect(await ports.recordedDecisions.forgetConversation('conv_a')).toBe(0)
      const ids = [1, 2, 3, 4].map((index) => aDecision(index).id)
      const found = await Promise.all(ids.map((id) => ports.recordedDecisions.find(id)))
      expect(found.map((each) => each !== null)).toEqual([false, false, true, true])
      const samples = await Promise.all(ids.map((id) => ports.recordedDecisions.sample(id)))
      expect(samples.map((each) => each !== null)).toEqual([false, false, true, false])
      expect((await pagesOf(ports, always)).flatMap((page) => page.ids)).toEqual(ids.slice(2))
    })

    it('gives a text another wrapped key only in the place of the one that is meant', async () => {
      const { recordedDecisions } = await opened()
      await recordedDecisions.keep(
        [1, 2].map((index) => ({ decision: aDecision(index), sample: { wrappedKey: `old:${index}`, sealed: 's' } })),
      )
      await recordedDecisions.keep([kept(3)])
      const rows = [1, 2].map((index) => ({ id: aDecision(index).id, wrappedKey: `old:${index}` }))
      expect(await recordedDecisions.wrappedOtherwise('new:', '', 9)).toEqual(rows)
      await recordedDecisions.rewrap({ id: aDecision(1).id, wrappedKey: 'old:1' }, 'new:1')
      await recordedDecisions.rewrap({ id: aDecision(1).id, wrappedKey: 'old:1' }, 'late:1')
      expect(await recordedDecisions.wrappedOtherwise('new:', '', 9)).toEqual(rows.slice(1))
      expect(await recordedDecisions.sample(aDecision(1).id)).toMatchObject({ wrappedKey: 'new:1' })
    })
  })

  describe('for complaints', () => {
    it('keeps one of each thing, and says of another what was said before', async () => {
      let now = noon
      const { complaints } = await opened({ now: () => now })
      const first = await complaints.keep(aComplaint(1), 5)
      expect(first).toMatchObject({
        outcome: 'kept',
        complaint: { id: 'cmp_1', state: 'waiting', made: '2026-03-01T12:00:00.000Z' },
      })
      expect(JSON.stringify(first)).not.toContain('sealed')
      now += 1_000
      const again = aComplaint(2, { decision: aComplaint(1).decision })
      expect(await complaints.keep(again, 5)).toEqual({ outcome: 'repeated', complaint: first.complaint })
      expect(await complaints.find('cmp_2')).toBeNull()
      expect(await complaints.keep({ ...again, principal: 'bob' }, 5)).toMatchObject({ outcome: 'kept' })
      const thumb = aComplaint(3, { kind: 'thumb', decision: null, answer: 'chatcmpl-1' })
      expect(await complaints.keep(thumb, 5)).toMatchObject({ outcome: 'kept' })
      expect(await complaints.keep({ ...thumb, id: 'cmp_4' }, 5)).toMatchObject({ outcome: 'repeated' })
      expect(await complaints.find('cmp_3')).toEqual({
        ...thumb,
        state: 'waiting',
        made: '2026-03-01T12:00:01.000Z',
      })
    })

    it('keeps so many of a principal a day, however many come at once, and begins anew at midnight', async () => {
      let now = noon
      const ports = await underTest()
      const processes = await Promise.all([ports.open({ now: () => now }), ports.open({ now: () => now })])
      const flood = Array.from({ length: 20 }, (_, index) => aComplaint(index))
      const outcomes = await Promise.all(
        flood.map(async (complaint, index) => await processes[index % 2]?.complaints.keep(complaint, 3)),
      )
      expect(outcomes.filter((each) => each?.outcome === 'kept')).toHaveLength(3)
      expect(outcomes.filter((each) => each?.outcome === 'limit' && each.complaint === null)).toHaveLength(17)
      const [{ complaints }] = processes
      expect(await complaints.keep(aComplaint(50, { principal: 'bob' }), 3)).toMatchObject({ outcome: 'kept' })
      now += 12 * 3_600_000 - 1
      expect(await complaints.keep(aComplaint(60), 3)).toMatchObject({ outcome: 'limit' })
      now += 1
      expect(await complaints.keep(aComplaint(60), 3)).toMatchObject({ outcome: 'kept' })
    })

    it('lists the oldest first by what can be known of them, and settles each once', async () => {
      let now = noon
      const ports = await opened({ now: () => now })
      const blocked = aDecision(1, {
        scores: [aScore('toxicity', 0.9), aScore('pii', 0.1, { effective: 'allow' })],
      })
      await ports.recordedDecisions.keep([{ decision: blocked, sample: null }])
      const given = [
        aComplaint(1, { decision: blocked.id }),
        aComplaint(2, { group: 'other', reason: 'needed' }),
        aComplaint(3, { kind: 'thumb', decision: null, answer: 'resp_1', verdict: 'up', reason: 'other' }),
      ]
      for (const complaint of given) {
        await ports.complaints.keep(complaint, 9)
        now += 1_000
      }
      const any = { group: null, kind: null, state: null, reason: null, rule: null } as const
      const ids = async (filter: object, most = 9) => {
        const { complaints, total } = await ports.complaints.list({ ...any, ...filter }, most)
        return [...complaints.map(({ id }) => id), total]
      }
      expect(await ids({})).toEqual(['cmp_1', 'cmp_2', 'cmp_3', 3])
      expect(await ids({}, 1)).toEqual(['cmp_1', 3])
      expect(await ids({ group: 'other' })).toEqual(['cmp_2', 1])
      expect(await ids({ kind: 'thumb' })).toEqual(['cmp_3', 1])
      const second = { since: new Date(noon + 1_000).toISOString(), until: new Date(noon + 2_000).toISOString() }
      expect(await ids(second)).toEqual(['cmp_2', 1])
      expect(await ids({ since: second.until })).toEqual(['cmp_3', 1])
      expect(await ids({ reason: 'needed' })).toEqual(['cmp_2', 1])
      expect(await ids({ rule: 'toxicity' })).toEqual(['cmp_1', 1])
      expect(await ids({ rule: 'pii' })).toEqual([0])
      expect(await ports.complaints.settle('cmp_1', 'labelled')).toBe(true)
      expect(await ports.complaints.settle('cmp_1', 'dismissed')).toBe(false)
      expect(await ports.complaints.settle('cmp_none', 'dismissed')).toBe(false)
      expect(await ids({ state: 'waiting' })).toEqual(['cmp_2', 'cmp_3', 2])
      expect(await ids({ state: 'labelled' })).toEqual(['cmp_1', 1])
    })

    it('tells what one principal has said since a time, the oldest first', async () => {
      let now = noon
      const { complaints } = await opened({ now: () => now })
      await complaints.keep(aComplaint(1), 9)
      await complaints.keep(aComplaint(2, { principal: 'bob' }), 9)
      now += 1
      await complaints.keep(aComplaint(0), 9)
      now += 86_400_000
      await complaints.keep(aComplaint(3), 9)
      const since = async (at: number) => {
        const all = await complaints.madeBy('alice', new Date(at).toISOString())
        return all.map(({ id }) => id)
      }
      expect(await since(noon)).toEqual(['cmp_1', 'cmp_0', 'cmp_3'])
      expect(await since(noon + 1)).toEqual(['cmp_0', 'cmp_3'])
      expect(await since(now + 1)).toEqual([])
    })

    it('says who has complained of a rule also after its decision is deleted, and counts by day and reason', async () => {
      let now = noon
      const ports = await opened({ now: () => now })
      const blocked = aDecision(1, { conversation: 'conv_a' })
      await ports.recordedDecisions.keep([{ decision: blocked, sample: null }, kept(2)])
      await ports.complaints.keep(aComplaint(1, { decision: blocked.id }), 9)
      await ports.complaints.keep(aComplaint(2, { decision: aDecision(2).id }), 9)
      await ports.complaints.keep(aComplaint(3, { decision: blocked.id, principal: 'bob', reason: 'needed' }), 9)
      const up = { decision: blocked.id, principal: 'carol', verdict: 'up', kind: 'thumb', answer: null } as const
      await ports.complaints.keep(aComplaint(4, up), 9)
      await ports.recordedDecisions.forgetConversation('conv_a')
      // What its caller wrote of it goes with the conversation; no key of it is looked for any more. Nobody complains of others' calls.
      const left = await Promise.all(['cmp_1', 'cmp_2'].map((id) => ports.complaints.find(id)))
      expect(left).toMatchObject([
        { wrappedKey: '', sealed: '', decision: blocked.id, state: 'waiting' },
        { wrappedKey: expect.stringMatching(/./) as string, sealed: expect.stringMatching(/./) as string },
      ])
      const keys = await ports.complaints.wrappedOtherwise('none:', '', 9)
      expect(keys.map(({ id }) => id)).toEqual(['cmp_2', 'cmp_3', 'cmp_4'])
      const of = { group: 'default', rule: 'toxicity' }
      const since = new Date(noon).toISOString()
      expect(await ports.complaints.complainers(of, since)).toEqual([
        { principal: 'alice', count: 2 },
        { principal: 'bob', count: 1 },
      ])
      expect(await ports.complaints.complainers(of, since, since)).toEqual([])
      expect(await ports.complaints.complainers({ ...of, group: 'other' }, since)).toEqual([])
      expect(await ports.complaints.complainers({ ...of, rule: 'never' }, since)).toEqual([])
      expect(await ports.complaints.complainers(of, new Date(noon + 1).toISOString())).toEqual([])
      now += 86_400_000
      await ports.complaints.keep(aComplaint(5, { group: 'other' }), 9)
      expect(await ports.complaints.daily(null, since)).toEqual([
        { day: '2026-03-01', reason: 'harmless', count: 2 },
        { day: '2026-03-01', reason: 'needed', count: 1 },
        { day: '2026-03-02', reason: 'harmless', count: 1 },
      ])
      expect(await ports.complaints.daily('other', since)).toHaveLength(1)
    })
  })

  describe('for labels', () => {
    it('keeps all of them, and lets the last of a decision and rule hold, whatever the clocks say', async () => {
      let now = noon
      const ports = await opened({ now: () => now })
      await ports.recordedDecisions.keep([
        kept(1, {
          weight: 20,
          stratum: 'passed',
          scores: [aScore('toxicity', 0.25, { isBound: true }), aScore('pii', 0.5)],
        }),
        kept(2),
        kept(3),
      ])
      const decision = aDecision(1).id
      await ports.labels.keep(aLabel(1, { decision, truth: 'harmful' }))
      now -= 60_000
      const last = await ports.labels.keep(
        aLabel(2, { decision, truth: 'harmless', source: 'appeal', complaint: 'cmp_1' }),
      )
      expect(last.made).toBe(new Date(now).toISOString())
      await ports.labels.keep(aLabel(3, { decision: aDecision(2).id, truth: 'unsure' }))
      await ports.labels.keep(aLabel(4, { decision: aDecision(3).id, rule: 'pii' }))
      await ports.labels.keep(aLabel(5, { decision: 'dec-of-a-file', source: 'import' }))
      expect(await ports.labels.of(place, { since: null, until: null })).toEqual([
        {
          decision,
          principal: 'alice',
          score: 0.25,
          isBound: true,
          weight: 20,
          stratum: 'passed',
          detectors: 'words@1',
          truth: 'harmless',
          source: 'appeal',
        },
      ])
      expect(await ports.labels.of(place, { since: aDecision(2).made, until: null })).toEqual([])
      expect(await ports.labels.of({ ...place, group: 'other' }, { since: null, until: null })).toEqual([])
      expect((await ports.labels.history(decision)).map(({ id }) => id)).toHaveLength(2)
      expect(await ports.labels.history(decision)).toContainEqual(last)
    })

    it('gives those of many processes at once an order', async () => {
      const { open } = await underTest()
      const processes = await Promise.all([open(), open()])
      const [first] = processes
      await first.recordedDecisions.keep([kept(1)])
      const decision = aDecision(1).id
      const truths = Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? ('harmful' as const) : ('harmless' as const),
      )
      await Promise.all(
        truths.map(async (truth, index) => await processes[index % 2]?.labels.keep(aLabel(index, { decision, truth }))),
      )
      expect(await first.labels.history(decision)).toHaveLength(10)
      expect(await first.labels.of(place, { since: null, until: null })).toHaveLength(1)
    })
  })

  describe('for evaluation sets and proposals', () => {
    it('keeps each version of a set once, and gives the newest where none is named', async () => {
      const { open } = await underTest()
      const [one, other] = await Promise.all([open({ now: () => noon }), open({ now: () => noon })])
      const first = await one.evaluationSets.keep(aSet(1))
      expect(first).toEqual({ ...aSet(1), made: new Date(noon).toISOString() })
      await one.evaluationSets.keep(aSet(10))
      const twice = await Promise.allSettled([one.evaluationSets.keep(aSet(9)), other.evaluationSets.keep(aSet(9))])
      expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      const changed = { ...aSet(1), digest: 'another', items: [] }
      await expect(other.evaluationSets.keep(changed)).rejects.toMatchObject({ code: 'conflict' })
      expect(await other.evaluationSets.find('set', 1)).toEqual(first)
      expect((await other.evaluationSets.find('set', null))?.version).toBe(10)
      expect([await one.evaluationSets.find('set', 2), await one.evaluationSets.find('no', null)]).toEqual([null, null])
      const { items: _, ...facts } = first
      expect((await one.evaluationSets.list())[0]).toEqual({ ...facts, size: 2 })
      expect((await one.evaluationSets.list()).map(({ version }) => version)).toEqual([1, 9, 10])
    })

    it('keeps proposals, the newest first', async () => {
      let now = noon
      const { proposals } = await opened({ now: () => now })
      for (const index of [1, 2, 3]) {
        const made = new Date(now).toISOString()
        expect(await proposals.keep(aProposal(index))).toEqual({ ...aProposal(index), made })
        now += 1_000
      }
      expect((await proposals.list(2)).map(({ id }) => id)).toEqual(['tpr_3', 'tpr_2'])
      expect(await proposals.find('tpr_1')).toMatchObject({ ...aProposal(1) })
      expect(await proposals.find('tpr_9')).toBeNull()
    })
  })

  rolloutContract(underTest)
}

const person = { by: 'ann', why: 'as proposed' } as const

function rolloutContract(underTest: () => Promise<TuningUnderTest>): void {
  describe('for rollouts', () => {
    const stepTo = async ({ rollouts }: TuningPorts, id: string, to: RolloutStage) => {
      const found = await rollouts.find(id)
      return await rollouts.step({ id, revision: found?.revision ?? 0 }, { to, ...person }, {})
    }
    const promoted = async (ports: TuningPorts, index: number, to: number) => {
      const { id } = await ports.rollouts.begin(aRollout(index, { to }), person)
      await stepTo(ports, id, 'canary')
      await stepTo(ports, id, 'promoted')
      return await stepTo(ports, id, 'settled')
    }
    const inForce = async ({ rollouts }: TuningPorts) =>
      (await rollouts.state()).thresholds.map(({ threshold, rollout }) => `${rollout} ${threshold}`)

    it('goes from stage to stage with a step for each by the clock of the storage, and a revision of the whole', async () => {
      let now = noon
      const ports = await (await underTest()).open({ now: () => now })
      expect(await ports.rollouts.state()).toEqual({ revision: 0, thresholds: [], rollouts: [] })
      const begun = await ports.rollouts.begin(aRollout(1), person)
      const first = { at: new Date(noon).toISOString(), from: null, to: 'shadow', ...person }
      expect(begun).toEqual({ ...aRollout(1), stage: 'shadow', revision: 1, steps: [first] })
      expect(await ports.rollouts.state()).toEqual({ revision: 1, thresholds: [], rollouts: [begun] })
      now += 5_000
      const bounds = { ...begun.bounds, error: 0.01 }
      const step = { to: 'canary', by: 'bob', why: 'sound' } as const
      const canary = await ports.rollouts.step(begun, step, { share: 0.2, bounds })
      const second = { at: new Date(now).toISOString(), from: 'shadow', ...step }
      expect(canary).toEqual({ ...begun, stage: 'canary', share: 0.2, bounds, revision: 2, steps: [first, second] })
      expect(await ports.rollouts.find(begun.id)).toEqual(canary)
      expect(await ports.rollouts.state()).toEqual({ revision: 2, thresholds: [], rollouts: [canary] })
      expect(await ports.rollouts.step(begun, { ...step, to: 'promoted' }, {})).toBeNull()
      expect((await ports.rollouts.state()).revision).toBe(2)
      const inForceNow = await stepTo(ports, begun.id, 'promoted')
      expect(await ports.rollouts.state()).toEqual({
        revision: 3,
        thresholds: [{ place, threshold: begun.to, rollout: begun.id }],
        rollouts: [inForceNow],
      })
      await stepTo(ports, begun.id, 'settled')
      expect(await ports.rollouts.state()).toMatchObject({ revision: 4, rollouts: [] })
      expect(await inForce(ports)).toEqual(['rol_1 0.6'])
      expect(await ports.rollouts.step({ id: 'rol_none', revision: 1 }, step, {})).toBeNull()
      expect(await ports.rollouts.find('rol_none')).toBeNull()
    })

    it('is begun by one of many processes at once, for each place', async () => {
      const { open } = await underTest()
      const processes = await Promise.all([open(), open(), open()])
      const begun = await Promise.allSettled(
        processes.map(({ rollouts }, index) => rollouts.begin(aRollout(index), person)),
      )
      expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const refused = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
      for (const reason of refused) expect(reason).toMatchObject({ code: 'conflict' })
      const [first] = processes
      expect((await first.rollouts.state()).revision).toBe(1)
      await first.rollouts.begin(aRollout(8, { place: { ...place, group: 'other' } }), person)
      expect((await first.rollouts.list(9)).map(({ id }) => id)[0]).toBe('rol_8')
      expect(await first.rollouts.list(1)).toHaveLength(1)
    })

    it('is taken a step by one of many processes at once', async () => {
      const { open } = await underTest()
      const processes = await Promise.all([open(), open(), open(), open()])
      const [first] = processes
      const begun = await first.rollouts.begin(aRollout(1), person)
      const to = ['canary', 'promoted', 'stopped', 'rolled-back'] as const
      const stepped = await Promise.all(
        processes.map(({ rollouts }, index) => rollouts.step(begun, { to: to[index] ?? 'stopped', ...person }, {})),
      )
      const done = stepped.filter((each) => each !== null)
      expect(done).toHaveLength(1)
      const states = await Promise.all(processes.map(({ rollouts }) => rollouts.state()))
      for (const state of states) expect(state).toEqual(states[0])
      expect(states[0]?.revision).toBe(2)
      expect(await first.rollouts.find(begun.id)).toEqual(done[0])
      const isPromoted = done[0]?.stage === 'promoted'
      expect(states[0]?.thresholds).toHaveLength(isPromoted ? 1 : 0)
    })

    it('puts back what was in force before, and what before that where this was rolled back itself', async () => {
      const ports = await (await underTest()).open()
      await promoted(ports, 1, 0.6)
      await promoted(ports, 2, 0.7)
      await promoted(ports, 3, 0.8)
      expect(await inForce(ports)).toEqual(['rol_3 0.8'])
      // What is not in force any more changes nothing.
      await stepTo(ports, 'rol_2', 'rolled-back')
      expect(await inForce(ports)).toEqual(['rol_3 0.8'])
      await stepTo(ports, 'rol_3', 'rolled-back')
      expect(await inForce(ports)).toEqual(['rol_1 0.6'])
      await stepTo(ports, 'rol_1', 'rolled-back')
      expect(await inForce(ports)).toEqual([])
    })

    it('puts nothing in force beside another threshold than the one it began beside', async () => {
      const ports = await (await underTest()).open()
      await promoted(ports, 1, 0.6)
      const next = await ports.rollouts.begin(aRollout(2, { from: 0.6, to: 0.55 }), person)
      await stepTo(ports, 'rol_1', 'rolled-back')
      const { revision } = await ports.rollouts.state()
      await expect(ports.rollouts.step(next, { to: 'promoted', ...person }, {})).rejects.toMatchObject({
        code: 'conflict',
      })
      expect([await inForce(ports), (await ports.rollouts.state()).revision]).toEqual([[], revision])
      expect(await ports.rollouts.find('rol_2')).toMatchObject({ stage: 'shadow', revision: 1 })
    })

    it('counts of all processes together, by stage and arm, until the end', async () => {
      let now = noon
      const { open } = await underTest()
      const [one, other] = await Promise.all([open({ now: () => now }), open({ now: () => now })])
      const begun = await one.rollouts.begin(aRollout(1), person)
      const counted = (own: Partial<RolloutCounts>): RolloutCounts => ({
        stage: 'shadow',
        arm: 'control',
        requests: 1,
        actedBefore: 2,
        actedAfter: 3,
        onlyBefore: 4,
        onlyAfter: 5,
        unknown: 6,
        complaints: 7,
        ...own,
      })
      const canary = { stage: 'canary', arm: 'canary' } as const
      const each = [counted({}), counted(canary), counted({ requests: 10 })]
      await Promise.all(
        Array.from({ length: 10 }, (_, turn) => (turn % 2 === 0 ? one : other).rollouts.count(begun.id, each)),
      )
      await one.rollouts.count(begun.id, [])
      now += 90_000
      const seen = await other.rollouts.seen(begun.id)
      expect(seen).toMatchObject({ rollout: begun, now: new Date(now).toISOString() })
      expect(seen?.counts).toHaveLength(2)
      const all = { actedBefore: 20, actedAfter: 30, onlyBefore: 40, onlyAfter: 50, unknown: 60, complaints: 70 }
      expect(seen?.counts).toContainEqual({ ...all, ...canary, requests: 10 })
      const twice = { actedBefore: 40, actedAfter: 60, onlyBefore: 80, onlyAfter: 100, unknown: 120, complaints: 140 }
      expect(seen?.counts).toContainEqual({ ...twice, stage: 'shadow', arm: 'control', requests: 110 })
      await stepTo(one, begun.id, 'stopped')
      await other.rollouts.count(begun.id, each)
      expect((await one.rollouts.seen(begun.id))?.counts).toEqual(seen?.counts)
      await one.rollouts.count('rol_none', each)
      expect(await one.rollouts.seen('rol_none')).toBeNull()
    })
  })
}

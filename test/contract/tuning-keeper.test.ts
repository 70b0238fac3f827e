import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import type { TuningPlace } from '../../src/core/recorded-decisions.ts'
import type { Rollout, Truth } from '../../src/core/tuning.ts'
import {
  appeal,
  deskDetectors,
  openTuningDesk,
  scoredDecision,
  type TuningDesk,
} from '../support/feedback/tuning-desk.ts'
import { verifies } from '../support/verifies.ts'

/** One for all, of which each test has a group of its own. */
let desk: TuningDesk
let tests = 0
let support: TuningPlace
beforeAll(async () => {
  desk = await openTuningDesk()
})
beforeEach(() => {
  tests += 1
  support = { group: `group-${tests}`, direction: 'outbound', rule: 'toxicity' }
  desk.startOver()
})
afterAll(() => desk[Symbol.asyncDispose]())

const ann = { by: 'cli:ann', caller: 'ann' }
const unaborted = new AbortController().signal
const bob = { by: 'key_bob', caller: 'key_bob' }
const anyTime = { since: null, until: null }
/** The decision of this test with a number, recorded with a score. */
const decided = (at: number, score: number, own: object = {}) =>
  scoredDecision(tests * 1_000 + at, score, { group: support.group, principal: `caller-${at}`, ...own })
const idOf = (at: number) => decided(at, 0).id
const cmp = (at: number) => `cmp_${tests}_${at}`
const setName = () => `set-${tests}`
const complain = (id: string, principal: string, decision: string | null) =>
  appeal(desk.storage, { id, decision, principal, group: support.group })
const said = (item: string, truth: Truth = 'harmless') => ({
  item,
  rule: 'toxicity',
  truth,
  why: 'read it',
  decision: null,
})

/** Records so many decisions, harmful from a score on, and labels all of them. */
async function labelled({ from, harmfulFrom, most = 40 }: { from: number; harmfulFrom: number; most?: number }) {
  const { storage } = desk
  const scores = Array.from({ length: most }, (_, at) => Number((from + (at * (0.95 - from)) / most).toFixed(3)))
  await storage.recordedDecisions.keep(scores.map((score, at) => ({ decision: decided(at, score), sample: null })))
  for (const [at, score] of scores.entries()) {
    const truth = score >= harmfulFrom ? 'harmful' : 'harmless'
    const by = { by: 'key_bob', why: 'read it', source: 'audit', complaint: null } as const
    await storage.labels.keep({ id: `lbl_${idOf(at)}`, decision: idOf(at), rule: 'toxicity', truth, ...by })
  }
}

/** A proposal of a higher threshold than the one in force, 0.5; or of a lower one. */
async function proposed(how: 'looser' | 'stricter' = 'looser') {
  await labelled(how === 'looser' ? { from: 0.4, harmfulFrom: 0.7 } : { from: 0.3, harmfulFrom: 0.48 })
  const set = await desk.keeper.makeSet({ name: setName(), place: support, ...anyTime }, bob)
  const aim = { kind: 'false-positive-rate', most: 0.3 } as const
  const proposal = await desk.keeper.propose({ set: setName(), version: null, aim, ...anyTime }, bob, unaborted)
  return { set, proposal }
}

/** Thresholds in force of the place of this test. */
const inForce = async () => {
  const { thresholds } = await desk.keeper.state()
  return thresholds.filter(({ place }) => place.group === support.group).map(({ threshold }) => threshold)
}

const counts = { actedBefore: 1, actedAfter: 1, onlyBefore: 0, onlyAfter: 0, unknown: 0, complaints: 0 }

/** Counts what a stage has to have seen before the next one. */
const see = ({ id }: Rollout, stage: 'shadow' | 'canary') =>
  desk.storage.rollouts.count(id, [{ stage, arm: stage === 'canary' ? 'canary' : 'control', requests: 9, ...counts }])

describe('labels of operators', () => {
  beforeEach(async () => {
    const decisions = [decided(1, 0.6), decided(2, 0.7)]
    await desk.storage.recordedDecisions.keep(decisions.map((decision) => ({ decision, sample: null })))
    await complain(cmp(1), 'caller-1', idOf(1))
  })

  it('settle the complaint that they are about, and are on the trail before', async () => {
    verifies('tuning.audited')
    const label = await desk.keeper.label(said(cmp(1)), ann)
    expect(label).toMatchObject({ decision: idOf(1), source: 'appeal', complaint: cmp(1), by: 'cli:ann' })
    expect(desk.lines).toEqual([
      {
        event: 'tuning-label',
        by: 'cli:ann',
        item: cmp(1),
        decision: idOf(1),
        group: support.group,
        rule: 'toxicity',
        truth: 'harmless',
        why: 'read it',
      },
      { event: 'tuning-label-end', label: label.id },
    ])
    const waiting = {
      kind: null,
      group: support.group,
      direction: null,
      rule: null,
      state: 'waiting',
      most: 9,
      seed: 1,
    } as const
    expect((await desk.keeper.queue(waiting)).items).toEqual([])
    expect(await desk.keeper.queue({ ...waiting, state: 'labelled' })).toMatchObject({
      items: [{ complaint: { id: cmp(1) } }],
    })
    const opened = await desk.keeper.open(cmp(1), { values: true }, ann)
    expect(opened).toMatchObject({
      comment: `comment of ${cmp(1)}`,
      text: `text of ${idOf(1)}`,
      labels: [{ id: label.id }],
    })
    expect(await desk.keeper.open(cmp(1), { values: false }, ann)).toMatchObject({ comment: null, text: null })
  })

  it.each([
    ['of a complaint of one’s own', { by: 'caller-1', caller: 'caller-1' }, () => said(cmp(1)), 'forbidden'],
    ['of a call of one’s own', { by: 'key_x', caller: 'caller-2' }, () => said(idOf(2)), 'forbidden'],
    [
      'by the user of a terminal who is the caller',
      { by: 'cli:caller-2', caller: null },
      () => said(idOf(2)),
      'forbidden',
    ],
    ['of nothing that is there', ann, () => said(cmp(9)), 'not-found'],
    ['of a rule that has no score', ann, () => ({ ...said(cmp(1)), rule: 'pii' }), 'invalid-request'],
    [
      'of another decision than the complaint’s',
      ann,
      () => ({ ...said(cmp(1)), decision: idOf(2) }),
      'invalid-request',
    ],
  ])('%s are refused, and that they were asked for is on the trail', async (_what, operator, request, code) => {
    verifies('tuning.persons', 'tuning.refusals')
    const refused = await desk.keeper.label(request(), operator).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code })
    const { item, rule, truth, why } = request()
    const { message: refusal } = refused as Error
    expect(desk.lines).toMatchObject([
      { event: 'tuning-label-refused', ...operator, item, rule, truth, why, code, refusal },
    ])
    expect(await desk.storage.labels.history(idOf(1))).toEqual([])
  })

  it.each(['', ' ', '\u001b[2J', 'a'.repeat(501)])(
    'for no reason that can be read (%j) are no request',
    async (why) => {
      await expect(desk.keeper.label({ ...said(cmp(1)), why }, ann)).rejects.toMatchObject({ code: 'invalid-request' })
      expect(desk.lines).toEqual([])
    },
  )

  it('are told not to be allowed once that is on the trail, and not before', async () => {
    verifies('tuning.refusals')
    desk.breakTrail()
    const own = { by: 'caller-1', caller: 'caller-1' }
    await expect(desk.keeper.label(said(cmp(1)), own)).rejects.toThrow('the trail is full')
    await expect(desk.keeper.dismiss(cmp(1), 'noise', own)).rejects.toThrow('the trail is full')
  })

  it('are no lines of refusals where the storage is at fault', async () => {
    verifies('tuning.refusals')
    const away = new ServiceError('storage-unavailable', 'The storage is away.')
    const find = vi.spyOn(desk.storage.complaints, 'find').mockRejectedValue(away)
    await expect(desk.keeper.label(said(cmp(1)), ann)).rejects.toBe(away)
    find.mockRestore()
    expect(desk.lines).toEqual([])
  })

  it('need a decision to be about', async () => {
    await complain(cmp(2), 'caller-1', null)
    await expect(desk.keeper.label(said(cmp(2)), ann)).rejects.toMatchObject({
      code: 'invalid-request',
      advice: expect.stringContaining('--decision') as string,
    })
    const named = await desk.keeper.label({ ...said(cmp(2)), decision: idOf(2) }, ann)
    expect(named).toMatchObject({ decision: idOf(2), complaint: cmp(2) })
  })

  it('are not kept where the trail cannot be written', async () => {
    verifies('tuning.audited')
    desk.breakTrail()
    await expect(desk.keeper.label(said(cmp(1)), ann)).rejects.toThrow('the trail is full')
    await expect(desk.keeper.dismiss(cmp(1), 'noise', ann)).rejects.toThrow('the trail is full')
    expect(await desk.storage.labels.history(idOf(1))).toEqual([])
    expect(await desk.storage.complaints.find(cmp(1))).toMatchObject({ state: 'waiting' })
  })

  it('are no use for a complaint that is dismissed, once and not again', async () => {
    await desk.keeper.dismiss(cmp(1), 'about the price', ann)
    await expect(desk.keeper.dismiss(cmp(1), 'about the price', ann)).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.keeper.dismiss(idOf(2), 'x', ann)).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('are left to others for a complaint of one’s own, which is dismissed by nobody who made it', async () => {
    verifies('tuning.persons', 'tuning.refusals')
    const own = { by: 'cli:caller-1', caller: null }
    await expect(desk.keeper.dismiss(cmp(1), 'noise', own)).rejects.toMatchObject({ code: 'forbidden' })
    const { group } = support
    expect(desk.lines).toMatchObject([
      { event: 'tuning-dismiss-refused', ...own, item: cmp(1), group, why: 'noise', code: 'forbidden' },
    ])
  })
})

describe('the queue', () => {
  it('has nothing of those for whom all is well', async () => {
    const thumb = { kind: 'thumb', reason: 'other', group: support.group, wrappedKey: 'key', sealed: 'sealed' } as const
    const { complaints } = desk.storage
    for (const [at, verdict] of (['up', 'up', 'down'] as const).entries()) {
      const said = { id: cmp(at), verdict, principal: `reader-${at}`, decision: null, answer: `ans_${tests}_${at}` }
      await complaints.keep({ ...thumb, ...said }, 20)
    }
    const filter = { kind: null, ...support, rule: null, state: 'waiting', most: 1, seed: 1 } as const
    expect(await desk.keeper.queue(filter)).toMatchObject({ items: [{ complaint: { id: cmp(2) } }], left: 0 })
  })

  it('draws decisions of a place, the same ones of the same seed, and none that are labelled', async () => {
    await labelled({ from: 0.3, harmfulFrom: 0.7, most: 4 })
    const more = Array.from({ length: 12 }, (_, at) => decided(100 + at, at % 2 === 0 ? 0.6 : 0.47))
    await desk.storage.recordedDecisions.keep(more.map((decision) => ({ decision, sample: null })))
    const filter = { kind: 'audit', ...support, state: null, most: 3, seed: 5 } as const
    const { items } = await desk.keeper.queue(filter)
    expect(items).toHaveLength(6)
    expect(await desk.keeper.queue(filter)).toEqual({ items, left: 0 })
    const drawn = items.map((item) => (item.kind === 'audit' ? item.decision.id : ''))
    expect(drawn.filter((id) => id < idOf(100))).toEqual([])
    await expect(desk.keeper.queue({ ...filter, rule: null })).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('has nothing to say of a group that there is not, but what is left of one that there was', async () => {
    const filter = { kind: null, direction: null, rule: null, state: 'waiting', most: 9, seed: 1 } as const
    const unknown = { code: 'invalid-request', message: expect.stringContaining('There is no group "nope"') as string }
    await expect(desk.keeper.queue({ ...filter, group: 'nope' })).rejects.toMatchObject(unknown)
    await expect(desk.keeper.history({ ...support, group: 'nope' })).rejects.toMatchObject(unknown)
    expect(await desk.keeper.queue({ ...filter, group: support.group })).toEqual({ items: [], left: 0 })
    const former = { id: cmp(1), principal: `reader-of-${tests}`, decision: null, group: `former-${tests}` }
    await appeal(desk.storage, former)
    expect(await desk.keeper.queue({ ...filter, group: former.group })).toMatchObject({
      items: [{ complaint: { id: cmp(1) } }],
    })
  })
})

describe('evaluation sets', () => {
  it('have the labels of a place with their scores, and a version for each change of these', async () => {
    await labelled({ from: 0.3, harmfulFrom: 0.7, most: 20 })
    const request = { name: setName(), place: support, ...anyTime }
    const set = await desk.keeper.makeSet(request, ann)
    expect(set).toMatchObject({ name: setName(), version: 1, size: 20, by: 'cli:ann' })
    expect(desk.lines).toContainEqual(
      expect.objectContaining({
        event: 'tuning-set',
        set: `${setName()}@1`,
        digest: set.digest,
        size: 20,
        group: support.group,
      }),
    )
    await expect(desk.keeper.makeSet(request, ann)).rejects.toMatchObject({ code: 'conflict' })
    await desk.keeper.label(said(idOf(19), 'harmless'), ann)
    const next = await desk.keeper.makeSet(request, ann)
    expect(next).toMatchObject({ version: 2, size: 20 })
    expect(next.digest).not.toBe(set.digest)
    const elsewhere = { ...request, place: { ...support, group: 'press' } }
    await expect(desk.keeper.makeSet(elsewhere, ann)).rejects.toMatchObject({ code: 'conflict' })
    expect(await desk.keeper.set(setName(), 1)).toMatchObject({ digest: set.digest })
    const versions = (await desk.keeper.sets()).filter(({ name }) => name === setName()).map(({ version }) => version)
    expect(versions.toSorted((one, other) => one - other)).toEqual([1, 2])
  })

  it('leave out labels of scores of other detectors', async () => {
    const decision = decided(1, 0.6, { detectors: 'scored@0' })
    await desk.storage.recordedDecisions.keep([{ decision, sample: null }])
    await desk.keeper.label(said(idOf(1)), ann)
    await expect(desk.keeper.makeSet({ name: setName(), place: support, ...anyTime }, ann)).rejects.toMatchObject({
      code: 'invalid-request',
      advice: expect.stringContaining(`other detectors than "${deskDetectors}"`) as string,
    })
  })

  it('that were changed in the storage are none any more', async () => {
    verifies('tuning.digests')
    const { proposal } = await proposed()
    await desk.storage.database.db
      .updateTable('evaluation_sets')
      .set({ items: '[]' })
      .where('name', '=', setName())
      .execute()
    const aim = { kind: 'false-positive-rate', most: 0.3 } as const
    const request = { set: setName(), version: 1, aim, ...anyTime }
    await expect(desk.keeper.propose(request, ann, unaborted)).rejects.toMatchObject({ code: 'conflict' })
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
    await see(rollout, 'shadow')
    const step = { rollout: rollout.id, why: 'w', digest: proposal.set.digest, share: 0.5 }
    await expect(desk.keeper.canary(step, ann)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of texts are scored here, and keep no text', async () => {
    const texts = ['score 0.4 one', 'score 0.9 two'].map((text, at) => ({ text, labels: at === 0 ? [] : ['toxicity'] }))
    const signal = new AbortController().signal
    const set = await desk.keeper.importSet({ name: setName(), place: support, texts }, ann, signal)
    const { items } = await desk.keeper.set(set.name, set.version)
    expect(items.map(({ score, truth, source, detectors }) => ({ score, truth, source, detectors }))).toEqual(
      expect.arrayContaining([
        { score: 0.4, truth: 'harmless', source: 'import', detectors: deskDetectors },
        { score: 0.9, truth: 'harmful', source: 'import', detectors: deskDetectors },
      ]),
    )
    expect(JSON.stringify(items)).not.toContain('one')
  })

  it('are no longer looked through once nobody waits for the proposal, and nothing is kept of it', async () => {
    const scores = Array.from({ length: 30 }, (_, at) => 0.3 + at / 60)
    const texts = scores.map((score, at) => ({ text: `score ${score} ${at}`, labels: at < 15 ? [] : ['toxicity'] }))
    await desk.keeper.importSet({ name: setName(), place: support, texts }, ann, unaborted)
    desk.startOver()
    const request = { set: setName(), version: 1, aim: { kind: 'costs', falseBlock: 1, miss: 1 }, ...anyTime } as const
    await expect(desk.keeper.propose(request, ann, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(desk.lines).toEqual([])
    expect(await desk.keeper.propose(request, ann, unaborted)).toMatchObject({ place: support })
  })

  it.each([
    [{ group: 'nobody' }, 'There is no group "nobody"'],
    [{ rule: 'pii' }, 'feedback.limits does not list pii'],
    [{ direction: 'inbound' as const }, 'has no such rule'],
  ])('of a place that is never tuned (%j) are refused', async (changed, told) => {
    const place = { ...support, ...changed }
    await expect(desk.keeper.makeSet({ name: setName(), place, ...anyTime }, ann)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(told) as string,
    })
  })
})

describe('a proposal', () => {
  it('rests on a set by its digest, and says what it and the threshold in force come to', async () => {
    const { set, proposal } = await proposed()
    expect(proposal).toMatchObject({ from: 0.5, set: { version: 1, digest: set.digest }, detectors: deskDetectors })
    expect(proposal.to).toBeGreaterThan(0.6)
    expect(JSON.parse(proposal.figures)).toMatchObject({
      before: { threshold: 0.5 },
      after: { threshold: proposal.to },
    })
    const { from, to, figures } = await desk.keeper.simulate(
      { of: { proposal: proposal.id }, ...anyTime },
      new AbortController().signal,
    )
    expect({ from, to }).toEqual({ from: 0.5, to: proposal.to })
    expect(figures).toMatchObject({ decisions: 40, added: 0 })
    expect(figures['released']).toBeGreaterThan(5)
  })

  it('says in words what is missing', async () => {
    await labelled({ from: 0.3, harmfulFrom: 0.7, most: 12 })
    await desk.keeper.makeSet({ name: setName(), place: support, ...anyTime }, ann)
    const aim = { kind: 'false-positive-rate', most: 0.1 } as const
    await expect(
      desk.keeper.propose({ set: setName(), version: null, aim, ...anyTime }, ann, unaborted),
    ).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('more are needed') as string,
    })
    await expect(
      desk.keeper.propose({ set: 'none', version: null, aim, ...anyTime }, ann, unaborted),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('a looser threshold', () => {
  /** One that is looser, and may go on to a canary. */
  async function shadowed() {
    const { proposal } = await proposed()
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
    await see(rollout, 'shadow')
    return { rollout, digest: proposal.set.digest }
  }

  it('decides for nobody until a person names its data', async () => {
    verifies('tuning.loosening')
    const { rollout, digest } = await shadowed()
    const step = { rollout: rollout.id, why: 'w', share: 0.5 }
    for (const wrong of [null, 'b'.repeat(64)]) {
      await expect(desk.keeper.canary({ ...step, digest: wrong }, ann)).rejects.toMatchObject({ code: 'forbidden' })
    }
    await expect(desk.keeper.canary({ ...step, digest }, { by: 'cli:ann', caller: null })).rejects.toMatchObject({
      code: 'forbidden',
      advice: expect.stringContaining('whoever complained') as string,
    })
    const canary = await desk.keeper.canary({ ...step, digest }, ann)
    expect(canary).toMatchObject({ stage: 'canary', share: 0.5 })
    await see(canary, 'canary')
    await expect(desk.keeper.promote({ ...step, digest: null }, ann)).rejects.toMatchObject({ code: 'forbidden' })
    await desk.keeper.promote({ ...step, digest }, ann)
    expect(await inForce()).toEqual([rollout.to])
    expect(desk.lines.at(-2)).toMatchObject({ event: 'tuning-promote', by: 'cli:ann', digest, why: 'w', from: 0.5 })
  })

  it('is let decide by nobody who has complained, whoever they are and whenever', async () => {
    verifies('tuning.loosening')
    const { rollout, digest } = await shadowed()
    // Of a decision in which the rule acted.
    await complain(cmp(1), 'key_bob', idOf(30))
    await complain(cmp(2), 'ann', idOf(31))
    const step = { rollout: rollout.id, why: 'w', share: 0.5, digest }
    for (const complains of [bob, ann, { by: 'cli:ann', caller: 'another-name' }]) {
      await expect(desk.keeper.canary(step, complains)).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('You have complained') as string,
      })
    }
    expect(await desk.keeper.canary(step, { by: 'cli:eve', caller: 'eve' })).toMatchObject({ stage: 'canary' })
  })

  it('that somebody tries to loosen without being allowed to is on the trail, with what refused it', async () => {
    verifies('tuning.loosening', 'tuning.refusals')
    const { rollout, digest } = await shadowed()
    await complain(cmp(1), 'key_bob', idOf(30))
    const step = { rollout: rollout.id, why: 'w', share: 0.5 }
    const tries = [
      [{ ...step, digest: null }, ann, 'name the digest of the set'],
      [{ ...step, digest: 'f'.repeat(64) }, ann, 'name the digest of the set'],
      [{ ...step, digest }, { by: 'cli:ann', caller: null }, 'say with --by'],
      [{ ...step, digest }, bob, 'You have complained of this rule'],
    ] as const
    const { from, to } = rollout
    for (const [request, operator, told] of tries) {
      desk.startOver()
      await expect(desk.keeper.canary(request, operator)).rejects.toMatchObject({ code: 'forbidden' })
      expect(desk.lines).toEqual([
        {
          event: 'tuning-canary-refused',
          ...operator,
          rollout: rollout.id,
          ...support,
          from,
          to,
          share: 0.5,
          named: request.digest,
          why: 'w',
          code: 'forbidden',
          refusal: expect.stringContaining(told) as string,
        },
      ])
    }
    expect(await desk.keeper.rollout(rollout.id)).toMatchObject({ rollout: { stage: 'shadow' } })
    desk.breakTrail()
    await expect(desk.keeper.canary({ ...step, digest }, bob)).rejects.toThrow('the trail is full')
  })

  it('is not let decide where the rollout is not what was proposed', async () => {
    verifies('tuning.loosening')
    const { rollout, digest } = await shadowed()
    await desk.storage.database.db
      .updateTable('tuning_rollouts')
      .set({ to_threshold: 0.79 })
      .where('id', '=', rollout.id)
      .execute()
    const step = { rollout: rollout.id, why: 'w', share: 0.5, digest }
    await expect(desk.keeper.canary(step, ann)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a rollout', () => {
  it('of a stricter threshold needs a person, and no digest', async () => {
    const { proposal } = await proposed('stricter')
    expect(proposal.to).toBeLessThan(0.5)
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: { mostActedRatio: 9 } }, ann)
    expect(rollout).toMatchObject({ stage: 'shadow', bounds: { mostActedRatio: 9, error: 0.05 } })
    const again = { proposal: proposal.id, why: 'again', bounds: {} }
    await expect(desk.keeper.shadow(again, ann)).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.keeper.shadow({ ...again, proposal: 'tpr_9' }, ann)).rejects.toMatchObject({ code: 'not-found' })
    expect(desk.lines.at(-1)).toMatchObject({ event: 'tuning-shadow-refused', proposal: 'tpr_9', why: 'again' })
    await see(rollout, 'shadow')
    const step = { rollout: rollout.id, why: 'w', digest: null }
    await desk.keeper.canary({ ...step, share: 0.1 }, { by: 'cli:ann', caller: null })
    await desk.keeper.stop(step, ann)
    const entries = await desk.keeper.history(support)
    expect(entries).toMatchObject([{ rollout: { id: rollout.id, stage: 'stopped' }, proposal: { id: proposal.id } }])
    expect(entries[0]?.rollout.steps.map(({ to, by }) => ({ to, by }))).toEqual([
      { to: 'shadow', by: 'cli:ann (ann)' },
      { to: 'canary', by: 'cli:ann' },
      { to: 'stopped', by: 'cli:ann (ann)' },
    ])
    expect(await desk.keeper.history({ ...support, group: 'press' })).toEqual([])
  })

  it.each([
    { mostActedRatio: 0.5 },
    { mostActedRatio: Number.POSITIVE_INFINITY },
    { mostActedIncrease: 2 },
    { mostComplaintIncrease: Number.NaN },
    { error: 0 },
    { error: 1 },
  ])('is begun within no bounds that would roll back nothing, or everything (%j)', async (bounds) => {
    const given = desk.keeper.shadow({ proposal: 'tpr_none', why: 'w', bounds }, ann)
    await expect(given).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it.each([0, -1, 1.5, Number.NaN])('decides for no share of %s', async (share) => {
    const step = { rollout: 'rol_none', why: 'w', digest: null, share }
    await expect(desk.keeper.canary(step, ann)).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('goes no further without traffic, and says so', async () => {
    const { proposal } = await proposed('stricter')
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
    const step = { rollout: rollout.id, why: 'w', digest: null }
    await expect(desk.keeper.canary({ ...step, share: 0.1 }, ann)).rejects.toMatchObject({
      code: 'conflict',
      advice: 'Wait for traffic, or stop it.',
    })
    await expect(desk.keeper.promote(step, ann)).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.keeper.promote({ ...step, rollout: 'rol_9' }, ann)).rejects.toMatchObject({ code: 'not-found' })
    const about = { rollout: rollout.id, ...support, code: 'conflict' }
    expect(desk.lines.slice(-3)).toMatchObject([
      {
        event: 'tuning-canary-refused',
        ...about,
        refusal: expect.stringContaining('has computed 0 requests') as string,
      },
      { event: 'tuning-promote-refused', ...about, refusal: expect.stringContaining('does not follow') as string },
      { event: 'tuning-promote-refused', rollout: 'rol_9', code: 'not-found' },
    ])
    expect(await inForce()).toEqual([])
    expect(await desk.keeper.rollout(rollout.id)).toMatchObject({ rollout: { stage: 'shadow' } })
  })

  it('is refused where what is in force is another threshold by now', async () => {
    const { proposal } = await proposed()
    const digest = proposal.set.digest
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
    await see(rollout, 'shadow')
    const step = { rollout: rollout.id, why: 'w', digest }
    await see(await desk.keeper.canary({ ...step, share: 0.5 }, ann), 'canary')
    await desk.keeper.promote(step, ann)
    await desk.keeper.rollback(step, ann)
    expect(await inForce()).toEqual([])
    await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
  })
})

describe('curves of a place', () => {
  const asked = { ...anyTime, step: 50 }

  it('are of the labels that hold now, or of those of a set, at the threshold in force', async () => {
    verifies('tuning.curves')
    await labelled({ from: 0.3, harmfulFrom: 0.7 })
    const now = await desk.keeper.curves({ of: { place: support }, ...asked }, unaborted)
    expect(now).toMatchObject({
      place: support,
      threshold: 0.5,
      isTuned: false,
      limits: { lowest: 0.3, highest: 0.8 },
      detectors: deskDetectors,
      set: null,
      otherDetectors: 0,
      left: 0,
      curves: { of: 'traffic', decisions: 40, recorded: 40, missing: null, labels: { harmful: 15, harmless: 25 } },
    })
    const scores = now.labelled.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((one, other) => one - other))
    expect(Object.keys(now.labelled[0] ?? {})).not.toContain('principal')
    const inForceNow = now.curves.points.find(({ threshold }) => threshold === 0.5)
    expect(inForceNow?.labels).toEqual({ found: 15, missed: 0, falsePositives: 12, letPass: 13, unknown: 0 })
    expect(inForceNow?.perThousand.falsePositives.value).toBeCloseTo(300, 9)
    // A set stays as it is, whatever is labelled since.
    const { digest } = await desk.keeper.makeSet({ name: setName(), place: support, ...anyTime }, bob)
    const first = decided(0, 0)
    await desk.keeper.label(said(first.id, 'harmful'), bob)
    const ofSet = await desk.keeper.curves({ of: { set: setName(), version: null }, ...asked }, unaborted)
    expect(ofSet).toEqual({ ...now, set: { name: setName(), version: 1, digest } })
    const later = await desk.keeper.curves({ of: { place: support }, ...asked }, unaborted)
    expect(later.curves.labels).toMatchObject({ harmful: 16, harmless: 24 })
  })

  it('leave out labels and decisions of other detectors, and say how many', async () => {
    verifies('tuning.curves-unknown')
    await labelled({ from: 0.3, harmfulFrom: 0.7 })
    await desk.storage.recordedDecisions.keep([{ decision: decided(90, 0.9, { detectors: 'scored@0' }), sample: null }])
    await desk.keeper.label(said(idOf(90), 'harmful'), bob)
    const { curves, otherDetectors } = await desk.keeper.curves({ of: { place: support }, ...asked }, unaborted)
    expect(otherDetectors).toBe(1)
    expect(curves).toMatchObject({ recorded: 40, others: 1, labels: { harmful: 15 } })
  })

  it('are of places that may be tuned, which are listed, and end with whoever has asked', async () => {
    expect(await desk.keeper.places()).toContainEqual({
      place: support,
      threshold: 0.5,
      isTuned: false,
      limits: { lowest: 0.3, highest: 0.8 },
      detectors: deskDetectors,
    })
    const nowhere = { ...support, rule: 'violence' }
    await expect(desk.keeper.curves({ of: { place: nowhere }, ...asked }, unaborted)).rejects.toMatchObject({
      code: 'invalid-request',
    })
    const none = { set: 'no-such-set', version: null }
    await expect(desk.keeper.curves({ of: none, ...asked }, unaborted)).rejects.toMatchObject({ code: 'not-found' })
    await labelled({ from: 0.3, harmfulFrom: 0.7 })
    await expect(
      desk.keeper.curves({ of: { place: support }, ...asked }, AbortSignal.abort(new Error('gone'))),
    ).rejects.toThrow('gone')
  })
})

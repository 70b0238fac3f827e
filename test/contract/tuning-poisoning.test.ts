import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TuningPlace } from '../../src/core/recorded-decisions.ts'
import type { Rollout } from '../../src/core/tuning.ts'
import { PopulationCounter } from '../../src/feedback/estimates/population.ts'
import { propose } from '../../src/feedback/proposals/propose.ts'
import { defaultBounds } from '../../src/feedback/rollouts/bounds.ts'
import { createThresholdsInForce } from '../../src/feedback/rollouts/thresholds-in-force.ts'
import { namedProfiles } from '../../src/filters/pipeline/named-profiles.ts'
import { madeDetectors, madeTraffic, together } from '../support/feedback/made-traffic.ts'
import { appeal, openTuningDesk, scoredDecision, type TuningDesk } from '../support/feedback/tuning-desk.ts'
import { verifies } from '../support/verifies.ts'

/** One for all, of which each test has a group of its own. */
let desk: TuningDesk
let tests = 0
let place: TuningPlace
beforeAll(async () => {
  desk = await openTuningDesk()
})
beforeEach(() => {
  tests += 1
  place = { group: `group-${tests}`, direction: 'outbound', rule: 'toxicity' }
  desk.startOver()
})
afterAll(() => desk[Symbol.asyncDispose]())

const ann = { by: 'cli:ann', caller: 'ann' }
const unaborted = new AbortController().signal
const anyTime = { since: null, until: null }
const aim = { kind: 'false-positive-rate', most: 0.3 } as const
const decided = (at: number, score: number, own: object = {}) =>
  scoredDecision(tests * 1_000 + at, score, { group: place.group, principal: `caller-${at}`, ...own })
const record = (decisions: readonly ReturnType<typeof decided>[]) =>
  desk.storage.recordedDecisions.keep(decisions.map((decision) => ({ decision, sample: null })))
const complain = (at: number, principal: string) =>
  appeal(desk.storage, {
    id: `cmp_${tests}_${at}_${principal}`,
    decision: decided(at, 0).id,
    principal,
    group: place.group,
  })

/** What the processes of a service go by, as the configuration of the desk has it. */
const rule = { action: 'block', threshold: 0.5, mode: 'enforce' } as const
const profiles = { callers: { version: 1, inbound: {}, outbound: { toxicity: rule } } }
async function followed(group = place.group) {
  const thresholds = createThresholdsInForce({
    profiles,
    limits: { toxicity: { lowest: 0.3, highest: 0.8 } },
    groups: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`group-${at}`, ['callers']])),
  })
  const { problems } = thresholds.apply(await desk.storage.rollouts.state())
  const profile = namedProfiles(profiles).get('callers')
  if (profile === undefined) throw new Error('there is no profile')
  const inForce = thresholds.profileFor({ group, principal: 'caller-1', profile })
  return {
    threshold: inForce.profile.outbound.toxicity?.threshold,
    problems: problems.filter((problem) => problem.place.group === group).map(({ message }) => message),
  }
}

/** A set with labels of a person, of decisions that are harmful from a score on, and what is proposed of it. */
async function proposed(how: 'looser' | 'stricter' = 'looser') {
  const { from, harmfulFrom } = how === 'looser' ? { from: 0.4, harmfulFrom: 0.7 } : { from: 0.3, harmfulFrom: 0.48 }
  const decisions = Array.from({ length: 40 }, (_, at) =>
    decided(at, Number((from + (at * (0.95 - from)) / 40).toFixed(3))),
  )
  await record(decisions)
  for (const { id, scores } of decisions) {
    const truth = (scores[0]?.score ?? 0) >= harmfulFrom ? 'harmful' : 'harmless'
    await desk.keeper.label({ item: id, rule: 'toxicity', truth, why: 'read it', decision: null }, ann)
  }
  const name = `set-${tests}`
  await desk.keeper.makeSet({ name, place, ...anyTime }, ann)
  return desk.keeper.propose({ set: name, version: null, aim, ...anyTime }, ann, unaborted)
}

const nothing = { actedBefore: 0, actedAfter: 0, onlyBefore: 0, onlyAfter: 0, unknown: 0, complaints: 0 }
const seeStages = ({ id }: Rollout, stage: 'shadow' | 'canary') =>
  desk.storage.rollouts.count(id, [{ stage, arm: stage === 'canary' ? 'canary' : 'control', requests: 9, ...nothing }])

async function promoted(how: 'looser' | 'stricter') {
  const proposal = await proposed(how)
  const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
  const step = { rollout: rollout.id, why: 'w', digest: proposal.set.digest }
  await seeStages(rollout, 'shadow')
  await seeStages(await desk.keeper.canary({ ...step, share: 0.5 }, ann), 'canary')
  await desk.keeper.promote(step, ann)
  return { proposal, step }
}

describe('complaints', () => {
  it('of one caller count so many times a day and once of a decision, and move nothing', async () => {
    verifies('tuning.poison')
    const decisions = Array.from({ length: 60 }, (_, at) => decided(at, 0.6, { principal: 'flood' }))
    await record(decisions)
    for (let round = 0; round < 2; round += 1) for (const at of decisions.keys()) await complain(at, 'flood')
    const { total } = await desk.storage.complaints.list(
      { group: place.group, kind: null, state: null, reason: null, rule: null },
      100,
    )
    expect(total).toBe(20)
    await expect(desk.keeper.makeSet({ name: `set-${tests}`, place, ...anyTime }, ann)).rejects.toMatchObject({
      code: 'invalid-request',
    })
    expect((await followed()).threshold).toBe(0.5)
  })

  it('of many names wait for labels, and nothing is proposed of them', async () => {
    verifies('tuning.poison')
    await record(Array.from({ length: 60 }, (_, at) => decided(at, 0.6)))
    for (let at = 0; at < 60; at += 1) await complain(at, `caller-${at}`)
    const before = (await desk.storage.rollouts.state()).revision
    await expect(desk.keeper.makeSet({ name: `set-${tests}`, place, ...anyTime }, ann)).rejects.toMatchObject({
      code: 'invalid-request',
    })
    expect((await desk.storage.rollouts.state()).revision).toBe(before)
  })

  it('of all that one category blocks wrongly speak for these decisions, and make no proposal looser', () => {
    verifies('tuning.poison')
    const moved = [1, 2, 3, 4, 5, 6].map((seed) => {
      const traffic = madeTraffic({ seed, decisions: 10_000, baseRate: 0.05 })
      const counter = new PopulationCounter(madeDetectors)
      counter.add(traffic.page())
      const drawn = traffic.draw(200, seed)
      const proposal = (items: typeof drawn): number => {
        const answer = propose({
          set: { name: 'made', version: 1, digest: '', place, items },
          population: counter.population(),
          inForce: { threshold: 0.5, detectors: madeDetectors },
          limits: { lowest: 0.2, highest: 0.99 },
          aim: { kind: 'false-positive-rate', most: 0.005 },
        })
        return answer.kind === 'proposed' ? answer.to : 0.5
      }
      return proposal(together(drawn, traffic.appeals(1, seed))) - proposal(drawn)
    })
    expect(Math.max(...moved)).toBeLessThanOrEqual(0.05)
    expect(moved.reduce((sum, each) => sum + each, 0) / moved.length).toBeLessThanOrEqual(0.01)
  })

  it('and labels of one group move no threshold of another', async () => {
    verifies('tuning.poison')
    const { proposal } = await promoted('looser')
    expect((await followed()).threshold).toBe(proposal.to)
    expect((await followed('group-49')).threshold).toBe(0.5)
  })
})

describe('what people do', () => {
  it('is no label of their own complaint or call', async () => {
    verifies('tuning.poison')
    await record([decided(1, 0.6)])
    await complain(1, 'caller-1')
    const said = { rule: 'toxicity', truth: 'harmless', why: 'mine', decision: null } as const
    for (const item of [`cmp_${tests}_1_caller-1`, decided(1, 0).id]) {
      const self = { by: 'caller-1', caller: 'caller-1' }
      await expect(desk.keeper.label({ item, ...said }, self)).rejects.toMatchObject({ code: 'forbidden' })
    }
  })

  it('does not loosen a rule that they complained of, and not by taking a stricter threshold back', async () => {
    verifies('tuning.poison')
    const { step, proposal } = await promoted('stricter')
    expect(proposal.to).toBeLessThan(0.5)
    await record([decided(500, 0.6, { principal: 'eve' })])
    await complain(500, 'eve')
    const eve = { by: 'cli:eve', caller: 'eve' }
    await expect(desk.keeper.rollback(step, eve)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(desk.keeper.rollback({ ...step, digest: null }, ann)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await followed()).threshold).toBe(proposal.to)
    await desk.keeper.rollback(step, ann)
    expect((await followed()).threshold).toBe(0.5)
  })

  it('is no rollout that nothing can be held against', async () => {
    const proposal = await proposed('stricter')
    for (const bounds of [{ error: 0 }, { error: 1 }, { mostActedRatio: 0.9 }]) {
      await expect(desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds }, ann)).rejects.toMatchObject({
        code: 'invalid-request',
        parameter: 'bounds',
      })
    }
    expect(await desk.keeper.history(place)).toEqual([])
  })

  it('is done once: the same proposal, and the same step again, are refused', async () => {
    verifies('tuning.poison')
    const { step, proposal } = await promoted('looser')
    await expect(desk.keeper.promote(step, ann)).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.keeper.shadow({ proposal: proposal.id, why: 'again', bounds: {} }, ann)).rejects.toMatchObject({
      code: 'conflict',
    })
    const [rollout] = (await desk.keeper.history(place)).map((entry) => entry.rollout)
    const stale = { id: rollout?.id ?? '', revision: 1 }
    expect(await desk.storage.rollouts.step(stale, { to: 'rolled-back', by: 'eve', why: 'replayed' }, {})).toBeNull()
  })
})

describe('what is written into the storage', () => {
  /** As whoever writes the storage could: no keeper is asked. */
  async function written(to: number) {
    const rollout = await desk.storage.rollouts.begin(
      {
        id: `rol_${tests}`,
        place,
        proposal: 'tpr_none',
        from: 0.9,
        to,
        detectors: 'scored@1',
        share: 1,
        salt: 'known',
        bounds: defaultBounds,
      },
      { by: 'nobody', why: 'written' },
    )
    return desk.storage.rollouts.step(rollout, { to: 'promoted', by: 'nobody', why: 'written' }, {})
  }

  it.each([0.81, 0.95, 0.29, 0])('is followed by no process beyond the limits: %d', async (to) => {
    verifies('tuning.floor', 'tuning.poison')
    await written(to)
    const { threshold, problems } = await followed()
    expect(threshold).toBe(0.5)
    expect(problems[0]).toContain('The configured threshold holds.')
  })

  it('makes a looser threshold no stricter one: it is held against what is in force', async () => {
    verifies('tuning.poison')
    const proposal = await proposed('looser')
    const rollout = await desk.keeper.shadow({ proposal: proposal.id, why: 'w', bounds: {} }, ann)
    await seeStages(rollout, 'shadow')
    await desk.storage.database.db
      .updateTable('tuning_rollouts')
      .set({ from_threshold: 0.9 })
      .where('id', '=', rollout.id)
      .execute()
    const step = { rollout: rollout.id, why: 'w', share: 0.5, digest: null }
    await expect(desk.keeper.canary(step, ann)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

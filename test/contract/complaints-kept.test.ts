import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ComplaintNotice } from '../../src/core/complaints.ts'
import type { Principal } from '../../src/core/principal.ts'
import { openComplaining } from '../../src/compose/complaining.ts'
import { openHistory } from '../../src/compose/open-history.ts'
import { createConfigSchema } from '../../src/config/schema.ts'
import { createCanary } from '../../src/feedback/rollouts/in-canary.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { aDecision, aLabel, aRollout, aScore } from '../support/feedback/stored-examples.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const caller: Principal = { id: 'alice', kind: 'api-key', group: 'default' }
const request = { requestId: 'r1', signal: new AbortController().signal }
const comment = 'Zyanya wrote that it is a recipe.'

/** What listens to callers in one process of a service: its own hold of the storage of a folder, and of the key. */
async function listens(folder: string, feedback: object = {}) {
  const config = createConfigSchema(folder, join(folder, 'secrets')).parse({ feedback })
  const storage = await openTemporaryStorage(folder)
  const notices: ComplaintNotice[] = []
  const told = {
    onComplaint: async (notice: ComplaintNotice) => void notices.push(notice),
    onComplaintKept: () => undefined,
  }
  const telemetry = { notices: told, log: { warn: () => undefined } } as unknown as Pick<Telemetry, 'log' | 'notices'>
  const history = openHistory(config, storage)
  const heard = await openComplaining({ config, storage, history, telemetry })
  if (heard === null) throw new Error('nobody listens')
  return { ...heard, storage, history, notices }
}

const blocked = (index: number) =>
  aDecision(index, { made: new Date().toISOString(), scores: [aScore('toxicity', 0.9)] })

describe('complaints of a service of several processes', () => {
  afterEach(() => void vi.useRealTimers())

  it('speak against a threshold that lets too much pass, though nothing that passes is recorded', async () => {
    verifies('tuning.passed-counts')
    // What is opened keeps the clock that it finds.
    const start = Date.parse('2026-03-01T12:00:00.000Z')
    vi.setSystemTime(start)
    const { complaining, nameAnswer, storage } = await listens(temporaryFolder('complaints-'))
    const { rollouts } = storage
    const began = aRollout(1, { share: 0.5 })
    const shadow = await rollouts.begin(began, { by: 'ann', why: '' })
    await rollouts.step(shadow, { to: 'canary', by: 'ann', why: '' }, {})
    const keys = Array.from({ length: 6 }, (_, at) => `key_${at}`)
    const people = keys.map((id): Principal => ({ ...caller, id, endUser: 'somebody' }))
    let said = 0
    for (const person of people) {
      for (const decision of [null, ...Array.from({ length: 4 }, (_, at) => aDecision(at).id)]) {
        vi.setSystemTime(start + 2_000)
        const about = { answer: nameAnswer(person, decision) }
        // Nothing is waited for of an answer that is older.
        said += 1
        vi.setSystemTime(start + 10_000 + said)
        await complaining.thumb(person, { about, verdict: 'down', reason: 'harmful', comment: '' }, request)
      }
    }
    const isIn = createCanary(began)
    const canary = keys.filter(isIn).length
    const counted = async () => (await rollouts.seen(began.id))?.counts.map(({ arm, complaints }) => [arm, complaints])
    await expect.poll(counted).toEqual([
      ['canary', 3 * canary],
      ['control', 3 * (keys.length - canary)],
    ])
    expect([0, keys.length]).not.toContain(canary)
  })

  it('are about answers that any of them has named, kept sealed, and told by any of them', async () => {
    verifies('feedback.quiet', 'feedback.once')
    const folder = temporaryFolder('complaints-')
    const [one, other] = [await listens(folder), await listens(folder)]
    const decision = blocked(1)
    await one.storage.recordedDecisions.keep([{ decision, sample: null }])
    const about = { answer: one.nameAnswer(caller, decision.id) }
    const given = { about, verdict: 'down', reason: 'harmless', comment } as const
    const { complaint } = await other.complaining.thumb(caller, given, request)
    expect(complaint).toMatchObject({ kind: 'thumb', decision: decision.id, state: 'waiting' })
    expect(await one.complaining.thumb(caller, given, request)).toEqual({ complaint, isNew: false })
    expect(await one.history.complaints.open(complaint.id)).toMatchObject({ comment })
    const appeal = await one.complaining.appeal(caller, given, request)
    expect(await other.complaining.standing(caller, appeal.complaint.id)).toMatchObject({ outcome: null })
    const label = aLabel(1, { decision: decision.id, complaint: appeal.complaint.id, truth: 'harmless' })
    await one.storage.labels.keep(label)
    await one.storage.complaints.settle(appeal.complaint.id, 'labelled')
    expect(await other.complaining.standing(caller, appeal.complaint.id)).toMatchObject({ outcome: 'upheld' })
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const bytes = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    expect(bytes.some((each) => each.includes(complaint.id))).toBe(true)
    expect(bytes.some((each) => each.includes('Zyanya'))).toBe(false)
    expect(JSON.stringify([...one.notices, ...other.notices])).not.toContain('Zyanya')
  })

  it('are bounded over all of them together', async () => {
    verifies('feedback.limited')
    const folder = temporaryFolder('complaints-')
    const processes = [
      await listens(folder, { complaints: { most_a_day: 3 } }),
      await listens(folder, { complaints: { most_a_day: 3 } }),
    ]
    const thumbs = Array.from({ length: 8 }, async (_, at) => {
      const process = processes[at % 2]
      const about = { answer: process?.nameAnswer(caller, null) ?? '' }
      return process?.complaining.thumb(caller, { about, verdict: 'down', reason: 'wrong', comment: '' }, request)
    })
    const outcomes = await Promise.allSettled(thumbs)
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as { code: string }] : [],
    )
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'quota-exceeded'))
    expect(
      (
        await processes[0]?.storage.complaints.list(
          { group: null, kind: null, state: null, reason: null, rule: null },
          10,
        )
      )?.total,
    ).toBe(3)
  })

  it('are tried so often by one person, and not much oftener by all behind one key', async () => {
    verifies('feedback.limited')
    const { complaining } = await listens(temporaryFolder('complaints-'))
    const tried = async (endUser: string) => {
      const about = { answer: 'ans_none' } as const
      const given = { about, verdict: 'down', reason: 'wrong', comment: '' } as const
      return complaining.thumb({ ...caller, endUser }, given, request).catch((thrown: { code: string }) => thrown.code)
    }
    const all = async (people: readonly string[]) => Map.groupBy(await Promise.all(people.map(tried)), (code) => code)
    const ofAnn = await all(Array.from({ length: 30 }, () => 'ann'))
    expect([ofAnn.get('not-found')?.length, ofAnn.get('rate-limited')?.length]).toEqual([20, 10])
    const ofMany = await all(Array.from({ length: 300 }, (_, at) => `person ${at}`))
    expect(ofMany.get('rate-limited')?.length).toBeGreaterThan(100)
  })
})

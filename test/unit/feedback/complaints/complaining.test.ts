import { describe, expect, it } from 'vitest'
import type { Label, Truth } from '../../../../src/core/tuning.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import { countedSubject } from '../../../../src/gateway/abuse/subjects.ts'
import { complainingNowhere, type GivenAppeal } from '../../../../src/feedback/complaints/complaining.ts'
import { appealRequest } from '../../../../src/surfaces/wire/feedback.ts'
import { decisionId, listening, recordedDecision } from '../../../support/feedback/complaining.ts'
import { verifies } from '../../../support/verifies.ts'

const caller: Principal = { id: 'k1', kind: 'api-key', group: 'default' }
const request = { requestId: 'r1', signal: new AbortController().signal }
const about = (decision: string): GivenAppeal => ({ about: { decision }, reason: 'harmless', comment: 'It is a book.' })
const down = { verdict: 'down', reason: 'wrong', comment: '' } as const

describe('an appeal', () => {
  it('is taken of a decision about a call of its maker, for the group that it was made for', async () => {
    verifies('feedback.own-alone')
    const { complaining, stored, notices } = listening({ decisions: [recordedDecision({ group: 'staff' })] })
    const { complaint, isNew } = await complaining.appeal(caller, about(decisionId('a')), request)
    expect(isNew).toBe(true)
    expect(complaint).toMatchObject({
      id: expect.stringMatching(/^cmp_[0-9a-f]{32}$/) as string,
      kind: 'appeal',
      verdict: 'down',
      principal: 'k1',
      group: 'staff',
      decision: decisionId('a'),
      answer: null,
      state: 'waiting',
    })
    expect(stored.rows.get(complaint.id)?.comment).toBe('It is a book.')
    expect(notices).toEqual([
      {
        id: complaint.id,
        kind: 'appeal',
        verdict: 'down',
        reason: 'harmless',
        principal: 'k1',
        subject: 'k1',
        group: 'staff',
        decision: decisionId('a'),
        answer: null,
        requestId: 'r1',
      },
    ])
  })

  it('is the same refusal, as late, for a decision of somebody else and for one that never was; nothing is kept or told', async () => {
    verifies('feedback.own-alone')
    const refused = async (id: string) => {
      const { complaining, stored, notices, waits } = listening({ decisions: [recordedDecision({ principal: 'k2' })] })
      const fault = await complaining.appeal(caller, about(id), request).catch((thrown: unknown) => thrown)
      expect([stored.rows.size, notices.length]).toEqual([0, 0])
      return { fault, waits }
    }
    const [others, none] = [await refused(decisionId('a')), await refused(decisionId('b'))]
    expect(others).toEqual(none)
    expect(others.fault).toMatchObject({ code: 'not-found', parameter: 'decision' })
  })

  it('is taken of a decision that another process records a moment later', async () => {
    const { complaining, recorded, waits } = listening({
      decisions: [],
      wait: async (milliseconds) => {
        waits.push(milliseconds)
        if (waits.length === 2) recorded.set(decisionId('a'), recordedDecision())
      },
    })
    expect(await complaining.appeal(caller, about(decisionId('a')), request)).toMatchObject({ isNew: true })
  })

  it('is not taken of a decision that has withheld and changed nothing', async () => {
    for (const action of ['allow', 'annotate']) {
      const { complaining, stored } = listening({ decisions: [recordedDecision({ action })] })
      await expect(complaining.appeal(caller, about(decisionId('a')), request)).rejects.toMatchObject({
        code: 'conflict',
      })
      expect(stored.rows.size).toBe(0)
    }
  })

  it('is taken of an answer by its name, where a filter has changed that', async () => {
    const { complaining, nameAnswer } = listening({ decisions: [recordedDecision({ action: 'mask' })] })
    const named = { ...about(''), about: { answer: nameAnswer(caller, decisionId('a')) } }
    expect((await complaining.appeal(caller, named, request)).complaint).toMatchObject({ decision: decisionId('a') })
    const silent = { ...about(''), about: { answer: nameAnswer(caller, null) } }
    await expect(complaining.appeal(caller, silent, request)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is taken of an answer by its response, which is known when the page is opened again', async () => {
    const id = `resp_${'c'.repeat(32)}`
    expect(appealRequest.safeParse({ decision: id, reason: 'needed' }).success).toBe(true)
    const findAnswer = async (of: { readonly id: string }, asked: string) =>
      of.id === 'k1' && asked === id ? { decision: decisionId('a'), given: null } : null
    const { complaining } = listening({ findAnswer })
    const named = { ...about(''), about: { answer: id } }
    expect((await complaining.appeal(caller, named, request)).complaint).toMatchObject({ decision: decisionId('a') })
    const other = complaining.appeal({ ...caller, id: 'k2' }, named, request)
    await expect(other).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is answered as before when it is made again, and refused where it says something else', async () => {
    verifies('feedback.once')
    const { complaining, stored, kept } = listening()
    const first = await complaining.appeal(caller, about(decisionId('a')), request)
    const again = await complaining.appeal(caller, { ...about(decisionId('a')), comment: 'Again.' }, request)
    expect(again).toEqual({ complaint: first.complaint, isNew: false })
    const other = complaining.appeal(caller, { ...about(decisionId('a')), reason: 'needed' }, request)
    await expect(other).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(first.complaint.id) as string,
    })
    expect([...stored.rows.values()].map(({ comment }) => comment)).toEqual(['It is a book.'])
    expect(kept).toEqual([first.complaint.id])
  })

  it('waits until it is on the trail, and is not kept where it cannot be put there', async () => {
    const { complaining, stored } = listening({ tell: () => Promise.reject(new Error('the disk is full')) })
    await expect(complaining.appeal(caller, about(decisionId('a')), request)).rejects.toThrow('the disk is full')
    expect(stored.rows.size).toBe(0)
  })
})

describe('an opinion of an answer', () => {
  it('that has just come is of its decision, which is recorded a moment later', async () => {
    const { complaining, recorded, waits, nameAnswer } = listening({
      decisions: [],
      wait: async (milliseconds) => {
        waits.push(milliseconds)
        recorded.set(decisionId('a'), recordedDecision({ group: 'staff' }))
      },
    })
    const given = { about: { answer: nameAnswer(caller, decisionId('a')) }, ...down }
    const { complaint } = await complaining.thumb(caller, given, request)
    expect(complaint).toMatchObject({ decision: decisionId('a'), group: 'staff' })
    expect(waits).toHaveLength(1)
  })

  it('that is older waits for nothing: what is not recorded by then never is', async () => {
    let time = Date.parse('2026-11-30T12:00:00Z')
    const { complaining, waits, nameAnswer } = listening({ decisions: [], now: () => time })
    const given = { about: { answer: nameAnswer(caller, decisionId('a')) }, ...down }
    time += 4_000
    expect((await complaining.thumb(caller, given, request)).complaint.decision).toBeNull()
    expect(waits).toEqual([])
  })
})

describe('how many there may be', () => {
  const decisions = Array.from({ length: 4 }, (_, at) => recordedDecision({ id: decisionId(String(at)) }))
  const now = () => Date.parse('2026-11-30T23:00:00Z')

  it('is so many in a day of one caller, and whoever is refused is told when there may be more', async () => {
    verifies('feedback.limited')
    const { complaining, stored } = listening({ decisions, mostADay: 2, now })
    for (const { id } of decisions.slice(0, 2)) await complaining.appeal(caller, about(id), request)
    const refused = complaining.appeal(caller, about(decisions[2]?.id ?? ''), request)
    await expect(refused).rejects.toMatchObject({
      code: 'quota-exceeded',
      resetsAt: new Date('2026-12-01T00:00:00Z'),
      headers: ['retry-after', '3600'],
    })
    expect(stored.rows.size).toBe(2)
  })

  it('is counted of each person that an application has signed for, who see nothing of each other', async () => {
    verifies('feedback.limited')
    const [ann, bea] = [
      { ...caller, endUser: 'ann' },
      { ...caller, endUser: 'bea' },
    ] as const
    const of = (digit: string, whose: Principal) =>
      recordedDecision({ id: decisionId(digit), principal: countedSubject(whose) })
    const { complaining, stored } = listening({
      decisions: [of('0', ann), of('1', ann), of('2', bea)],
      mostADay: 1,
      now,
    })
    const { complaint } = await complaining.appeal(ann, about(decisionId('0')), request)
    await expect(complaining.appeal(ann, about(decisionId('1')), request)).rejects.toMatchObject({
      code: 'quota-exceeded',
    })
    for (const other of [bea, caller]) {
      await expect(complaining.appeal(other, about(decisionId('1')), request)).rejects.toMatchObject({
        code: 'not-found',
      })
    }
    await complaining.appeal(bea, about(decisionId('2')), request)
    expect([...stored.rows.values()].every(({ principal }) => /^user:[0-9a-f]{64}$/.test(principal))).toBe(true)
    expect(await complaining.standing(ann, complaint.id)).toMatchObject({ id: complaint.id })
    for (const other of [bea, caller]) {
      await expect(complaining.standing(other, complaint.id)).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  it('is counted of what is not found as well', async () => {
    verifies('feedback.limited')
    const counted: string[] = []
    const { complaining } = listening({ count: ({ id }) => void counted.push(id) })
    await complaining.appeal(caller, about(decisionId('b')), request).catch(() => undefined)
    await complaining.thumb(caller, { about: { answer: 'ans_none' }, ...down }, request).catch(() => undefined)
    expect(counted).toEqual(['k1', 'k1'])
  })
})

describe('a thumb', () => {
  it('is kept with the decision about the answer, where one is recorded and its caller’s', async () => {
    const { complaining, nameAnswer, stored } = listening({
      decisions: [recordedDecision(), recordedDecision({ id: decisionId('b'), principal: 'k2' })],
    })
    for (const [digit, decision] of [
      ['a', decisionId('a')],
      ['b', null],
      ['c', null],
    ] as const) {
      const answer = nameAnswer(caller, decisionId(digit))
      const { complaint } = await complaining.thumb(caller, { about: { answer }, ...down }, request)
      expect(complaint).toMatchObject({ kind: 'thumb', verdict: 'down', reason: 'wrong', answer, decision })
    }
    expect(stored.rows.size).toBe(3)
  })

  it('is taken of a decision, too', async () => {
    const { complaining } = listening({ decisions: [recordedDecision({ action: 'allow' })] })
    const given = { about: { decision: decisionId('a') }, verdict: 'down', reason: 'harmful', comment: '' } as const
    expect((await complaining.thumb(caller, given, request)).complaint).toMatchObject({
      answer: null,
      reason: 'harmful',
    })
    const missing = { ...given, about: { decision: decisionId('b') } }
    await expect(complaining.thumb(caller, missing, request)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is not taken of an answer of somebody else, nor of one from longer ago than anything is kept', async () => {
    verifies('feedback.own-alone')
    let time = Date.parse('2026-11-30T12:00:00Z')
    const { complaining, nameAnswer, stored } = listening({ now: () => time })
    const others = nameAnswer({ id: 'k2' }, null)
    const own = nameAnswer(caller, null)
    const thumb = (answer: string) => complaining.thumb(caller, { about: { answer }, ...down }, request)
    await expect(thumb(others)).rejects.toMatchObject({ code: 'not-found', parameter: 'answer' })
    time += 31 * 86_400_000
    await expect(thumb(own)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('more than 30 days ago'),
    })
    expect(stored.rows.size).toBe(0)
  })
})

describe('what came of an appeal', () => {
  const label = (complaint: string | null, truth: Truth, rule = 'toxicity') =>
    ({ decision: decisionId('a'), rule, truth, complaint }) as Label

  it.each<readonly [string, (id: string) => readonly Label[], string]>([
    ['upheld where its rule was wrong', (id) => [label(id, 'harmless')], 'upheld'],
    ['rejected where its rule was right', (id) => [label(id, 'harmful')], 'rejected'],
    ['undecided where nobody can say', (id) => [label(id, 'unsure')], 'undecided'],
    ['what was said last', (id) => [label(id, 'harmless'), label(null, 'harmful')], 'rejected'],
    ['upheld where one of its rules was wrong', (id) => [label(id, 'harmful'), label(id, 'harmless', 'pii')], 'upheld'],
    ['not what was said of another rule', (id) => [label(id, 'harmful'), label(null, 'harmless', 'pii')], 'rejected'],
  ])('is %s', async (_what, labelsOf, outcome) => {
    const { complaining, stored, labels } = listening()
    const { id } = (await complaining.appeal(caller, about(decisionId('a')), request)).complaint
    labels.push(...labelsOf(id))
    expect(await complaining.standing(caller, id)).toMatchObject({ state: 'waiting', outcome: null })
    stored.settle(id, 'labelled')
    expect(await complaining.standing(caller, id)).toMatchObject({ state: 'labelled', outcome })
    stored.settle(id, 'dismissed')
    expect(await complaining.standing(caller, id)).toMatchObject({ state: 'dismissed', outcome: null })
  })

  it('is told to its maker alone, without its comment, and of no thumb', async () => {
    verifies('feedback.own-alone')
    const { complaining } = listening()
    const { id } = (await complaining.appeal(caller, about(decisionId('a')), request)).complaint
    expect(Object.keys(await complaining.standing(caller, id)).toSorted()).not.toContain('sealed')
    await expect(complaining.standing({ ...caller, id: 'k2' }, id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(complaining.standing(caller, `cmp_${'0'.repeat(32)}`)).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('takes nothing where an operator has said so, and says that', async () => {
  const thumb = complainingNowhere.thumb(caller, { about: { answer: 'ans_x' }, ...down }, request)
  await expect(thumb).rejects.toMatchObject({
    code: 'not-found',
    advice: expect.stringContaining('feedback.complaints') as string,
  })
  await expect(complainingNowhere.appeal(caller, about(decisionId('a')), request)).rejects.toMatchObject({
    code: 'not-found',
  })
  await expect(complainingNowhere.standing(caller, 'cmp_x')).rejects.toMatchObject({ code: 'not-found' })
})

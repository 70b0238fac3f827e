import { describe, expect, it } from 'vitest'
import { DecisionRecorder, type DecisionRecorderOptions } from '../../../../src/feedback/recording/decision-recorder.ts'
import { createSampling } from '../../../../src/feedback/recording/strata.ts'
import { decidedContent, RecordedInMemory, scored, toldIn } from '../../../support/feedback/recorded.ts'

const never = new AbortController().signal
const by = { profile: { name: 'calls', version: 3 }, revision: 7, canary: 'rol_1' }
const seen = [{ text: 'so bad', from: 0, to: 6 }]

function recorderOf(changed: Partial<DecisionRecorderOptions> = {}) {
  const [storage, told] = [new RecordedInMemory(), [] as string[]]
  const recorder = new DecisionRecorder({
    decisions: storage.decisions,
    sampling: createSampling({ sample: 1, near: 0, takesComplaints: true, key: Buffer.alloc(32) }),
    texts: {
      mask: async (texts) => texts.map(({ text }) => text.toUpperCase()).join('\n'),
      seal: async (id, text) => ({ wrappedKey: `key of ${id}`, sealed: `sealed ${text}` }),
    },
    told: toldIn(told),
    now: () => new Date('2026-11-30T12:00:00Z'),
    ...changed,
  })
  return { recorder, storage, told }
}

describe('a recorded decision', () => {
  it('says whose it is, what was decided by which thresholds, and for how many it stands', async () => {
    const { recorder, storage } = recorderOf()
    recorder.record(decidedContent({ conversation: { id: () => 'conv_1' } }), by)
    await recorder.flush(never)
    expect(storage.kept).toEqual([
      {
        decision: {
          id: 'dec-1',
          principal: 'k1',
          group: 'staff',
          conversation: 'conv_1',
          direction: 'inbound',
          api: 'messages',
          profile: { name: 'calls', version: 3 },
          revision: 7,
          canary: 'rol_1',
          action: 'block',
          scores: [{ ...scored(0.8), detectors: 'words@1' }],
          stratum: 'withheld',
          weight: 1,
          made: '2026-11-30T12:00:00.000Z',
        },
        sample: null,
      },
    ])
  })

  it('belongs to a conversation that began after it was made', async () => {
    const { recorder, storage } = recorderOf()
    let id: string | null = null
    recorder.record(decidedContent({ conversation: { id: () => id } }), by)
    id = 'conv_2'
    await recorder.flush(never)
    expect(storage.kept[0]?.decision.conversation).toBe('conv_2')
  })

  it('is not kept where its stratum is not wanted', async () => {
    const { recorder, storage } = recorderOf({ sampling: () => null })
    recorder.record(decidedContent(), by)
    expect(recorder.isEmpty).toBe(true)
    await recorder.flush(never)
    expect(storage.batches).toEqual([])
  })
})

describe('the text of a decision', () => {
  it('is kept masked and sealed', async () => {
    const { recorder, storage } = recorderOf()
    recorder.record(decidedContent({ texts: seen }), by)
    await recorder.flush(never)
    expect(storage.kept[0]?.sample).toEqual({ wrappedKey: 'key of dec-1', sealed: 'sealed SO BAD' })
  })

  it('is not kept where texts are not wanted', async () => {
    const { recorder, storage } = recorderOf({ texts: null })
    recorder.record(decidedContent({ texts: seen }), by)
    await recorder.flush(never)
    expect(storage.kept[0]?.sample).toBeNull()
  })

  it.each([
    ['masked', { mask: () => Promise.reject(new Error('a detector is away')) }],
    ['sealed', { seal: () => Promise.reject(new Error('there is no key')) }],
  ])('is not kept where it could not be %s, and the decision is', async (_, failing) => {
    const texts = { mask: async () => 'masked', seal: async () => ({ wrappedKey: '', sealed: '' }), ...failing }
    const { recorder, storage, told } = recorderOf({ texts })
    recorder.record(decidedContent({ texts: seen }), by)
    await recorder.flush(never)
    expect(storage.kept).toMatchObject([{ decision: { id: 'dec-1' }, sample: null }])
    expect(told).toEqual([
      'dropped 1 text: unmasked',
      'fault: texts of decisions could not be masked and sealed, and are not kept',
      'recorded 1',
    ])
  })

  it('is not kept where it could not be deleted with the conversation that it will belong to', async () => {
    const { recorder, storage, told } = recorderOf()
    recorder.record(decidedContent({ texts: seen, conversation: { id: () => null } }), by)
    await recorder.flush(never)
    expect(storage.kept).toMatchObject([{ decision: { conversation: null }, sample: null }])
    expect(told[0]).toBe('dropped 1 text: no-conversation')
  })

  it('is masked once, however often the storage is away', async () => {
    let masked = 0
    const texts = {
      mask: async () => `masked ${(masked += 1)}`,
      seal: async (_: string, text: string) => ({ wrappedKey: '', sealed: text }),
    }
    const { recorder, storage } = recorderOf({ texts })
    recorder.record(decidedContent({ texts: seen }), by)
    storage.isAway = true
    await expect(recorder.flush(never)).rejects.toThrow('away')
    storage.isAway = false
    await recorder.flush(never)
    expect(storage.kept.map(({ sample }) => sample?.sealed)).toEqual(['masked 1'])
  })
})

describe('decisions that wait', () => {
  const many = (count: number, changed: Parameters<typeof decidedContent>[0] = {}, name = 'dec') =>
    Array.from({ length: count }, (_, at) => decidedContent({ id: `${name}-${at}`, ...changed }))

  it('are kept in batches, and in their order', async () => {
    const { recorder, storage } = recorderOf()
    for (const each of many(1_200)) recorder.record(each, by)
    await recorder.flush(never)
    expect(storage.batches.map(({ length }) => length)).toEqual([500, 500, 200])
    expect(storage.kept.map(({ decision }) => decision.id)).toEqual(many(1_200).map(({ id }) => id))
  })

  it('stay while the storage is away, and none is kept twice', async () => {
    const { recorder, storage } = recorderOf()
    for (const each of many(3)) recorder.record(each, by)
    storage.isAway = true
    for (let at = 0; at < 5; at += 1) await expect(recorder.flush(never)).rejects.toThrow('away')
    storage.isAway = false
    await recorder.flush(never)
    await recorder.flush(never)
    expect(storage.kept.map(({ decision }) => decision.id)).toEqual(['dec-0', 'dec-1', 'dec-2'])
  })

  it('are not held up for ever by one that no storage takes', async () => {
    const { recorder, storage, told } = recorderOf()
    for (const each of many(3)) recorder.record(each, by)
    storage.refused.add('dec-1')
    for (let at = 0; at < 2; at += 1) await expect(recorder.flush(never)).rejects.toThrow('refused')
    await recorder.flush(never)
    expect(storage.kept.map(({ decision }) => decision.id)).toEqual(['dec-0', 'dec-2'])
    expect(told).toContain('dropped 1 decision: storage')
    expect(recorder.isEmpty).toBe(true)
  })

  it('are so many at most: a sample makes room for what somebody may object to, and what is dropped is told', async () => {
    const { recorder, storage, told } = recorderOf()
    for (const each of many(9_999)) recorder.record(each, by)
    recorder.record(decidedContent({ id: 'sample', action: 'allow' }), by)
    recorder.record(decidedContent({ id: 'another sample', action: 'allow' }), by)
    recorder.record(decidedContent({ id: 'objected' }), by)
    recorder.record(decidedContent({ id: 'too many' }), by)
    await recorder.flush(never)
    const ids = new Set(storage.kept.map(({ decision }) => decision.id))
    expect([ids.size, ids.has('objected'), ids.has('sample'), ids.has('too many')]).toEqual([
      10_000,
      true,
      false,
      false,
    ])
    expect(told.filter((line) => line.startsWith('dropped'))).toEqual(Array(3).fill('dropped 1 decision: full'))
  })

  it('hold so many characters of texts at most', async () => {
    const { recorder, storage, told } = recorderOf()
    const long = [{ text: 'x'.repeat(3_000_000), from: 0, to: 10 }]
    for (const each of many(3, { texts: long })) recorder.record(each, by)
    await recorder.flush(never)
    expect(told[0]).toBe('dropped 1 text: full')
    expect(storage.kept.map(({ sample }) => sample === null)).toEqual([false, false, true])
    recorder.record(decidedContent({ texts: long }), by)
    await recorder.flush(never)
    expect(storage.kept[3]?.sample).not.toBeNull()
  })

  it('are told as lost where nobody keeps them any more', () => {
    const { recorder, told } = recorderOf()
    for (const each of many(3)) recorder.record(each, by)
    recorder.abandon()
    expect([told, recorder.isEmpty]).toEqual([['dropped 3 decision: storage'], true])
  })
})

import { describe, expect, it } from 'vitest'
import type { Complaints, SealedComplaint } from '../../../src/core/complaints.ts'
import { ComplaintVault } from '../../../src/sealed/complaint-vault.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { scoredDecision } from '../../support/feedback/tuning-desk.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'
import { verifies } from '../../support/verifies.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const facts = {
  id: 'cmp_1',
  kind: 'appeal',
  verdict: 'down',
  reason: 'harmless',
  principal: 'k1',
  group: 'default',
  decision: 'dec-1',
  answer: null,
} as const
const comment = 'Żółć O’Hara \u{1f600} "; DROP TABLE'
const { signal } = new AbortController()

const vaultOn = (stored: Complaints, current = first, former: readonly Buffer[] = []) =>
  new ComplaintVault(stored, async () => new KeyRing(current, former))

async function withOne(): Promise<Complaints> {
  const { complaints } = await openTemporaryStorage()
  await vaultOn(complaints).keep(facts, comment, 20)
  return complaints
}

describe('a complaint in the vault', () => {
  it('is opened to the letter, and is null where there is none', async () => {
    const stored = await withOne()
    expect(await vaultOn(stored).open('cmp_1')).toMatchObject({ ...facts, state: 'waiting', comment })
    expect(await vaultOn(stored).open('cmp_2')).toBeNull()
  })

  it('is there without its comment once that went with its conversation, and has no key to wrap again', async () => {
    verifies('feedback.forgotten')
    const { complaints, recordedDecisions } = await openTemporaryStorage()
    const decision = scoredDecision(1, 0.6, { id: 'dec-1', principal: 'k1', conversation: 'conv_1' })
    await recordedDecisions.keep([{ decision, sample: null }])
    await vaultOn(complaints).keep(facts, comment, 20)
    await recordedDecisions.forgetConversation('conv_1')
    expect(await vaultOn(complaints).open('cmp_1')).toMatchObject({ ...facts, state: 'waiting', comment: null })
    expect(await vaultOn(complaints, second, [first]).rewrap(signal)).toEqual({ rewrapped: 0, lost: 0 })
  })

  it('is stored with nothing of its comment that can be read', async () => {
    verifies('feedback.quiet')
    const stored = await withOne()
    const kept = JSON.stringify(await stored.find('cmp_1'))
    for (const part of ['Hara', 'DROP']) expect(kept).not.toContain(part)
  })

  it('is opened whatever has become of it, and told what was kept before', async () => {
    const stored = await withOne()
    const again = await vaultOn(stored).keep({ ...facts, id: 'cmp_2' }, 'Other words.', 20)
    expect(again).toMatchObject({ outcome: 'repeated', complaint: { id: 'cmp_1' } })
    await stored.settle('cmp_1', 'dismissed')
    expect(await vaultOn(stored).open('cmp_1')).toMatchObject({ state: 'dismissed', comment })
  })

  it('is opened with a former key of the service, wrapped by the new one from then on, and by no other key', async () => {
    const stored = await withOne()
    await expect(vaultOn(stored, second).open('cmp_1')).rejects.toMatchObject({ code: 'internal' })
    expect(await vaultOn(stored, second).rewrap(signal)).toEqual({ rewrapped: 0, lost: 1 })
    expect(await vaultOn(stored, second, [first]).open('cmp_1')).toMatchObject({ comment })
    expect(await vaultOn(stored, second).open('cmp_1')).toMatchObject({ comment })
    expect(await vaultOn(stored, first, [second]).rewrap(signal)).toEqual({ rewrapped: 1, lost: 0 })
    expect(await vaultOn(stored, first).open('cmp_1')).toMatchObject({ comment })
  })

  it.each<readonly [keyof SealedComplaint, string]>([
    ['kind', 'thumb'],
    ['verdict', 'up'],
    ['reason', 'harmful'],
    ['principal', 'k2'],
    ['group', 'staff'],
    ['decision', 'dec-2'],
    ['answer', 'ans_1'],
    ['sealed', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('is not opened where its %s was changed', async (member, value) => {
    const stored = await withOne()
    const find: Complaints['find'] = async (id) => {
      const row = await stored.find(id)
      return row === null ? null : { ...row, [member]: value }
    }
    await expect(vaultOn({ ...stored, find }).open('cmp_1')).rejects.toThrow(/authenticate data/)
  })
})

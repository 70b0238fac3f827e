import { describe, expect, it } from 'vitest'
import type { SealedApproval } from '../../../src/core/approvals.ts'
import { ApprovalVault, mostWaiting } from '../../../src/sealed/approval-vault.ts'
import { keyForUse } from '../../../src/sealed/data-key.ts'
import { KeyRing, seal } from '../../../src/sealed/key-ring.ts'
import { approvalsInMemory } from '../../support/storage/approvals-in-memory.ts'
import { verifies } from '../../support/verifies.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const alice = { id: 'k1', group: 'default' }
const question = {
  digest: 'ab'.repeat(32),
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  requestId: 'r1',
  rules: ['deny/late'],
  text: 'DELETE FROM \u001b[2J"Żółć" \u{1f600}\u0000\n',
  reason: 'It is late, "Ann".',
}
const vaultOn = (stored = approvalsInMemory(), current = first, former: readonly Buffer[] = []) =>
  new ApprovalVault(stored, async () => new KeyRing(current, former), 600_000)

async function withOne() {
  const stored = approvalsInMemory()
  const { id } = await vaultOn(stored).ask(alice, question)
  return { stored, id }
}

describe('an approval in the vault', () => {
  it('is opened to the letter by whoever shows, takes or asks it', async () => {
    const { stored, id } = await withOne()
    expect(id).toMatch(/^apr-[\w-]{24}$/)
    const opened = { ...question, id, principal: 'k1', group: 'default', state: 'pending', expires: new Date(600_000) }
    expect(await vaultOn(stored).show(id)).toMatchObject(opened)
    expect(await vaultOn(stored).take(alice, question.digest)).toMatchObject(opened)
    expect(await vaultOn(stored).take({ id: 'k2' }, question.digest)).toBeNull()
    expect(await vaultOn(stored).show('apr-2')).toBeNull()
    expect(await vaultOn(stored).decide(id, 'allowed', 'cli:ann')).toMatchObject({ state: 'allowed' })
    expect((await vaultOn(stored).list({ most: 1 })).map((each) => each.id)).toEqual([id])
  })

  it('keeps what somebody wrote in its place beside what was asked, sealed and for the same approval alone', async () => {
    verifies('approvals.sealed')
    const stored = approvalsInMemory()
    const { id } = await vaultOn(stored).ask(alice, { ...question, editable: 'DELETE \u{1f600}' })
    expect(await vaultOn(stored).show(id)).toMatchObject({ editable: 'DELETE \u{1f600}' })
    expect(await vaultOn(stored).show(id)).not.toHaveProperty('changedTo')
    const other = await vaultOn(stored).ask(alice, { ...question, digest: 'ac'.repeat(32) })
    const changed = await vaultOn(stored).decide(id, { changedTo: 'SELECT \u0000"Ann"' }, 'k1')
    expect(changed).toMatchObject({ state: 'refused', decidedBy: 'k1' })
    // Another process, after the key was changed.
    await vaultOn(stored, second, [first]).rewrap(new AbortController().signal)
    const words = { text: question.text, reason: question.reason, editable: 'DELETE \u{1f600}' }
    expect(await vaultOn(stored, second).show(id)).toMatchObject({ ...words, changedTo: 'SELECT \u0000"Ann"' })
    expect(JSON.stringify([...stored.rows])).not.toContain('Ann')
    const { sealed = '' } = stored.rows.get(id) ?? {}
    stored.rows.set(other.id, { ...(await stored.show(other.id)), sealed } as SealedApproval)
    await expect(vaultOn(stored, second).show(other.id)).rejects.toMatchObject({ code: 'internal' })
    await expect(vaultOn(stored).decide('apr-2', { changedTo: 'x' }, 'k1')).rejects.toThrow('apr-2')
  })

  it('is opened where an earlier version sealed it, which knew of no other text', async () => {
    const { stored, id } = await withOne()
    const row = stored.rows.get(id)
    if (row === undefined) throw new Error('nothing was kept')
    const { principal, group, digest, tool, language, source, rules, requestId } = row
    const about = JSON.stringify([id, principal, group, digest, tool, language, source, rules, requestId])
    const key = keyForUse(new KeyRing(first, []).unwrap(row.wrappedKey, id), 'sallyport approvals 1')
    stored.rows.set(id, { ...row, sealed: seal(key, JSON.stringify(['SELECT 1', 'Look.']), about) })
    const opened = await vaultOn(stored).show(id)
    expect(opened).toMatchObject({ text: 'SELECT 1', reason: 'Look.' })
    expect(opened).not.toHaveProperty('editable')
  })

  it('is stored as nothing that can be read, each under a key of its own', async () => {
    verifies('approvals.sealed')
    const { stored } = await withOne()
    await vaultOn(stored).ask(alice, question)
    const kept = JSON.stringify([...stored.rows])
    for (const part of ['DELETE', 'late, ', 'Ann']) expect(kept).not.toContain(part)
    const [one, other] = [...stored.rows.values()]
    expect(one?.sealed).not.toBe(other?.sealed)
    expect(one?.wrappedKey).not.toBe(other?.wrappedKey)
  })

  it.each([
    { principal: 'k2' },
    { group: 'other' },
    { digest: 'ac'.repeat(32) },
    { tool: 'run_python' },
    { language: null },
    { source: 'payroll' },
    { rules: [] },
    { requestId: 'r2' },
  ])('does not open where the storage says another %j of it', async (own) => {
    verifies('approvals.sealed')
    const { stored, id } = await withOne()
    const [row] = [...stored.rows.values()]
    if (row !== undefined) stored.rows.set(id, { ...row, ...own })
    await expect(vaultOn(stored).show(id)).rejects.toMatchObject({ code: 'internal' })
    const { principal, digest } = { ...alice, principal: alice.id, ...question, ...own }
    await expect(vaultOn(stored).take({ id: principal }, digest)).rejects.toMatchObject({ code: 'internal' })
  })

  it('is wrapped by another key without being opened, and then needs the former one no more', async () => {
    const { stored, id } = await withOne()
    const { signal } = new AbortController()
    expect(await vaultOn(stored, second).rewrap(signal)).toEqual({ rewrapped: 0, lost: 1 })
    await expect(vaultOn(stored, second).show(id)).rejects.toMatchObject({ code: 'internal' })
    expect(await vaultOn(stored, second, [first]).rewrap(signal)).toEqual({ rewrapped: 1, lost: 0 })
    expect(await vaultOn(stored, second).show(id)).toMatchObject({ text: question.text })
  })

  it('is not asked where too many of the caller wait', async () => {
    const stored = approvalsInMemory()
    for (let index = 0; index < mostWaiting; index += 1) await vaultOn(stored).ask(alice, question)
    await expect(vaultOn(stored).ask(alice, question)).rejects.toMatchObject({ code: 'quota-exceeded' })
  })
})

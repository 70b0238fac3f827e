import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createApprovalKeeper } from '../../src/compose/approval-keeping.ts'
import { createConfigSchema } from '../../src/config/schema.ts'
import { openKeyRing } from '../../src/gateway/privacy/keys/service-key.ts'
import { ApprovalVault } from '../../src/sealed/approval-vault.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const alice = { id: 'alice', group: 'default' }
const question = (digest: string) => ({
  digest,
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  rules: ['ask/write'],
  requestId: 'r1',
  text: "DELETE FROM staff WHERE name = 'Ann'",
  reason: 'It deletes.',
})
const digests = ['a1', 'b2'].map((start) => start.repeat(32))

describe('the approvals at the command line', () => {
  it('are shown and decided in the name of who does it, with a line on the trail before, and never the text', async () => {
    verifies('approvals.trail')
    const folder = temporaryFolder('approval-keeper-')
    const config = createConfigSchema(folder, join(folder, 'secrets')).parse({})
    await using storage = await openStorage(config, { for: 'service' })
    const approvals = new ApprovalVault(storage.approvals, () => openKeyRing(config), 600_000)
    const asked = [
      await approvals.ask(alice, question(digests[0] ?? '')),
      await approvals.ask(alice, question(digests[1] ?? '')),
    ]
    const [one, other] = asked.map(({ id }) => id) as [string, string]
    const keeper = createApprovalKeeper(config)
    expect((await keeper.list({ waiting: true, most: 9 })).map(({ id }) => id).toSorted()).toEqual(
      [one, other].toSorted(),
    )
    expect(await keeper.show(one)).toMatchObject(question(digests[0] ?? ''))
    const by = `cli:${userInfo().username}`
    expect(await keeper.decide(one, 'allowed')).toMatchObject({ id: one, state: 'allowed', decidedBy: by })
    expect(await keeper.decide(other, 'refused')).toMatchObject({ state: 'refused', decidedBy: by })
    // The service that asked knows at once.
    expect(await approvals.take(alice, digests[0] ?? '')).toMatchObject({ id: one, decidedBy: by })
    expect(await approvals.take(alice, digests[1] ?? '')).toBeNull()
    await expect(keeper.decide(one, 'refused')).rejects.toMatchObject({ code: 'conflict' })
    await expect(keeper.show('apr-9')).rejects.toMatchObject({ code: 'not-found' })
    await expect(keeper.decide('apr-9', 'allowed')).rejects.toMatchObject({ code: 'not-found' })
    const trail = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    const told = trail
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { fact: { event: string } }).fact)
      .filter(({ event }) => event.startsWith('approval-'))
    const facts = {
      digest: digests[0],
      tool: 'run_sql',
      principal: 'alice',
      group: 'default',
      rules: ['ask/write'],
      by,
    }
    expect(told).toMatchObject([
      { event: 'approval-show', approval: one, by },
      { event: 'approval-show-end', done: true },
      { event: 'approval-allowed', approval: one, ...facts },
      { event: 'approval-allowed-end', done: true },
      { event: 'approval-refused', approval: other, ...facts, digest: digests[1] },
      { event: 'approval-refused-end', done: true },
      { event: 'approval-refused', approval: one, ...facts },
      { event: 'approval-refused-end', done: false },
    ])
    expect(trail).not.toMatch(/DELETE|Ann|It deletes/)
  })

  it('make no key to open what another key has sealed', async () => {
    const folder = temporaryFolder('approval-keeper-')
    const config = createConfigSchema(folder, join(folder, 'secrets')).parse({})
    await using storage = await openStorage(config, { for: 'service' })
    const keys = () => openKeyRing(createConfigSchema(folder, join(folder, 'elsewhere')).parse({}))
    const { id } = await new ApprovalVault(storage.approvals, keys, 600_000).ask(alice, question(digests[0] ?? ''))
    await expect(createApprovalKeeper(config).show(id)).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

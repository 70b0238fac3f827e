import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApprovalKeeper } from '../../../../src/service/approval-keeper.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { approvalsInMemory } from '../../../support/policy/approvals-in-memory.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('sallyport-remote-approvals-')
const question = {
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  text: 'DELETE FROM t',
  rules: ['ask/write'],
  reason: 'Look at it.',
  requestId: 'r1',
} as const

/** Two stores in which the same was asked: one behind a service, one of this machine. */
const [far, near] = [approvalsInMemory(), approvalsInMemory()]
let service: AdminService
beforeAll(async () => {
  for (const store of [far, near]) {
    for (const digit of ['0', '1', '2']) {
      await store.ask({ id: `key_${digit}`, group: 'sales' }, { ...question, digest: digit.repeat(64) })
    }
    await store.decide('apr-3', { changedTo: 'SELECT 1' }, 'key_2')
  }
  service = await startAdmin({ approvals: far, scopes: ['admin', 'approve'] })
})
afterAll(() => service[Symbol.asyncDispose]())

const there = (words: readonly string[], key = service.key) => {
  const { sallyport, openers } = createFakeSallyport({})
  const variables = { SALLYPORT_KEY: key }
  return runCommand(['approvals', ...words, '--server', service.url], {
    sallyport,
    openers,
    workingDirectory,
    variables,
  })
}
const here = (words: readonly string[]) => {
  const approvals: ApprovalKeeper = {
    list: (filter) => near.list(filter),
    show: async (id) => (await near.show(id)) ?? Promise.reject(new Error('there is none')),
    decide: (id, verdict) => near.decide(id, verdict, 'cli:mia'),
  }
  const { sallyport, openers } = createFakeSallyport({ approvals })
  return runCommand(['approvals', ...words], { sallyport, openers, workingDirectory })
}

describe('approvals of a service elsewhere', () => {
  it.each([
    [['list']],
    [['list', '--output', 'json']],
    [['list', '--all', '--output', 'json']],
    [['show', 'apr-1']],
    [['show', 'apr-1', '--output', 'json']],
    [['show', 'apr-3', '--output', 'json']],
    [['allow', 'apr-1']],
    [['refuse', 'apr-2']],
  ])('are read and decided in the words of those here: %j', async (words) => {
    verifies('admin.remote', 'approvals.operators')
    expect(await there(words)).toEqual(await here(words))
  })

  it('are decided once, as here, and by a key that may', async () => {
    verifies('approvals.operators')
    expect((await there(['refuse', 'apr-1'])).exitCode).toBe((await here(['refuse', 'apr-1'])).exitCode)
    expect((await there(['show', 'apr-9'])).exitCode).toBe(2)
    const denied = await there(['allow', 'apr-1'], await service.makeKey(['admin']))
    expect(denied).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('approve') as string })
  })
})

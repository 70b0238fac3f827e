import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOperatorShares } from '../../../../src/service/shares/operator-shares.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('sallyport-remote-shares-')
const times = { made: new Date('2026-11-01T00:00:00Z'), expires: new Date('2036-01-01T00:00:00Z') }

let service: AdminService
const ids: string[] = []
beforeAll(async () => {
  service = await startAdmin()
  ids.push(await service.makeShare({ ...times, title: 'Salaries\u001b[2J' }))
  const link = { audience: 'link', group: 'public', principal: 'bob', secretDigest: 'b'.repeat(64) } as const
  ids.push(await service.makeShare({ ...times, ...link, made: new Date('2026-11-02T00:00:00Z') }))
})
afterAll(() => service[Symbol.asyncDispose]())

const there = (words: readonly string[], key = service.key) => {
  const { sallyport, openers } = createFakeSallyport({})
  const variables = { SALLYPORT_KEY: key }
  const all = ['shares', ...words, '--server', service.url]
  return runCommand(all, { sallyport, openers, workingDirectory, variables })
}
const here = (words: readonly string[]) => {
  const { sallyport, openers } = createFakeSallyport({ shares: createOperatorShares(service.shares) })
  return runCommand(['shares', ...words], { sallyport, openers, workingDirectory })
}

describe('the command for shares', () => {
  it('says of each who gave it to whom, and its title where it is asked for', async () => {
    verifies('shares.operators')
    const [first = '', link = ''] = ids
    expect((await here(['list'])).stdout).toBe(
      `${link}  until 2036-01-01T00:00:00.000Z  link, as public  by bob\n${first}  until 2036-01-01T00:00:00.000Z  group team  by alice\n`,
    )
    expect((await here(['show', first])).stdout).toMatch(/^title {5}Salaries\u{fffd}\[2J$/mu)
    expect((await here(['list', '--group', 'nobody'])).stdout).toBe('Nothing is shared.\n')
    const many = await service.shares.listEvery({}, { most: 9 })
    const list = async () => Array.from({ length: 101 }, (_, at) => Object.assign({}, many[0], { id: `shr-${at}` }))
    const { sallyport, openers } = createFakeSallyport({ shares: { list } })
    const { stdout, stderr } = await runCommand(['shares', 'list'], { sallyport, openers, workingDirectory })
    expect([stdout.split('\n').length, stderr]).toEqual([101, 'There are more: --after shr-99\n'])
  })

  it.each([
    ['list'],
    ['list', '--output', 'json'],
    ['list', '--audience', 'link', '--output', 'json'],
    ['list', '--group', 'team', '--caller', 'alice'],
    ['show', 'ID'],
    ['show', 'ID', '--output', 'json'],
  ])('reads those of a service elsewhere in the words of those here: %j %j', async (...given) => {
    verifies('admin.remote', 'shares.operators')
    const words = given.map((word) => (word === 'ID' ? (ids[0] ?? '') : word))
    const told = await there(words)
    expect(told).toEqual(await here(words))
    expect(told.exitCode).toBe(0)
  })

  it('ends one of a service elsewhere, for whoever may', async () => {
    verifies('admin.remote', 'shares.operators')
    const id = await service.makeShare({ principal: 'carol' })
    expect((await there(['revoke', id], await service.makeKey(['sessions']))).exitCode).toBe(4)
    expect(await service.shares.find(id)).not.toBeNull()
    expect(await there(['revoke', id])).toMatchObject({
      exitCode: 0,
      stdout: `Revoked ${id}: nobody opens it any more.\n`,
    })
    expect(await service.shares.find(id)).toBeNull()
    const [far, near] = [await there(['revoke', id]), await here(['revoke', id])]
    expect([far.exitCode, far.stdout]).toEqual([near.exitCode, near.stdout])
    expect(far.exitCode).toBe(2)
  })
})

import { describe, expect, it } from 'vitest'
import type { LimitKeeper } from '../../../../src/service/limits.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const day = { per: 'key', unit: 'tokens', window: 'day', most: 5_000 } as const
const month = { per: 'tenant', unit: 'money', window: 'month', most: 9_000_000 } as const

function run(words: readonly string[], limits: Partial<LimitKeeper> = {}) {
  const { sallyport, openers } = createFakeSallyport({ limits })
  return runCommand(['limits', ...words], {
    sallyport,
    openers,
    workingDirectory: temporaryFolder('sallyport-limits-'),
  })
}

describe('limits', () => {
  it('list has what the configuration sets for each group', async () => {
    verifies('limits.commands')
    const list = async () => [{ group: 'default', limits: [day, month] }]
    expect((await run(['list'], { list })).stdout).toBe(
      'default  per key  tokens  day  5,000\ndefault  per tenant  money  month  9,000,000\n',
    )
    const { stdout } = await run(['list', '--output', 'json'], { list })
    expect(JSON.parse(stdout)).toEqual({ groups: [{ group: 'default', limits: [day, month] }] })
  })

  it('show has what a caller has used, holds and has left, and asks for the person that is named', async () => {
    verifies('limits.commands')
    const asked: unknown[] = []
    const show: LimitKeeper['show'] = async (request) => {
      asked.push(request)
      const nextAt = '2026-11-30T00:00:00.000Z'
      return { group: 'default', limits: [{ ...day, used: 1_200, held: 300, left: 3_500, nextAt }] }
    }
    const { stdout } = await run(['show', 'k1', '--person', 'ann', '--group', 'default'], { show })
    expect(stdout).toBe(
      'group  default\n' +
        'per key  tokens  day  1,200 used, 300 held, 3,500 left of 5,000  more at 2026-11-30T00:00:00.000Z\n',
    )
    expect(asked).toEqual([{ principal: 'k1', group: 'default', person: 'ann' }])
    const json = JSON.parse((await run(['show', 'k1', '--output', 'json'], { show })).stdout) as object
    expect(json).toEqual({
      group: 'default',
      limits: [{ ...day, used: 1_200, held: 300, left: 3_500, next_at: '2026-11-30T00:00:00.000Z' }],
    })
    expect(asked.at(-1)).toEqual({ principal: 'k1', group: null, person: null })
  })

  it('are asked of another machine over TLS alone, since the key of an operator goes along', async () => {
    verifies('admin.remote-tls')
    for (const server of [
      'http://gateway.example:8081',
      'http://127.0.0.1.example:8081',
      'http://[2001:db8::1]:8081',
    ]) {
      const { exitCode, stderr } = await run(['list', '--server', server])
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('without TLS') as string })
    }
    for (const server of ['https://gateway.invalid', 'http://127.0.0.1:9', 'http://[::1]:9', 'http://localhost:9']) {
      expect((await run(['list', '--server', server])).stderr).toContain('no key to ask the service with')
    }
  })

  it('set is no command, and says where limits are set', async () => {
    const { exitCode, stderr } = await run(['set', 'k1', '--tokens', '5'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('gateway.groups.NAME') as string,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { ReportKeeper } from '../../../../src/service/report-keeper.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const facts = {
  id: 'prp_1',
  principal: 'k1\u001b[2J',
  receipt: 'prc_1',
  fault: 'missed',
  made: '2026-01-02T03:04:05.000Z',
} as const
const text = { kind: 'pii/person', value: 'Ann\u001b[2J\nLee', context: '', note: 'seen twice' }

const run = (words: readonly string[], reports: Partial<ReportKeeper>) => {
  const { sallyport, openers } = createFakeSallyport({ reports })
  const workingDirectory = temporaryFolder('reports-command-')
  return runCommand(['pii', 'reports', ...words], { sallyport, openers, workingDirectory })
}

describe('pii reports list', () => {
  it('has a line for each, and says how many more wait', async () => {
    const { stdout, stderr } = await run(['list'], { list: async () => ({ reports: [facts], total: 1_201 }) })
    expect(stdout).toBe('prp_1  2026-01-02T03:04:05.000Z  missed    k1\u{fffd}[2J  prc_1\n')
    expect(stderr).toBe('1,200 more wait behind these.\n')
    expect((await run(['list'], { list: async () => ({ reports: [], total: 0 }) })).stdout).toBe('No report waits.\n')
  })

  it('is a document for programs', async () => {
    const { stdout } = await run(['list', '--output', 'json'], { list: async () => ({ reports: [facts], total: 1 }) })
    const { principal: key, made: made_at, ...rest } = facts
    expect(JSON.parse(stdout)).toEqual({ reports: [{ ...rest, key, made_at }], total: 1 })
  })
})

describe('pii reports show', () => {
  const shows: boolean[] = []
  const show: ReportKeeper['show'] = async (_id, { values }) => {
    shows.push(values)
    return { ...facts, text }
  }

  it('prints no text unless it is asked for, and asks the keeper for what it prints', async () => {
    verifies('pii.reports-read')
    const { stdout } = await run(['show', 'prp_1'], { show })
    expect(stdout).toContain('kind     pii/person\n')
    expect(stdout).toContain('value    11 characters (--show-values prints them)\ncontext  none\n')
    expect(stdout).not.toMatch(/Ann|twice/)
    const json = await run(['show', 'prp_1', '--output', 'json'], { show })
    expect(json.stdout).not.toMatch(/Ann|twice/)
    expect(JSON.parse(json.stdout)).toMatchObject({ characters: { value: 11, context: 0, note: 10 } })
    expect(shows).toEqual([false, false])
  })

  it('prints the texts where they are asked for, and nothing of them drives a terminal', async () => {
    const { stdout } = await run(['show', 'prp_1', '--show-values'], { show })
    expect(stdout).toContain('value    Ann\u{fffd}[2J\n         Lee\ncontext  \nnote     seen twice\n')
    const json = await run(['show', 'prp_1', '--show-values', '--output', 'json'], { show })
    expect(JSON.parse(json.stdout)).toMatchObject({ ...text })
    expect(shows.slice(-2)).toEqual([true, true])
  })
})

describe('pii reports close', () => {
  it('says what it closed, and with another code that nothing was', async () => {
    const close: ReportKeeper['close'] = async (ids) => {
      if (ids.includes('none')) throw new ServiceError('not-found', 'There is no report "none".')
    }
    expect((await run(['close', 'prp_1'], { close })).stdout).toBe('Closed prp_1.\n')
    expect((await run(['close', 'prp_1', 'prp_2'], { close })).stdout).toBe('Closed 2 reports.\n')
    const json = await run(['close', 'prp_1', '--output', 'json'], { close })
    expect(JSON.parse(json.stdout)).toEqual({ closed: ['prp_1'] })
    expect(await run(['close', 'none'], { close })).toMatchObject({ exitCode: 2, stdout: '' })
    expect((await run(['close'], { close })).exitCode).toBe(2)
  })
})

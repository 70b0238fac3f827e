import { describe, expect, it } from 'vitest'
import type { Approval } from '../../../../src/core/approvals.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { ApprovalKeeper } from '../../../../src/service/approval-keeper.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const facts = {
  id: 'apr-1',
  principal: 'k1\u001b[2J',
  group: 'default',
  requestId: 'r1',
  digest: 'ab'.repeat(32),
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  rules: ['deny/late', 'ask/write'],
  asked: new Date('2026-01-02T03:04:05.000Z'),
  expires: new Date('2026-01-02T03:14:05.000Z'),
  state: 'pending',
  decidedBy: null,
} as const
const long = 'x'.repeat(5_000)
const text = `DELETE FROM t\u001b[2K\u001b[1A;\r-- \u202eharmless\nid       apr-2\n${long}`
const approval: Approval = { ...facts, text, reason: 'late\u001b[8m' }

const run = (words: readonly string[], approvals: Partial<ApprovalKeeper>) => {
  const { sallyport, openers } = createFakeSallyport({ approvals })
  const workingDirectory = temporaryFolder('approvals-command-')
  return runCommand(['approvals', ...words], { sallyport, openers, workingDirectory })
}

describe('approvals list', () => {
  it('has a line for each that waits, and asks for no more than those', async () => {
    const asked: object[] = []
    const list: ApprovalKeeper['list'] = async (filter) => {
      asked.push(filter)
      return [facts]
    }
    const { stdout, stderr, exitCode } = await run(['list'], { list })
    expect(stdout).toBe(
      'apr-1  pending  until 2026-01-02T03:14:05.000Z  run_sql  k1\u{fffd}[2J  deny/late, ask/write\n',
    )
    expect([stderr, exitCode]).toEqual(['', 0])
    await run(['list', '--all', '--after', 'apr-7'], { list })
    expect(asked).toEqual([
      { waiting: true, most: 101 },
      { waiting: false, most: 101, after: 'apr-7' },
    ])
    expect((await run(['list'], { list: async () => [] })).stdout).toBe('No approval waits.\n')
  })

  it('says where the next page begins, to people and programs', async () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ ...facts, id: `apr-${index}` }))
    const list = async () => many
    const { stdout, stderr } = await run(['list'], { list })
    expect(stdout.split('\n')).toHaveLength(101)
    expect(stderr).toBe('There are more: --after apr-99\n')
    const json = JSON.parse((await run(['list', '--output', 'json'], { list })).stdout)
    expect(json).toMatchObject({ next: 'apr-99' })
    expect(json.approvals).toHaveLength(100)
    expect(json.approvals[0]).toEqual({
      id: 'apr-0',
      state: 'pending',
      asked_at: '2026-01-02T03:04:05.000Z',
      decided_by: null,
      expires_at: '2026-01-02T03:14:05.000Z',
      caller: facts.principal,
      group: 'default',
      request_id: 'r1',
      tool: 'run_sql',
      language: 'sql',
      source: 'shop',
      rules: facts.rules,
      digest: facts.digest,
    })
    expect(JSON.parse((await run(['list', '--output', 'json'], { list: async () => [] })).stdout)).toEqual({
      approvals: [],
      next: null,
    })
  })
})

describe('approvals show', () => {
  const show = async () => approval

  it('prints all of what would run, where nothing of it is hidden, drives the terminal or passes for a fact', async () => {
    verifies('approvals.shown')
    const { stdout } = await run(['show', 'apr-1'], { show })
    expect(stdout).toContain('state    pending\n')
    expect(stdout).toContain('tool     run_sql, sql, shop\nrules    deny/late, ask/write\n')
    expect(stdout).toContain(`digest   ${facts.digest}\nreason\n  | late<U+001B>[8m\n`)
    const lines = ['DELETE FROM t<U+001B>[2K<U+001B>[1A;<U+000D>-- <U+202E>harmless', 'id       apr-2', long]
    expect(stdout.endsWith(`what would run\n${lines.map((line) => `  | ${line}\n`).join('')}`)).toBe(true)
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(stdout.match(/^id /gm)).toHaveLength(1)
  })

  it('prints what somebody wrote in its place, as visibly', async () => {
    verifies('approvals.shown')
    const changed = { ...approval, state: 'refused', decidedBy: 'k1', changedTo: 'SELECT\u001b[2J 1' } as const
    const { stdout } = await run(['show', 'apr-1'], { show: async () => changed })
    expect(stdout.endsWith('what was written in its place\n  | SELECT<U+001B>[2J 1\n')).toBe(true)
    const json = await run(['show', 'apr-1', '--output', 'json'], { show: async () => changed })
    expect(JSON.parse(json.stdout)).toMatchObject({ changed_to: changed.changedTo })
  })

  it('gives programs the text itself, and says who decided', async () => {
    verifies('approvals.shown')
    const { stdout } = await run(['show', 'apr-1', '--output', 'json'], { show })
    expect(JSON.parse(stdout)).toMatchObject({ text, reason: approval.reason, digest: facts.digest, changed_to: null })
    const used = { ...approval, state: 'used', decidedBy: 'cli:ann' } as const
    expect((await run(['show', 'apr-1'], { show: async () => used })).stdout).toContain(
      'state    used, decided by cli:ann\n',
    )
  })
})

describe('approvals allow and refuse', () => {
  const decide: ApprovalKeeper['decide'] = async (id, state) => {
    if (id === 'none') throw new ServiceError('not-found', 'There is no approval "none".')
    if (id === 'late') throw new ServiceError('conflict', 'The approval "late" was used already.')
    return { ...facts, id, state, decidedBy: 'cli:ann' }
  }

  it('say what they did', async () => {
    expect((await run(['allow', 'apr-1'], { decide })).stdout).toBe(
      'Allowed apr-1, once, until 2026-01-02T03:14:05.000Z.\n',
    )
    expect((await run(['refuse', 'apr-1'], { decide })).stdout).toBe('Refused apr-1.\n')
    const json = (await run(['refuse', 'apr-1', '--output', 'json'], { decide })).stdout
    expect(JSON.parse(json)).toMatchObject({ id: 'apr-1', state: 'refused', decided_by: 'cli:ann' })
  })

  it('end with codes of their own where there is none, or it is decided', async () => {
    expect(await run(['allow', 'none'], { decide })).toMatchObject({ exitCode: 2, stdout: '' })
    const late = await run(['refuse', 'late'], { decide })
    expect(late).toMatchObject({ exitCode: 1, stdout: '' })
    expect(late.stderr).toContain('The approval "late" was used already.')
    expect((await run(['allow'], { decide })).exitCode).toBe(2)
  })
})

import { describe, expect, it } from 'vitest'
import type { DoneMessage } from '../../../src/sandbox/messages.ts'
import { decideOutcome, type RunEvidence } from '../../../src/sandbox/outcomes.ts'
import { plainDone } from '../../support/fake-supervisor.ts'

const done: DoneMessage = {
  ...plainDone,
  id: 1,
}
const quiet: RunEvidence = {
  hostAction: null,
  done,
  oomKills: 0,
  taskLimitHits: 0,
  exit: null,
  loss: null,
  partLost: false,
  wallMilliseconds: 1000,
}
const ended = { exitCode: 137, oomKilled: false }
const died = { ...done, reason: 'worker-died', worker_alive: false } as const
const raised = { ...done, reason: 'raised' } as const

const table: readonly [string, Partial<RunEvidence>, string, boolean][] = [
  ['a run that completed', {}, 'ok', true],
  ['an exception', { done: raised }, 'user-error', true],
  ['a failed allocation', { done: { ...raised, evidence: 'memory' } }, 'out-of-memory', true],
  ['a failed fork', { done: { ...raised, evidence: 'processes' } }, 'too-many-processes', true],
  ['a full disk', { done: { ...raised, evidence: 'disk' } }, 'disk-full', true],
  ['a file at its limit', { done: { ...raised, evidence: 'file-size' } }, 'disk-full', true],
  ['a failure the code caught', { done: { ...done, evidence: 'memory' } }, 'ok', true],
  [
    'an interrupt at the deadline',
    { hostAction: 'deadline', done: { ...done, reason: 'interrupted' } },
    'timeout',
    true,
  ],
  ['a kill at the deadline', { hostAction: 'deadline', done: died }, 'timeout', false],
  ['a destruction at the deadline', { hostAction: 'deadline', done: null }, 'timeout', false],
  ['a cancellation', { hostAction: 'cancelled', done: { ...done, reason: 'interrupted' } }, 'cancelled', true],
  ['too much memory, seen from inside', { hostAction: 'memory', done: died }, 'out-of-memory', false],
  ['too much output', { hostAction: 'output', done: { ...done, reason: 'interrupted' } }, 'output-limit', true],
  ['a kill by the kernel', { done: null, oomKills: 1, exit: ended }, 'out-of-memory', false],
  ['a kill the runtime reports', { done: null, exit: { exitCode: 137, oomKilled: true } }, 'out-of-memory', false],
  ['a kill by the kernel of the worker alone', { done: died, oomKills: 1 }, 'out-of-memory', false],
  ['a kill by the kernel after the deadline', { hostAction: 'deadline', done: null, oomKills: 1 }, 'timeout', false],
  ['no host threads left', { done: null, taskLimitHits: 3, exit: ended }, 'too-many-processes', false],
  ['a sandbox that ended for no known reason', { done: null, exit: ended }, 'sandbox-lost', false],
  ['a worker ended by a signal', { done: { ...died, status: { signaled: 11 } } }, 'user-error', false],
  ['a worker that exited', { done: { ...died, status: { exited: 0 } } }, 'user-error', false],
  ['a worker ended by SIGXFSZ', { done: { ...died, status: { signaled: 25 } } }, 'disk-full', false],
  ['a process that could not be ended', { done: { ...done, processes_left: 1 } }, 'user-error', false],
  ['a worker that lies about its end', { done: { ...done, still_running: true } }, 'user-error', false],
  ['a run whose keeper, or another worker, was lost', { partLost: true }, 'ok', false],
  ['processes left behind and ended', { done: { ...done, processes_found: 2 } }, 'ok', true],
]

describe('the outcome', () => {
  it.each(table)('of %s', (_, evidence, outcome, sessionAlive) => {
    const decision = decideOutcome({ ...quiet, ...evidence })
    expect(decision).toMatchObject({ outcome, sessionAlive })
    if (outcome !== 'ok') expect(decision.notice === null).toBe(outcome === 'user-error' && sessionAlive)
    if (!sessionAlive) expect(decision.notice).toContain('variables are gone')
  })

  it.each([
    ['memory', /allocation failed/],
    ['processes', /limit of processes and threads/],
    ['disk', /disk of the sandbox was full/],
    ['file-size', /size limit/],
  ] as const)('of a run that completed in spite of a limit (%s) is ok and names the limit', (evidence, notice) => {
    const decision = decideOutcome({ ...quiet, done: { ...done, evidence } })
    expect(decision.outcome).toBe('ok')
    expect(decision.notice).toMatch(notice)
  })

  it('tells of processes and threads that were left', () => {
    const decision = decideOutcome({ ...quiet, done: { ...done, processes_found: 2, threads_left: 1 } })
    expect(decision.notice).toMatch(/2 processes.*1 threads/)
  })

  it('T2: never says of the session what its notice or its flag denies, whatever the evidence', () => {
    const actions = [null, 'deadline', 'cancelled', 'output', 'memory'] as const
    const reasons = ['completed', 'raised', 'interrupted', 'worker-died'] as const
    const flags = [true, false]
    const accounts: DoneMessage[] = []
    for (const reason of reasons)
      for (const worker_alive of flags)
        for (const still_running of flags)
          for (const processes_left of [0, 2])
            accounts.push({ ...done, reason, worker_alive, still_running, processes_left })
    const evidence: RunEvidence[] = []
    for (const hostAction of actions)
      for (const account of [null, ...accounts])
        for (const partLost of flags)
          for (const exit of [null, ended]) evidence.push({ ...quiet, hostAction, done: account, partLost, exit })
    expect(evidence).toHaveLength(5 * 33 * 4)
    for (const each of evidence) {
      const { outcome, notice, sessionAlive } = decideOutcome(each)
      expect(notice?.includes('are gone') ?? false).toBe(!sessionAlive)
      expect(notice?.includes('still there') ?? false).toBe(sessionAlive && each.hostAction !== null)
      if (each.hostAction === 'deadline') expect(outcome).toBe('timeout')
      if (outcome === 'sandbox-lost') expect(sessionAlive).toBe(false)
    }
  })

  it('T2: of a run that never began tells why, and whether the session is there for the next', () => {
    const epitaph = 'The sandbox has ended; claim a new one.'
    expect(decideOutcome({ unbegun: 'cancelled', sessionAlive: true, epitaph })).toEqual({
      outcome: 'cancelled',
      notice: 'The run was cancelled before it began.',
      sessionAlive: true,
    })
    expect(decideOutcome({ unbegun: 'cancelled', sessionAlive: false, epitaph })).toMatchObject({
      outcome: 'cancelled',
      notice: expect.stringContaining('has ended') as string,
      sessionAlive: false,
    })
    expect(decideOutcome({ unbegun: 'ended', sessionAlive: false, epitaph })).toEqual({
      outcome: 'sandbox-lost',
      notice: epitaph,
      sessionAlive: false,
    })
  })
})

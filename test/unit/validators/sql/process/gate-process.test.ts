import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../../../../../src/validators/sql/postgresql/gate.ts'
import { GateProcess } from '../../../../../src/validators/sql/process/gate-process.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { createFakeCatalog, createFakeShadow } from '../../../../support/sql/fake-shadow.ts'
import { verifies } from '../../../../support/verifies.ts'

const catalog = createFakeCatalog({ orders: { id: 'integer', customer: 'text' } })
const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { orders: '*' } }), catalog)
const shadow = createFakeShadow(catalog)
const never = new AbortController().signal

/** The processes that this one started to examine statements in. */
function examiners(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => fileOf(pid, 'stat').split(') ').at(-1)?.split(' ')[1] === String(process.pid))
    .filter((pid) => fileOf(pid, 'cmdline').includes('gate-worker'))
    .map(Number)
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

// A signal does to the process what a statement might, and needs no such statement.
it.each([
  ['crashes', 'SIGKILL', 'sql/gate-crashed'],
  ['hangs', 'SIGSTOP', 'sql/gate-hung'],
] as const)(
  'a process that %s refuses the statement it has, and the next has a new one',
  async (_how, signal, rule) => {
    verifies('trouble.gate-crash')
    await using worker = new GateProcess({ deadlineMilliseconds: 300, memoryMegabytes: 256 })
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: worker })
    expect((await gate.validate('SELECT id FROM orders', never)).kind).toBe('accepted')
    const before = examiners()
    expect(before).toHaveLength(1)
    // Stopped before it has the statement, it cannot answer first.
    for (const pid of before) process.kill(pid, 'SIGSTOP')
    const struck = gate.validate('SELECT customer FROM orders', never)
    if (signal === 'SIGKILL') for (const pid of before) process.kill(pid, signal)
    expect(await struck).toMatchObject({ kind: 'refused', findings: [{ rule }] })
    expect((await gate.validate('SELECT id, customer FROM orders', never)).kind).toBe('accepted')
    expect(examiners().filter((pid) => before.includes(pid))).toEqual([])
  },
)

it('waits for a process that gets no processor time for longer than a statement may take of it', async () => {
  await using worker = new GateProcess({ deadlineMilliseconds: 500, memoryMegabytes: 256 })
  await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: worker })
  await gate.validate('SELECT id FROM orders', never)
  const before = examiners()
  for (const pid of before) process.kill(pid, 'SIGSTOP')
  const slow = gate.validate('SELECT customer FROM orders', never)
  await setTimeout(750)
  for (const pid of before) process.kill(pid, 'SIGCONT')
  expect((await slow).kind).toBe('accepted')
  expect(examiners()).toEqual(before)
})

it('answers those who wait after one that was given up, and turns all away once it is closed', async () => {
  const worker = new GateProcess({ deadlineMilliseconds: 5_000, memoryMegabytes: 256 })
  const gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: worker })
  const giveUp = new AbortController()
  const patient = AbortSignal.timeout(60_000)
  const first = gate.validate('SELECT id FROM orders', patient)
  const second = gate.validate('SELECT customer FROM orders', giveUp.signal)
  const third = gate.validate('SELECT id, customer FROM orders', patient)
  giveUp.abort(new Error('nobody waits'))
  await expect(second).rejects.toThrow('nobody waits')
  expect((await first).kind).toBe('accepted')
  expect((await third).kind).toBe('accepted')
  await worker[Symbol.asyncDispose]()
  expect(examiners()).toEqual([])
  await expect(gate.validate('SELECT customer, id FROM orders', never)).rejects.toThrow('The gate is closed.')
})

it('keeps one process for many statements', async () => {
  await using worker = new GateProcess({ deadlineMilliseconds: 5_000, memoryMegabytes: 256 })
  await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: worker })
  await gate.validate('SELECT id FROM orders', never)
  const before = examiners()
  await gate.validate('SELECT customer FROM orders', never)
  expect(examiners()).toEqual(before)
  expect(worker.residentBytes).toBeGreaterThan(1e6)
})

it('turns away the statement it examines when it is closed', async () => {
  const worker = new GateProcess({ deadlineMilliseconds: 5_000, memoryMegabytes: 256 })
  const gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: worker })
  await gate.validate('SELECT id FROM orders', never)
  for (const pid of examiners()) process.kill(pid, 'SIGSTOP')
  const [examined, waiting] = ['SELECT customer FROM orders', 'SELECT id, customer FROM orders'].map((sql) =>
    gate.validate(sql, never).catch((thrown: unknown) => String(thrown)),
  )
  await worker[Symbol.asyncDispose]()
  expect(await Promise.all([examined, waiting])).toEqual(Array(2).fill('Error: The gate is closed.'))
  expect(examiners()).toEqual([])
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecide, type Decide } from '../../src/gateway/authorize/decide.ts'
import type { DecisionInput } from '../../src/gateway/authorize/decisions.ts'
import type { PolicyEngine } from '../../src/gateway/authorize/engine.ts'
import { openServerEngine } from '../../src/gateway/authorize/server-engine.ts'
import { openWasmEngine } from '../../src/gateway/authorize/wasm-engine.ts'
import { allowed, decisionNames, evaluationFaults, faultyRules, ruleFaults } from '../support/policy/faulty-rules.ts'
import { grantInput, inputOf } from '../support/policy/inputs.ts'
import { OpaServer } from '../support/policy/opa-server.ts'
import { buildBundle, noOpa, rulesWith } from '../support/policy/rules.ts'
import { verifies } from '../support/verifies.ts'

const why = noOpa === null ? '' : `: skipped, ${noOpa}`
const deadlineMilliseconds = 10_000
const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

const deciding = (engine: PolicyEngine): Decide => createDecide({ engine: async () => engine, deadlineMilliseconds })

/** Both evaluators of the same rules. */
async function bothOf(folder: string): Promise<Readonly<Record<'wasm' | 'server', Decide>>> {
  const wasm = await openWasmEngine(readFileSync(buildBundle(folder)), folder)
  const server = stack.use(await OpaServer.start(buildBundle(folder, 'rego')))
  return {
    wasm: deciding(wasm),
    server: deciding(openServerEngine({ url: server.url, token: null }, deadlineMilliseconds)),
  }
}

const matrix = {
  organization: [
    { id: 'night', hours: [20, 6], restrict: { languages: ['sql'] } },
    { id: 'weekend', weekdays: ['saturday', 'sunday'], channels: ['http'], restrict: { models: ['small'] } },
  ],
  tenants: { north: [{ id: 'no-stock', restrict: { data_sources: ['shop'] } }] },
  groups: {
    interns: [
      { id: 'closed', weekdays: ['sunday'], refuse: 'Interns do not work on Sundays.' },
      { id: 'small', restrict: { models: ['small'], budget: { steps: 3 } } },
    ],
  },
  tenant_of: { interns: 'north', staff: 'north' },
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** Every group, channel, weekday and hour. */
function* everybody(): Generator<DecisionInput<'grant'>> {
  for (const group of ['interns', 'staff', 'guests']) {
    for (const channel of ['http', 'cli'] as const) {
      for (const weekday of weekdays) {
        for (let hour = 0; hour < 24; hour += 1) {
          const principal = { ...grantInput().principal, group }
          yield grantInput({ principal, channel, time: { ...grantInput().time, weekday, hour } })
        }
      }
    }
  }
}

describe.skipIf(noOpa !== null)(`a bundle in this process and a server${why}`, () => {
  let both: Awaited<ReturnType<typeof bothOf>>
  beforeAll(async () => {
    both = await bothOf(rulesWith({ 'sallyport/data.json': JSON.stringify({ layers: matrix }) }))
  })

  it('decide the same, at every hour for everybody', async () => {
    verifies('policy.same-decision')
    const revisions = new Set<string | null>()
    const different: unknown[] = []
    for (const input of everybody()) {
      const [wasm, server] = await Promise.all([both.wasm('grant', input), both.server('grant', input)])
      revisions.add(wasm.revision)
      if (JSON.stringify(settled(wasm)) !== JSON.stringify(settled(server))) different.push({ input, wasm, server })
    }
    expect(different).toEqual([])
    expect([...revisions]).toEqual([expect.stringMatching(/^rules-/)])
  })

  it('name the same revision, the server with the bundle it is of', async () => {
    const [wasm, server] = await Promise.all([both.wasm('grant', grantInput()), both.server('grant', grantInput())])
    expect(server.revision?.endsWith(`=${wasm.revision}`)).toBe(true)
  })
})

/** A decision with its lists of rules in one order: both give sets, and neither says in which order. */
function settled(decided: Awaited<ReturnType<Decide>>): unknown {
  if (decided.kind === 'fault') return decided.fault
  const { rules, ...output } = decided.output
  if (!('restrict' in output)) return { ...output, rules: rules.toSorted() }
  const restrict = output.restrict.map((each) => JSON.stringify(each, Object.keys(each).toSorted())).toSorted()
  return { ...output, rules: rules.toSorted(), restrict }
}

describe.skipIf(noOpa !== null)(`rules that give no decision${why}`, () => {
  let both: Awaited<ReturnType<typeof bothOf>>
  beforeAll(async () => {
    both = await bothOf(rulesWith(faultyRules()))
  })
  const faults = [...Object.keys(ruleFaults), ...evaluationFaults]
  const rows = (['wasm', 'server'] as const).flatMap((engine) =>
    decisionNames.flatMap((name) => faults.map((fault) => [engine, name, fault] as const)),
  )

  it.each(rows)(
    'in the %s for a %s that is %s are a fault, and the next caller is answered',
    async (engine, name, fault) => {
      verifies('policy.fails-closed')
      expect(await both[engine](name, inputOf(name, fault))).toMatchObject({ kind: 'fault' })
      const next = await both[engine](name, inputOf(name, 'good'))
      expect(next).toMatchObject({ kind: 'decision', output: allowed[name] })
    },
  )
})

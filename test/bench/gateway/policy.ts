import { readFileSync } from 'node:fs'
import { createDecide, type Decide } from '../../../src/gateway/authorize/decide.ts'
import type { PolicyEngine } from '../../../src/gateway/authorize/engine.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'
import { openServerEngine } from '../../../src/gateway/authorize/server-engine.ts'
import { openWasmEngine } from '../../../src/gateway/authorize/wasm-engine.ts'
import { decisionNames } from '../../support/policy/faulty-rules.ts'
import { inputOf } from '../../support/policy/inputs.ts'
import { OpaServer } from '../../support/policy/opa-server.ts'
import { buildBundle, noOpa } from '../../support/policy/rules.ts'
import { figure, timed, type Figures } from '../figures.ts'

const rounds = 3_000

const deciding = (engine: PolicyEngine): Decide =>
  createDecide({ engine: async () => engine, deadlineMilliseconds: 10_000 })

/** What one decision costs, one after the other, by the rules that come with the service: in this process beside a server of OPA. */
export async function policyCosts(): Promise<Figures> {
  const figures: Figures = {}
  const wasm = deciding(await openWasmEngine(readFileSync(shippedBundle), 'shipped'))
  if (noOpa !== null) process.stderr.write(`SKIPPED: a server of OPA, ${noOpa}\n`)
  await using server = noOpa === null ? await OpaServer.start(buildBundle('policies', 'rego')) : null
  const remote = server === null ? null : deciding(openServerEngine({ url: server.url, token: null }, 10_000))
  for (const name of decisionNames) {
    const input = inputOf(name, 'k1')
    const ask = (decide: Decide) => async (): Promise<void> => {
      const { kind } = await decide(name, input)
      if (kind === 'fault') throw new Error(`no decision: ${name}`)
    }
    const asked = async (decide: Decide): Promise<number[]> => {
      await timed(500, ask(decide))
      return timed(rounds, ask(decide))
    }
    const samples = await asked(wasm)
    const beside = remote === null ? {} : { reference: { name: "OPA's server", samples: await asked(remote) } }
    figures[`policy_wasm.${name}`] = figure(samples, beside)
  }
  return figures
}

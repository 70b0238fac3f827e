import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultToolNames, toolNames, type Grant, type ToolName } from '../../../../src/core/grant.ts'
import { createAsk } from '../../../../src/gateway/authorize/ask.ts'
import { readBundle } from '../../../../src/gateway/authorize/bundle.ts'
import { createDecide } from '../../../../src/gateway/authorize/decide.ts'
import { decisions } from '../../../../src/gateway/authorize/decisions.ts'
import { createGrantFor } from '../../../../src/gateway/authorize/groups.ts'
import { shippedBundle } from '../../../../src/gateway/authorize/open-policy.ts'
import { createPolicyGrantFor } from '../../../../src/gateway/authorize/policy.ts'
import { openWasmEngine } from '../../../../src/gateway/authorize/wasm-engine.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { packBundle } from '../../../support/policy/bundles.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'
import { verifies } from '../../../support/verifies.ts'

const models = ['analyst', 'small', 'large']
const sources = ['shop', 'stock', 'payroll']
const { groups } = gatewayOptions.parse({
  groups: {
    staff: { models: ['*'], tools: [...toolNames], tenant: 'north' },
    interns: {
      models: ['analyst', 'small'],
      tools: ['describe_data', 'run_sql', 'run_python'],
      data_sources: ['shop', 'stock'],
    },
    nightwatch: { models: ['analyst'], data_sources: ['shop'] },
  },
})

const layers = {
  organization: [{ id: 'no-code-at-night', hours: [20, 6], restrict: { languages: ['sql'] } }],
  tenants: { north: [{ id: 'no-payroll', restrict: { data_sources: ['shop', 'stock'] } }] },
  groups: {
    interns: [
      { id: 'office-hours', hours: [18, 8], refuse: 'Interns ask between eight and six.' },
      { id: 'small', restrict: { models: ['small', 'large'] } },
    ],
  },
  tenant_of: { interns: 'north' },
}

/** What each group has at these hours, as a person would write it down. */
interface Row {
  readonly group: string
  readonly hours: readonly [from: number, to: number]
  readonly models: readonly string[]
  readonly tools: readonly ToolName[]
  readonly sources: readonly string[]
}

const everything: readonly ToolName[] = toolNames
const toolsOfModels: readonly ToolName[] = defaultToolNames
const noCode: readonly ToolName[] = ['describe_data', 'run_sql']
// Reading values out of a text runs nothing.
const noCodeOfStaff: readonly ToolName[] = [...noCode, 'extract_values']
const table: readonly Row[] = [
  { group: 'staff', hours: [0, 6], models, tools: noCodeOfStaff, sources: ['shop', 'stock'] },
  { group: 'staff', hours: [6, 20], models, tools: everything, sources: ['shop', 'stock'] },
  { group: 'staff', hours: [20, 24], models, tools: noCodeOfStaff, sources: ['shop', 'stock'] },
  { group: 'interns', hours: [0, 8], models: [], tools: [], sources: [] },
  {
    group: 'interns',
    hours: [8, 18],
    models: ['small'],
    tools: ['describe_data', 'run_sql', 'run_python'],
    sources: ['shop', 'stock'],
  },
  { group: 'interns', hours: [18, 24], models: [], tools: [], sources: [] },
  { group: 'nightwatch', hours: [0, 6], models: ['analyst'], tools: noCode, sources: ['shop'] },
  { group: 'nightwatch', hours: [6, 20], models: ['analyst'], tools: toolsOfModels, sources: ['shop'] },
  { group: 'nightwatch', hours: [20, 24], models: ['analyst'], tools: noCode, sources: ['shop'] },
  { group: 'gone', hours: [0, 24], models: [], tools: [], sources: [] },
]

describe('who may use what, when', () => {
  it('is what one table says, for each group, model, tool, source and hour', async () => {
    verifies('policy.layers')
    const { wasm, data } = readBundle(readFileSync(shippedBundle), 'shipped')
    const { sallyport } = JSON.parse(data.toString()) as { readonly sallyport: object }
    const modules = Object.values(decisions).map(({ entryPoint }) => ({
      entrypoint: entryPoint,
      module: '/policy.wasm',
    }))
    const bundle = packBundle({
      '/policy.wasm': wasm,
      '/data.json': JSON.stringify({ sallyport: { ...sallyport, layers } }),
      '/.manifest': JSON.stringify({ revision: 'matrix', wasm: modules }),
    })
    const engine = await openWasmEngine(bundle, 'matrix')
    let hour = 0
    const ask = createAsk({
      decide: createDecide({ engine: async () => engine, deadlineMilliseconds: 10_000 }),
      timeZone: 'UTC',
      tenantOf: (group) => groups[group]?.tenant ?? null,
      onDecision: () => undefined,
      now: () => new Date(Date.UTC(2026, 2, 2, hour, 30)),
    })
    const settings = { groups, dataSources: sources, models, sandboxCeilings, processors: 8 }
    const grantFor = createPolicyGrantFor(ask, createGrantFor(settings))
    const wrong: string[] = []
    let cells = 0
    for (const row of table) {
      for ([hour] = row.hours; hour < row.hours[1]; hour += 1) {
        const asking = async (): Promise<Grant> => grantFor({ id: 'k1', kind: 'api-key', group: row.group }, 'http')
        const grant = await asking().catch(() => null)
        for (const model of models) {
          for (const tool of toolNames) {
            for (const source of sources) {
              const may =
                grant !== null &&
                grant.models.includes(model) &&
                grant.tools.includes(tool) &&
                grant.dataSources.includes(source)
              const should = row.models.includes(model) && row.tools.includes(tool) && row.sources.includes(source)
              cells += 1
              if (may !== should) wrong.push(`${row.group} ${model} ${tool} ${source} ${hour}: ${may}`)
            }
          }
        }
      }
    }
    expect(wrong).toEqual([])
    expect(cells).toBe(4 * 24 * models.length * toolNames.length * sources.length)
  })
})

import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { checkBody } from '../../../src/endpoints/check-body.ts'
import { readContract } from '../../../src/endpoints/contract/contract.ts'
import { createAsk } from '../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'
import { createPayloadPolicy } from '../../../src/gateway/authorize/payload/payload-policy.ts'
import { openWasmEngine } from '../../../src/gateway/authorize/wasm-engine.ts'
import { jsonOf } from '../../../src/http/json-body.ts'
import { documentFile, documentWith } from '../../support/endpoints/document.ts'
import { callGrant } from '../../support/received-call.ts'
import { figure, type Figures } from '../figures.ts'

const rounds = 2_000
const warmUp = 500
const deadlineMilliseconds = 10_000
const limits = { depth: 32, values: 50_000 }

const share = { type: 'number', minimum: 0, maximum: 1 }
const text = (maxLength: number) => ({ type: 'string', maxLength })

/** Bodies of 20 kB as inference services take them: records with texts, and a list of numbers. */
const bodies = {
  records: {
    schema: closed({
      model: text(64),
      instances: {
        type: 'array',
        minItems: 1,
        maxItems: 1_000,
        items: closed({
          id: { type: 'string', pattern: '^[a-z]+-[0-9]{1,9}$' },
          note: text(2_000),
          language: { enum: ['de', 'en', 'fr', 'it'] },
          weight: share,
          features: { type: 'array', minItems: 8, maxItems: 8, items: { type: 'number' } },
          labels: { type: 'array', maxItems: 10, uniqueItems: true, items: text(30) },
        }),
      },
    }),
    value: {
      model: 'm',
      instances: Array.from({ length: 62 }, (_, at) => ({
        id: `order-${at}`,
        note: `The customer of order ${at} writes that the parcel came late, and asks when the other half of it is sent.`,
        language: 'en',
        weight: (at % 10) / 10,
        features: Array.from({ length: 8 }, (_each, feature) => Math.sin(at * 8 + feature)),
        labels: ['late', 'parcel'],
      })),
    },
  },
  numbers: {
    schema: closed({ pixels: { type: 'array', minItems: 1, maxItems: 4_096, items: share } }),
    value: { pixels: Array.from({ length: 2_150 }, (_, at) => Math.round((at * 7_919) % 1e7) / 1e7) },
  },
}

function closed(properties: object): object {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties }
}

/**
 * A body of an endpoint from its bytes to a decision: read within its limits, held against its schema, its shape shown to the
 * rules that come with the service. Beside it, in turn, what nobody could do without: `JSON.parse` and the validator alone.
 */
export async function measureBodies(): Promise<Figures> {
  const wasm = await openWasmEngine(readFileSync(shippedBundle), 'shipped')
  const engine = async () => wasm
  const payload = createPayloadPolicy({
    ask: createAsk({
      decide: createDecide({ engine, deadlineMilliseconds }),
      timeZone: 'UTC',
      onDecision: () => undefined,
    }),
    engine,
    deadlineMilliseconds,
    filterProfiles: {},
    privacyProfiles: {},
    onUnfitDemand: () => undefined,
  })
  const figures: Figures = {}
  for (const [name, { schema, value }] of Object.entries(bodies)) {
    const bytes = Buffer.from(JSON.stringify(value))
    process.stderr.write(`${name}: ${bytes.length} bytes\n`)
    const { operations } = await readContract('bench', documentFile(documentWith({ schema })))
    const [operation] = operations
    if (operation === undefined) throw new Error('The document has no operation.')
    const shape = { maximumDepth: limits.depth, maximumValues: limits.values }
    const readJson = (text: Buffer): unknown => jsonOf(text, { limitBytes: 1_048_576, shape })
    const checked = async (): Promise<void> => {
      const body = await checkBody(
        operation,
        {
          headers: ['content-type', 'application/json'],
          hasBody: true,
          readBody: async () => ({ bytes, value: readJson(bytes) }),
          readJson,
        },
        {
          bytes: 1_048_576,
          ratio: 20,
          json: limits,
          form: { parts: 64 },
          checkPicture: () => Promise.reject(new Error('A picture.')),
        },
      )
      const about = {
        requestId: 'r1',
        channel: 'http',
        principal: { id: 'k1', kind: 'api-key', group: 'default' },
      } as const
      await payload.ofEndpoint({ ...about, grant: callGrant, operation: 'bench.predict', body })
    }
    const validate = new Ajv2020({ strict: false }).compile(schema)
    const alone = (): void => {
      if (!validate(JSON.parse(bytes.toString()))) throw new Error('The body is not as its schema says.')
    }
    const samples = { checked: [] as number[], alone: [] as number[] }
    for (let round = 0; round < rounds + warmUp; round += 1) {
      const started = performance.now()
      await checked()
      const between = performance.now()
      alone()
      const ended = performance.now()
      if (round < warmUp) continue
      samples.checked.push(between - started)
      samples.alone.push(ended - between)
    }
    figures[`upstreams.json_${name}`] = figure(samples.checked, {
      reference: { name: 'JSON.parse and the validator alone', samples: samples.alone },
    })
  }
  return figures
}

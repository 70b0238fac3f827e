import { loadPolicy, type LoadedPolicy } from '@open-policy-agent/opa-wasm'
import { z } from 'zod'
import { readBundle, unfit } from './bundle.ts'
import { decisions } from './decisions.ts'
import { patternsSchema, type PatternOptions, type PolicyEngine } from './engine.ts'
import { unfitPattern } from './payload/patterns.ts'

/** Pages of 64 KiB that a policy may use with its data and one input: 128 MiB. One that needs more gives no decision. */
const mostPages = 2_048

/** The longest input, in characters of JSON. */
const longestInput = 4_194_304

/**
 * Answers about grants that are kept, and the longest input of one, in characters. What is asked stays the same for a caller
 * for a minute, the finest time that rules read, and an answer depends on nothing but what is asked. Requests differ.
 */
const [mostKept, longestKept] = [500, 16_384]

const encoder = new TextEncoder()

/** What of a module's exports is called beside the library, which says nothing of their types. */
interface Instance {
  readonly exports: { readonly builtins: () => number; readonly opa_json_dump: (address: number) => number }
}

const results = z.array(z.strictObject({ result: z.unknown() })).max(1)

/**
 * Rules of a bundle in this process. Throws `invalid-config` for a bundle that needs a function which WebAssembly does not
 * bring: the library's own versions of some of them differ from OPA's, and the clock or the network would make a decision
 * depend on more than its input.
 */
export async function openWasmEngine(packed: Buffer, where: string): Promise<PolicyEngine> {
  const { revision, wasm, data } = readBundle(packed, where)
  const policy = await load(wasm, where)
  const missing = functionsMissing(policy)
  if (missing.length > 0) {
    const advice = 'Write the rule without them; docs/policy.md says with what instead. A policy server has all.'
    throw unfit(where, `it calls ${missing.join(', ')}, which a bundle in this process does not have`, advice)
  }
  const read = setData(policy, data, where)
  const patterns = patternsOf(read, where)
  const answers = new Map<string, unknown>()
  return {
    patterns: async () => patterns,
    evaluate: async (name, input) => {
      const text = JSON.stringify(input)
      if (text.length > longestInput) throw new Error(`the input is longer than ${longestInput} characters`)
      const mayBeKept = name === 'grant' && text.length <= longestKept
      if (mayBeKept && answers.has(text)) return { revision, value: answers.get(text) }
      const { buffer, byteOffset, byteLength } = encoder.encode(text)
      const bytes = buffer.slice(byteOffset, byteOffset + byteLength)
      const [found] = results.parse(policy.evaluate(bytes, decisions[name].entryPoint))
      if (mayBeKept) {
        if (answers.size >= mostKept) answers.clear()
        answers.set(text, found?.result)
      }
      return { revision, value: found?.result }
    },
  }
}

async function load(wasm: Buffer, where: string): Promise<LoadedPolicy> {
  try {
    return await loadPolicy(new Uint8Array(wasm), { initial: 5, maximum: mostPages })
  } catch (cause) {
    throw unfit(where, 'its WebAssembly cannot be loaded', 'Build it with "opa build -t wasm" of OPA 1.x.', cause)
  }
}

function setData(policy: LoadedPolicy, data: Buffer, where: string): unknown {
  try {
    const read = JSON.parse(data.toString('utf8')) as object
    policy.setData(read)
    return read
  } catch (cause) {
    throw unfit(where, 'its data cannot be read or do not fit into 128 MiB', 'Build it anew, or with less data.', cause)
  }
}

/** Rules cannot see which members stand beside those that they read, so misspelled ones are looked for here. */
const members = ['layers', 'limits', 'patterns', 'answers', 'actions', 'contents']
const layers = ['organization', 'tenants', 'groups', 'tenant_of']

const ownData = z.object({
  sallyport: z
    .looseObject({ patterns: z.unknown().optional(), layers: z.record(z.string(), z.unknown()).optional() })
    .prefault({}),
})

function patternsOf(data: unknown, where: string): Readonly<Record<string, PatternOptions>> {
  const own = ownData.safeParse(data)
  if (!own.success) throw unfit(where, `its data are not of their form: ${z.prettifyError(own.error)}`, asDocumented)
  const unknown = Object.keys(own.data.sallyport).filter((name) => !members.includes(name))
  if (unknown.length > 0) {
    const advice = 'Data of your own rules go under another name than sallyport.'
    throw unfit(where, `sallyport has no ${unknown.join(', ')}; it has ${members.join(', ')}`, advice)
  }
  const unknownLayers = Object.keys(own.data.sallyport.layers ?? {}).filter((name) => !layers.includes(name))
  if (unknownLayers.length > 0) {
    const message = `sallyport/layers have no ${unknownLayers.join(', ')}; they have ${layers.join(', ')}`
    throw unfit(where, message, asDocumented)
  }
  const read = patternsSchema.safeParse(own.data.sallyport.patterns ?? {})
  const wrong = read.success ? unfitPattern(read.data) : z.prettifyError(read.error)
  if (!read.success || wrong !== null) {
    throw unfit(where, `sallyport/patterns are not of their form: ${wrong}`, asDocumented)
  }
  return read.data
}

const asDocumented = 'docs/policy.md says how they are written.'

/** Functions that the rules call and that are not compiled into them, by name. */
function functionsMissing(policy: LoadedPolicy): readonly string[] {
  const { builtins, opa_json_dump: dump } = (policy.wasmInstance as Instance).exports
  const bytes = Buffer.from(policy.mem.buffer).subarray(dump(builtins()))
  return Object.keys(JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(0))) as object).toSorted()
}

import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBundle } from '../../../../src/gateway/authorize/bundle.ts'
import { shippedBundle } from '../../../../src/gateway/authorize/open-policy.ts'
import { toolLanguages } from '../../../../src/core/languages.ts'
import { toolNames } from '../../../../src/core/grant.ts'
import { decisions, textSources } from '../../../../src/gateway/authorize/decisions.ts'
import { exampleInput } from '../../../../src/gateway/authorize/example-inputs.ts'
import { openWasmEngine } from '../../../../src/gateway/authorize/wasm-engine.ts'
import { packBundle } from '../../../support/policy/bundles.ts'
import { grantInput } from '../../../support/policy/inputs.ts'
import { verifies } from '../../../support/verifies.ts'

const shipped = readFileSync(shippedBundle)
const { wasm, data } = readBundle(shipped, 'shipped')
const entryPoints = (...names: string[]) => names.map((entrypoint) => ({ entrypoint, module: '/policy.wasm' }))
const all = entryPoints(...Object.values(decisions).map(({ entryPoint }) => entryPoint))
const manifest = (revision: string, wasm: unknown = all) => JSON.stringify({ revision, wasm })
const packed = (files: Readonly<Record<string, string | Buffer>>) =>
  packBundle({ '/policy.wasm': wasm, '/data.json': data, '/.manifest': manifest('r7'), ...files })
const never = new AbortController().signal

describe('the bundle that comes with Sallyport', () => {
  it('decides without anything being installed, and takes nothing away', async () => {
    verifies('policy.shipped')
    const engine = await openWasmEngine(shipped, 'shipped')
    expect(await engine.evaluate('grant', grantInput(), never)).toEqual({
      revision: expect.stringMatching(/^rules-[0-9a-f]{12}$/),
      value: { allow: true, rules: [], restrict: [] },
    })
  })

  it('decides by data of its bundle', async () => {
    const terms = { organization: [{ id: 'small', restrict: { models: ['small'] } }], tenants: {}, groups: {} }
    const layers = JSON.stringify({ sallyport: { layers: { ...terms, tenant_of: {} } } })
    const engine = await openWasmEngine(packed({ '/data.json': layers }), 'x')
    const restrict = [{ rule: 'organization/small', models: ['small'] }]
    expect(await engine.evaluate('grant', grantInput(), never)).toEqual({
      revision: 'r7',
      value: { allow: true, rules: ['organization/small'], restrict },
    })
  })

  it.each<[string, object]>([
    ['tools', { actions: { x: { tools: toolNames, ask: 'Look.' } } }],
    ['languages', { actions: { x: { languages: toolLanguages, ask: 'Look.' } } }],
    ['sources', { answers: { x: { categories: ['pii/card'], sources: textSources, refuse: 'No.' } } }],
    ['channels', { layers: { organization: [{ id: 'x', channels: ['http', 'cli'], refuse: 'No.' }] } }],
  ])('knows all %s that there are, and none that there is not', async (_what, terms) => {
    verifies('policy.malformed-terms')
    const rulesOver = async (data: string) => {
      const engine = await openWasmEngine(packed({ '/data.json': `{"sallyport":${data}}` }), 'x')
      const inputs = (['grant', 'payload', 'action', 'content'] as const).map(
        (name) => [name, exampleInput(name)] as const,
      )
      const answers = await Promise.all(inputs.map(([name, input]) => engine.evaluate(name, input, never)))
      return JSON.stringify(answers)
    }
    const written = JSON.stringify({ patterns: {}, limits: {}, answers: {}, actions: {}, layers: {}, ...terms })
    expect(await rulesOver(written)).not.toContain('malformed')
    expect(await rulesOver(written.replace(/\["\w+"/, '$&,"nowhere"'))).toContain('malformed')
  })

  it('gives the same answer a thousand times, with inputs of every size between', async () => {
    const engine = await openWasmEngine(shipped, 'shipped')
    const answers = new Set<string>()
    for (let count = 0; count < 1_000; count += 1) {
      const models = count % 50 === 0 ? Array.from({ length: 5_000 }, (_, at) => `model-${at}`) : [`small-${count}`]
      const granted = { ...grantInput().granted, models }
      answers.add(JSON.stringify((await engine.evaluate('grant', grantInput({ granted }), never)).value))
    }
    expect([...answers].map((answer) => JSON.parse(answer) as unknown)).toEqual([
      { allow: true, rules: [], restrict: [] },
    ])
  })

  it('gives everybody an answer of their own, also one that it has given before', async () => {
    const only = (id: string) => [{ id, restrict: { models: [id] } }]
    const terms = { organization: [], tenants: {}, groups: { one: only('first'), other: only('second') } }
    const layers = JSON.stringify({ sallyport: { layers: { ...terms, tenant_of: {} } } })
    const engine = await openWasmEngine(packed({ '/data.json': layers }), 'x')
    // More callers than answers are kept, each of them twice in a row and again later.
    for (const round of [1, 1, 2]) {
      for (let count = 0; count < 600; count += 1) {
        const group = count % 2 === 0 ? 'one' : 'other'
        const principal = { ...grantInput().principal, id: `${round}-${count}`, group }
        const { value } = await engine.evaluate('grant', grantInput({ principal }), never)
        const model = group === 'one' ? 'first' : 'second'
        expect(value).toMatchObject({ restrict: [{ models: [model] }] })
      }
    }
  })

  it('has a name of its own where its maker gave none', () => {
    expect(readBundle(packed({ '/.manifest': manifest('') }), 'x').revision).toMatch(/^sha256:[0-9a-f]{12}$/)
  })
})

describe('a bundle', () => {
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /no gzipped archive/],
    ['no archive', Buffer.from('package x'), /no gzipped archive/],
    ['cut off', shipped.subarray(0, 5_000), /no gzipped archive/],
    ['cut off inside', gzipSync(gunzipSync(shipped).subarray(0, 20_000)), /cut off/],
    ['an archive of zeros that is larger than memory', gzipSync(Buffer.alloc(70 * 1024 * 1024)), /larger than 64 MiB/],
    ['without a module', packBundle({ '/.manifest': manifest('r') }), /no \/policy.wasm/],
    ['without a manifest', packBundle({ '/policy.wasm': wasm }), /no \/policy.wasm with a \/.manifest/],
    ['with a manifest that is no JSON', packed({ '/.manifest': '{' }), /manifest is not one/],
    [
      'without the entry point',
      packed({ '/.manifest': manifest('r', []) }),
      /no entry point sallyport\/grant\/decision/,
    ],
    ['with a module that is none', packed({ '/policy.wasm': 'wasm' }), /WebAssembly cannot be loaded/],
    [
      'with a pattern that goes back and forth',
      packed({
        '/data.json': JSON.stringify({ sallyport: { patterns: { x: { words: ['ab'], expression: '(?=a)b' } } } }),
      }),
      /x is no pattern of RE2/,
    ],
    [
      'with a pattern of another form',
      packed({ '/data.json': JSON.stringify({ sallyport: { patterns: { x: { expression: 'a' } } } }) }),
      /sallyport\/patterns are not of their form/,
    ],
    [
      'with a layer that there is not',
      packed({ '/data.json': JSON.stringify({ sallyport: { layers: { organisation: [], groups: {} } } }) }),
      /sallyport\/layers have no organisation; they have organization, tenants, groups, tenant_of\.$/,
    ],
    [
      'with a member that there is not',
      packed({
        '/data.json': JSON.stringify({ sallyport: { layers: {}, action: {}, limit: {} }, own: { action: 1 } }),
      }),
      /sallyport has no action, limit; it has layers, limits, patterns, answers, actions, contents\.$/,
    ],
    [
      'with layers that are none',
      packed({ '/data.json': JSON.stringify({ sallyport: { layers: [] } }) }),
      /its data are not of their form/,
    ],
    ['with data that are no object', packed({ '/data.json': '7' }), /cannot be used: its data/],
    ['with data that are no JSON', packed({ '/data.json': '{"a":' }), /its data cannot be read/],
  ])('that is %s is not used, and it is said why', async (_what, bytes, message) => {
    verifies('policy.unfit-bundles')
    await expect(openWasmEngine(bytes, 'given')).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    )
  })
})

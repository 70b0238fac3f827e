import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleInput } from '../../src/gateway/authorize/example-inputs.ts'
import { shippedBundle } from '../../src/gateway/authorize/open-policy.ts'
import { openWasmEngine } from '../../src/gateway/authorize/wasm-engine.ts'
import { buildBundle, bundleOf, noOpa, opaProgram, rulesWith } from '../support/policy/rules.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const why = noOpa === null ? '' : `: skipped, ${noOpa}`

describe.skipIf(noOpa !== null)(`the rules in the repository${why}`, () => {
  it('are what the bundle beside the sources is built from, byte for byte', () => {
    const same = readFileSync(buildBundle('policies')).equals(readFileSync(shippedBundle))
    expect(same, 'the rules were changed: run policies/build.sh').toBe(true)
  })

  it('are strict Rego as OPA writes it, and pass their own tests', () => {
    verifies('policy.layers', 'policy.malformed-terms')
    const run = (...words: string[]) => spawnSync(opaProgram, words, { cwd: root, encoding: 'utf8' })
    expect(run('check', '--strict', 'policies')).toMatchObject({ status: 0, stderr: '' })
    expect(run('fmt', '--list', 'policies')).toMatchObject({ status: 0, stdout: '' })
    expect(run('test', 'policies')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^PASS: (\d+)\/\1\n$/) })
  })

  it('may read data of their own under a root of their own, and none under that of Sallyport', async () => {
    const rule = `package sallyport.grant\n\nrefuse contains {"rule": "own/x", "reason": "x"} if {\n\tdata.own.on\n}\n`
    const own = { 'own/own.rego': rule, '.manifest': '{"roots": ["sallyport", "own"]}' }
    const engine = await openWasmEngine(bundleOf(rulesWith({ ...own, 'own/data.json': '{"on": true}' })), 'own')
    const answer = await engine.evaluate('grant', exampleInput('grant'), new AbortController().signal)
    expect(answer.value).toMatchObject({ allow: false, rules: ['own/x'] })
    const within = bundleOf(rulesWith({ 'sallyport/own/data.json': '{"on": true}' }))
    await expect(openWasmEngine(within, 'own')).rejects.toThrow('sallyport has no own; it has layers')
  })

  it.each([
    ['http.send({"url": "http://127.0.0.1:1", "method": "GET"}).status_code == 200', 'http.send'],
    ['time.now_ns() > 0', 'time.now_ns'],
    ['rand.intn("x", 2) == 1', 'rand.intn'],
    ['sprintf("%d", [input.time.hour]) == "3"', 'sprintf'],
    ['opa.runtime().env.HOME == "/root"', 'opa.runtime'],
    ['yaml.is_valid(input.channel)', 'yaml.is_valid'],
  ])('with %s in them are refused by the name of the function', async (condition, name) => {
    verifies('policy.pure')
    const rule = `package sallyport.grant\n\nrefuse contains {"rule": "own/x", "reason": "x"} if {\n\t${condition}\n}\n`
    const bundle = bundleOf(rulesWith({ 'own/own.rego': rule }))
    await expect(openWasmEngine(bundle, 'own')).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(`it calls ${name},`) }),
    )
  })
})

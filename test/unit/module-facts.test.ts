import { describe, expect, it } from 'vitest'
import { readModules } from '../support/module-facts.ts'

function factsOf(text: string) {
  return readModules(new Map([['/file.ts', text]]))[0]
}

describe('the facts of a module', () => {
  it.each([
    'const x = process.env.HOME',
    "const x = process['env']",
    'const x = process[`env`].HOME',
    'const { env } = process',
    'const { env: x, pid } = process',
    "const { ['env']: x } = process",
    'const { pid, ...rest } = process',
    'const own = process',
    'read(process)',
    'const own = { process }',
    'const x = process[name]',
    'const x = globalThis.process.env',
    "const x = globalThis['process']['env']",
    'const x = global.process?.env',
    'const { process: own } = globalThis',
    'const world = globalThis',
    "const x = Reflect.get(process, 'env')",
  ])('sees the environment in %j', (text) => {
    expect(factsOf(text)?.environmentLines).toEqual([1])
  })

  it.each([
    'const x = process.pid, y = process.argv.at(-1), { pid } = process',
    "process.on('exit', () => {})",
    'const x = globalThis.performance.now(), y = globalThis.process.pid',
    'function own(process: { env: string }) { return process.env }',
    'const process = { env: 1 }; const x = process.env; const y = { process }',
    'class Own { process = 1; get env() { return this.process } }',
    "const rule = 'process.env' // process.env",
  ])('sees no environment in %j', (text) => {
    expect(factsOf(text)?.environmentLines).toEqual([])
  })

  it('sees a module whose name is put together', () => {
    const facts = factsOf("await import('node:child_' + 'process')")
    expect(facts?.loads).toEqual([{ specifier: null, typeOnly: false, deferred: true }])
  })
})

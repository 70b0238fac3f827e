import { setTimeout as sleep } from 'node:timers/promises'
import { openSallyport } from '../../../../src/compose.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { serviceDefaults } from '../../../../src/config/service-defaults.ts'
import type { CellResult } from '../../../../src/core/result.ts'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import { fakeSandbox, type FakeSandbox } from '../../executions/executions-desk.ts'
import { cellResult } from '../../sandbox/cell-result.ts'
import { scriptedSandboxes } from '../scripted-sandboxes.ts'

// A whole service by the variables of its environment, to be killed. Its sandboxes are its own, or with `real` those of the machine; the programs
// that it is sent say the same in both.

const run = async (
  sandbox: FakeSandbox,
  ...[code, { onOutput }, signal]: Parameters<Sandbox['run']>
): Promise<CellResult> => {
  const milliseconds = Number(/sleep\(([\d.]+)\)/.exec(code.text)?.[1] ?? 0) * 1_000
  await sleep(milliseconds, null, { signal }).catch(() => undefined)
  if (signal.aborted) return cellResult({ outcome: 'cancelled' })
  const said = /print\("([^"]*)"\)/.exec(code.text)?.[1] ?? ''
  onOutput?.('stdout', `${said}\n`)
  const [, name, text = ''] = /open\("([^"]*)", "w"\)\.write\("([^"]*)"\)/.exec(code.text) ?? []
  const made = name === undefined ? [] : [{ path: name, bytes: text.length }]
  if (name !== undefined) sandbox.contents.set(name, Buffer.from(text))
  return cellResult({ stdout: { text: `${said}\n`, truncated: false }, artifacts: made })
}
const open = (): FakeSandbox => {
  const sandbox: FakeSandbox = fakeSandbox((...asked) => run(sandbox, ...asked))
  return sandbox
}
const sandboxes = scriptedSandboxes(open)

const isReal = process.argv[2] === 'real'
const { config } = loadConfig({
  variables: process.env,
  workingDirectory: process.cwd(),
  flags: {},
  defaults: serviceDefaults,
})
const sallyport = await openSallyport(config, isReal ? {} : { sandboxes: { sandboxes, tell: () => {} } })
const served = await sallyport.listen(new AbortController().signal)
process.stdout.write(`${JSON.stringify({ url: served.url, newKey: served.newKey })}\n`)
const end = async (): Promise<void> => {
  await served[Symbol.asyncDispose]()
  await sallyport[Symbol.asyncDispose]()
  process.exit(0)
}
process.on('SIGTERM', () => void end())

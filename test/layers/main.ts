/**
 * `npm run layers`: every attack of `test/attack/layers.json` against a service with all layers off but one, for each of them.
 * `--json` prints what was measured, `--write` puts the tables into SECURITY.md and docs/layers.md.
 */
import { parseArgs } from 'node:util'
import { measureLayers } from '../support/layers/measure.ts'
import { writeTables } from '../support/layers/document.ts'
import { layersText } from '../support/layers/table.ts'

function parse() {
  return parseArgs({ options: { json: { type: 'boolean' }, write: { type: 'boolean' } } }).values
}

let given: ReturnType<typeof parse> | null = null
try {
  given = parse()
} catch (thrown) {
  process.stderr.write(`✖ ${(thrown as Error).message.split('\n')[0]} Use: npm run layers [-- --json | --write].\n`)
  process.exitCode = 2
}
if (given !== null) {
  const measured = await measureLayers((what) => process.stderr.write(`${what} …\n`))
  const told = measured.map(({ attack, ...rest }) => ({ attack: attack.name, kind: attack.kind, ...rest }))
  process.stdout.write(given.json === true ? `${JSON.stringify(told, null, 2)}\n` : layersText(measured))
  if (measured.some(({ skipped }) => skipped.includes('sandbox'))) {
    process.stderr.write('SKIPPED: programs in gVisor, no sandboxes can be had here\n')
  }
  if (measured.some(({ skipped }) => skipped.includes('firewall'))) {
    process.stderr.write('SKIPPED: the firewall in front, which cannot be built here\n')
  }
  if (given.write === true) writeTables(measured)
  const wrong = measured.filter(({ attack, together }) => {
    const passes = attack.harmless === true || attack.missed === true
    return together !== 'skipped' && (together === 'through') !== passes
  })
  for (const { attack } of wrong) process.stderr.write(`✖ ${attack.name}: not as it should be with all layers on\n`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}

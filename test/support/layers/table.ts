import { layerNames, layers } from './layers.ts'
import type { Measurement } from './measure.ts'

/**
 * What is said of who refuses an attack. The sandbox stands there for every program, and the firewall for what is said to be refused by
 * it: the test requires both where they can be had.
 */
function refusers({ attack, alone }: Measurement): readonly string[] {
  const names = layerNames.filter(
    (name) =>
      alone.includes(name) ||
      (name === 'sandbox' && attack.kind === 'code') ||
      (name === 'firewall' && attack.kind === 'endpoint' && attack.firewall === true),
  )
  return names.map((name) => layers[name].title)
}

const attacksOf = (measured: readonly Measurement[]): readonly Measurement[] =>
  measured.filter(({ attack }) => attack.harmless !== true && attack.missed !== true)

/** The table of SECURITY.md: each layer, and how much it refuses by itself. */
export function layerTable(measured: readonly Measurement[]): string {
  const attacked = attacksOf(measured)
  const counts = layerNames.map((name) => {
    const { title, off } = layers[name]
    const by = attacked.filter((each) => refusers(each).includes(title))
    const only = by.filter((each) => refusers(each).length === 1)
    return `| ${title} | ${off ?? 'cannot be'} | ${by.length} | ${only.length} |`
  })
  const head = `| layer | switched off by | of ${attacked.length} attacks, refuses by itself | where it stands alone |`
  return [head, '|---|---|---|---|', ...counts, ''].join('\n')
}

/** The tables of docs/layers.md: who refuses each attack, and what nobody does. */
export function attackTables(measured: readonly Measurement[]): string {
  const rows = attacksOf(measured).map((each) => {
    const by = refusers(each)
    return `| ${each.attack.name} | ${by.join(' · ')} | ${by.length === 1 ? 'alone' : ''} |`
  })
  const missed = measured.filter(({ attack }) => attack.missed === true).map(({ attack }) => `| ${attack.name} |`)
  const first = ['| attack | refused by | |', '|---|---|---|', ...rows, '']
  return [...first, '| what gets past all of them |', '|---|', ...missed, ''].join('\n')
}

/** For a terminal: a line for each attack, and what could not be tried. */
export function layersText(measured: readonly Measurement[]): string {
  const lines = measured.map((each) => {
    const { attack, alone, together, skipped } = each
    const by = alone.map((name) => layers[name].title).join(', ') || 'no layer'
    const untried = skipped.length === 0 ? '' : `; not tried here: ${skipped.join(', ')}`
    const kind = attack.harmless === true ? 'harmless' : attack.kind
    return `${kind.padEnd(10)} ${attack.name}: ${by}${untried}${together === 'through' ? ' (gets through)' : ''}`
  })
  return `${lines.join('\n')}\n`
}

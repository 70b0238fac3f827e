import { attacks, type Attack } from './attack.ts'
import type { Answer } from './exchange.ts'
import { LayeredService, type Outcome } from './layered-service.ts'
import { configurable, layerNames, pathOf, type LayerName } from './layers.ts'
import { byRules, bySandbox } from './programs.ts'
import { BareStatements } from './statements.ts'
import { wafProgram } from '../waf/waf-program.ts'
import { Around } from './surroundings.ts'

export type Measured = Outcome | 'skipped'

/** What became of one attack. */
export interface Measurement {
  readonly attack: Attack
  /** With every layer off that can be; null where that is never done. */
  readonly bare: Measured | null
  /** Layers that refuse it with all others off. */
  readonly alone: readonly LayerName[]
  /** Layers that could not be tried on this machine. */
  readonly skipped: readonly LayerName[]
  /** With all layers on. */
  readonly together: Measured
}

interface Known {
  bare: Measured | null
  readonly alone: Set<LayerName>
  readonly skipped: Set<LayerName>
  together: Measured
}

/**
 * Every attack against a service with all layers off but one, for each of them, and with all on. `onLayer` is told what is
 * tried next.
 */
export async function measureLayers(onLayer: (what: string) => void = () => undefined): Promise<Measurement[]> {
  // It holds up everything of this process while it builds, so that it comes before there is anything.
  const program = wafProgram()
  const waf = 'path' in program ? program.path : null
  await using around = await Around.start()
  await using statements = new BareStatements()
  const known = new Map<Attack, Known>(
    attacks.map((attack) => [attack, { bare: null, alone: new Set(), skipped: new Set(), together: 'refused' }]),
  )
  const each = async (work: (attack: Attack, facts: Known) => Promise<void>): Promise<void> => {
    for (const [attack, facts] of known) await work(attack, facts)
  }

  onLayer('no layer')
  {
    await using service = await LayeredService.start(new Set(), around)
    await each(async (attack, facts) => {
      if (attack.kind === 'code') return programs(attack, facts, service)
      if (attack.kind !== 'sql') {
        facts.bare = await service.strike(attack)
        // Reading cannot be switched off: what it refuses it refuses with all else off.
        if (facts.bare === 'refused') facts.alone.add('reading')
        return
      }
      facts.bare = await statements.byNothing(attack)
      if (isOfGate(await service.statement(attack))) facts.alone.add('gate')
      if ((await statements.byRole(attack)) === 'refused') facts.alone.add('role')
      if ((await statements.byFilters(attack)) === 'refused') facts.alone.add('filters')
    })
  }
  for (const layer of configurable.filter((name) => name !== 'rules')) {
    onLayer(layer)
    const front = layer === 'firewall' ? waf : null
    await using service = await LayeredService.start(new Set([layer]), around, front)
    await each(async (attack, facts) => {
      if (attack.kind === 'code' || !pathOf(attack).includes(layer)) return
      if (layer === 'firewall' && (front === null || attack.kind !== 'endpoint')) {
        if (attack.kind === 'endpoint') facts.skipped.add(layer)
        return
      }
      if (attack.kind === 'sql') {
        // Tried without the service.
        if (layer === 'filters') return
        // The gate and the role are there all the same: that one of them answers is that the layer let it pass.
        const answer = await service.statement(attack)
        if (answer.status >= 300 && !isOfGate(answer) && !isOfDatabase(answer)) facts.alone.add(layer)
        return
      }
      if (facts.bare === 'through' && (await service.strike(attack)) === 'refused') facts.alone.add(layer)
    })
  }
  onLayer('all layers')
  {
    await using service = await LayeredService.start(new Set(layerNames), around)
    // TLS ends before the firewall.
    const behind = new Set(layerNames.filter((name) => name !== 'transport'))
    await using fronted = await LayeredService.start(behind, around, waf)
    await each(async (attack, facts) => {
      if (attack.kind === 'endpoint' && waf === null && attack.firewall === true) facts.together = 'skipped'
      else if (attack.kind === 'endpoint') facts.together = await fronted.strike(attack)
      else if (attack.kind !== 'code') facts.together = await service.strike(attack)
      else facts.together = facts.alone.size === 0 ? (facts.skipped.size > 0 ? 'skipped' : 'through') : 'refused'
    })
  }
  return [...known].map(([attack, { bare, alone, skipped, together }]) => ({
    attack,
    bare,
    alone: layerNames.filter((name) => alone.has(name)),
    skipped: layerNames.filter((name) => skipped.has(name)),
    together,
  }))
}

/** A refusal with its findings. */
const isOfGate = ({ status, text }: Answer): boolean => status === 400 && text.includes('"findings"')
const isOfDatabase = ({ text }: Answer): boolean => /"(?:query[-_]failed|deadline[-_]exceeded)"/.test(text)

async function programs(
  attack: Extract<Attack, { readonly kind: 'code' }>,
  facts: Known,
  service: LayeredService,
): Promise<void> {
  if ((await byRules(attack)) === 'refused') facts.alone.add('rules')
  const inSandbox = await bySandbox(attack, service.sallyport)
  if (inSandbox === 'refused') facts.alone.add('sandbox')
  if (inSandbox === 'skipped') facts.skipped.add('sandbox')
}

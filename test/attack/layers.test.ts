import { beforeAll, describe, expect, it } from 'vitest'
import { documents, tablesIn } from '../support/layers/document.ts'
import { measureLayers, type Measurement } from '../support/layers/measure.ts'
import { verifies } from '../support/verifies.ts'

let measured: readonly Measurement[] = []
beforeAll(async () => {
  measured = await measureLayers()
  if (measured.some(({ skipped }) => skipped.includes('sandbox'))) {
    process.stderr.write('SKIPPED: programs in gVisor, no sandboxes can be had here\n')
  }
  if (measured.some(({ skipped }) => skipped.includes('firewall'))) {
    process.stderr.write('SKIPPED: the firewall in front, which cannot be built here\n')
  }
}, 1_200_000)

const named = (some: readonly Measurement[]) => some.map(({ attack }) => attack.name)
const isAttack = ({ attack }: Measurement): boolean => attack.harmless !== true && attack.missed !== true

describe('sixty attacks and more', () => {
  it('are refused, each of them, with all layers on', () => {
    verifies('security.layers')
    const attacks = measured.filter(isAttack)
    expect(attacks.length).toBeGreaterThanOrEqual(60)
    expect(named(attacks.filter(({ together }) => together === 'through'))).toEqual([])
  })

  it('are refused by at least one layer with all others off', () => {
    verifies('security.layers')
    const by = ({ alone, skipped }: Measurement) => alone.length + skipped.length
    expect(named(measured.filter((each) => isAttack(each) && by(each) === 0))).toEqual([])
  })

  it('get through where no layer is on, but for what reading refuses', () => {
    const isRead = ({ attack }: Measurement) => attack.kind === 'endpoint' && attack.reading === true
    const refused = measured.filter((each) => each.bare === 'refused' && each.attack.kind !== 'wire' && !isRead(each))
    expect(named(refused)).toEqual([])
    expect(named(measured.filter((each) => isRead(each) && each.bare !== 'refused'))).toEqual([])
  })

  it('by callers of an endpoint are refused by the firewall where that is said of them, and nowhere else', () => {
    verifies('layers.firewall')
    const tried = measured.filter((each) => isAttack(each) && each.attack.kind === 'endpoint')
    const isSaid = ({ attack }: Measurement) => attack.kind === 'endpoint' && attack.firewall === true
    const differs = tried.filter(
      (each) => !each.skipped.includes('firewall') && each.alone.includes('firewall') !== isSaid(each),
    )
    expect(named(differs)).toEqual([])
    expect(tried.filter(isSaid).length).toBeGreaterThan(5)
  })

  it('by programs are refused by the sandbox alone, where there is one', () => {
    verifies('security.layers')
    const programs = measured.filter((each) => isAttack(each) && each.attack.kind === 'code')
    const loose = programs.filter(({ alone, skipped }) => !alone.includes('sandbox') && !skipped.includes('sandbox'))
    expect(named(loose)).toEqual([])
  })

  it('leave ordinary requests be, by each layer and by all', () => {
    verifies('layers.harmless')
    const harmless = measured.filter(({ attack }) => attack.harmless === true)
    expect(harmless.length).toBeGreaterThan(5)
    expect(named(harmless.filter(({ alone, together }) => alone.length > 0 || together === 'refused'))).toEqual([])
  })

  it('that get past all layers are told as such', () => {
    verifies('layers.missed')
    const missed = measured.filter(({ attack }) => attack.missed === true)
    expect(named(missed.filter(({ alone, together }) => alone.length > 0 || together === 'refused'))).toEqual([])
  })

  it.each(Object.entries(documents))('and who refuses them are what %s says', (name, tablesOf) => {
    verifies('security.layers')
    expect(tablesIn(name)).toBe(tablesOf(measured))
  })
})

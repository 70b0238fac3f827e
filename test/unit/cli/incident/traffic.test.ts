import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { invalidKinds } from '../../../../src/cli/incident/kinds/invalid-kinds.ts'
import { materialOf } from '../../../../src/cli/incident/kinds/kind.ts'
import { seededRandom } from '../../../../src/core/seeded-random.ts'
import type { IncidentRequest } from '../../../../src/cli/incident/request.ts'
import { planTraffic, type Planned } from '../../../../src/cli/incident/traffic.ts'
import { incidentPictures } from '../../../support/cli/incident-pictures.ts'

/** Bodies of megabytes are compared by their digests. */
const told = ({ body, ...request }: IncidentRequest): string =>
  JSON.stringify([request, createHash('sha256').update(body).digest('hex')])
const toldOf = (traffic: readonly Planned[]) => traffic.map(({ kind, request, due }) => [kind, due, told(request)])

const options = { seed: 7, requests: 1_000, perSecond: 100, invalidPercent: 95 }

describe('the kinds of invalid requests', () => {
  it('are more than twenty-five, each with a name and what is wrong', () => {
    expect(invalidKinds.length).toBeGreaterThanOrEqual(25)
    expect(new Set(invalidKinds.map(({ name }) => name)).size).toBe(invalidKinds.length)
    expect(new Set(invalidKinds.map(({ wrong }) => wrong)).size).toBe(invalidKinds.length)
  })

  it.each(invalidKinds)('make the same bytes of the same seed: $name', ({ make }) => {
    const once = () => make(materialOf(incidentPictures, seededRandom(1)))
    expect(told(once())).toBe(told(once()))
    expect(once().key).not.toBe('caller')
  })
})

describe('the traffic of an incident', () => {
  const traffic = planTraffic(incidentPictures, options)
  const honest = traffic.filter(({ kind }) => kind === null)

  it('has as many invalid requests as was said, of every kind as many as of any other', () => {
    expect([traffic.length, honest.length]).toEqual([1_000, 50])
    const counts = invalidKinds.map(({ name }) => traffic.filter(({ kind }) => kind === name).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  it('mixes them, with keys of honest callers at honest requests alone', () => {
    expect(traffic.slice(0, 300).filter(({ kind }) => kind === null).length).toBeGreaterThan(0)
    expect(traffic.slice(-300).filter(({ kind }) => kind === null).length).toBeGreaterThan(0)
    expect(honest.every(({ request }) => request.key === 'caller')).toBe(true)
    expect(traffic.every(({ kind, request }) => kind === null || request.key !== 'caller')).toBe(true)
  })

  it('has honest callers half of whom send JSON, half a form', () => {
    const type = ({ request }: Planned) => request.headers.map((line) => line.replace(/;.*/, ''))
    const of = (wanted: string) => honest.filter((one) => type(one).includes(`Content-Type: ${wanted}`)).length
    expect([of('application/json'), of('multipart/form-data')]).toEqual([25, 25])
  })

  it('is due at the rate that was said, one after another', () => {
    const due = traffic.map((one) => one.due)
    expect(due).toEqual(due.toSorted((first, second) => first - second))
    expect((due.at(-1) ?? 0) / 10_000).toBeGreaterThan(0.8)
    expect((due.at(-1) ?? 0) / 10_000).toBeLessThan(1.2)
  })

  it('is the same for the same seed, and another for another', () => {
    const short = { ...options, requests: 100 }
    const once = () => toldOf(planTraffic(incidentPictures, short))
    expect(once()).toEqual(once())
    expect(toldOf(planTraffic(incidentPictures, { ...short, seed: 8 }))).not.toEqual(once())
  })
})

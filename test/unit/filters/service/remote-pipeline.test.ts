import { afterAll, describe, expect, it } from 'vitest'
import type { CheckAnswer } from '../../../../src/filters/service/check-contract.ts'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import type { NamedProfile } from '../../../../src/filters/pipeline/named-profiles.ts'
import { FilterProcesses } from '../../../../src/filters/service/filter-processes.ts'
import { serviceOptions } from '../../../../src/filters/service/options.ts'
import { createRemotePipeline } from '../../../../src/filters/service/remote-pipeline.ts'
import type { ProfileRule } from '../../../../src/filters/profile.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { FakeServer, sendJson } from '../../../support/filters/remote/fake-server.ts'
import { serviceKey } from '../../../support/filters/service/filter-service.ts'
import { verifies } from '../../../support/verifies.ts'

const mask: ProfileRule = { threshold: 0.5, action: 'mask', mode: 'enforce' }
const profile: NamedProfile = { name: 'staff', version: 2, inbound: { pii: mask }, outbound: {} }
const context = { direction: 'inbound', group: 'staff', executedSql: [] } as const
const parts = [{ text: 'mail anna@example.com', provenance: 'user' }] as const

const found: CheckAnswer['findings'][number] = {
  part: 0,
  start: 5,
  end: 21,
  category: 'pii/email',
  score: 0.95,
  detector: 'pii-patterns@1',
  decided: 'mask',
  enforced: true,
  effective: 'mask',
}
const right: CheckAnswer = {
  version: 1,
  action: 'mask',
  findings: [found],
  failures: [],
  detectors: { 'pii-patterns': '1' },
  profile: { name: 'staff', version: 2 },
}

const server = await FakeServer.start(() => ({ status: 200, body: right }))
afterAll(() => server[Symbol.asyncDispose]())

const told: string[] = []
const pipeline = createRemotePipeline({
  processes: new FilterProcesses(
    serviceOptions.parse({ urls: [server.url], key: serviceKey, deadline_ms: 60_000, breaker_failures: 1_000 }),
  ),
  filters: [createPiiFilter()],
  onFailure: ({ filter, onFailure }) => told.push(`${filter} ${onFailure}`),
})

const answered = (body: unknown, by: NamedProfile = profile) => {
  server.answer = (response) => sendJson(response, { status: 200, body })
  return pipeline.inspect(parts, { profile: by, context }, never)
}

describe('the pipeline of other processes', () => {
  it('passes on what each rule was decided by, and says nothing of it for a process that does not', async () => {
    const scored = {
      rule: 'pii',
      score: 0.95,
      threshold: 0.5,
      effective: 'mask',
      detectors: ['pii-patterns@1'],
    } as const
    const { scores } = await answered({ ...right, scores: [{ ...scored, is_bound: true }] })
    expect(scores).toEqual([{ ...scored, isBound: true }])
    expect(await answered(right)).not.toHaveProperty('scores')
  })

  it('gives the verdict that was answered', async () => {
    expect(await answered(right)).toMatchObject({
      action: 'mask',
      decisions: [{ start: 5, end: 21, direction: 'inbound', profileVersion: 2 }],
    })
  })

  it.each<readonly [what: string, body: unknown]>([
    ['no verdict', {}],
    ['a list', []],
    ['another version of the contract', { ...right, version: 2 }],
    ['an action that there is not', { ...right, action: 'pass' }],
    ['a verdict of detectors that are not all', { ...right, detectors: { other: '1' } }],
    ['less than what it says was found', { ...right, action: 'allow' }],
    [
      'less than a closed failure means',
      {
        ...right,
        failures: [{ detector: 'own', categories: ['pii'], on_failure: 'closed', why: 'fault' }],
      },
    ],
    ['a verdict by another profile', { ...right, profile: { name: 'lax', version: 2 } }],
    ['a verdict by another version of it', { ...right, profile: { name: 'staff', version: 1 } }],
    ['a place behind the text', { ...right, findings: [{ ...found, end: 22 }] }],
    ['an empty place', { ...right, findings: [{ ...found, end: 5 }] }],
    ['a part that there is not', { ...right, findings: [{ ...found, part: 1 }] }],
    ['a score beyond 1', { ...right, findings: [{ ...found, score: 1.2 }] }],
  ])('takes %s for none, and blocks', async (_what, body) => {
    verifies('filter-service.fails-closed')
    told.length = 0
    expect(await answered(body)).toMatchObject({
      action: 'block',
      decisions: [],
      failures: [{ detector: 'pii-patterns', categories: ['pii'], onFailure: 'closed', why: 'unreadable' }],
    })
    expect(told).toEqual(['filter-service closed'])
  })

  it('goes on without an answer where the profile says so, and says it', async () => {
    verifies('filter-service.fails-closed')
    const open: NamedProfile = { ...profile, inbound: { pii: { ...mask, on_failure: 'open' } } }
    expect(await answered({}, open)).toMatchObject({
      action: 'allow',
      failures: [{ detector: 'pii-patterns', onFailure: 'open', why: 'unreadable' }],
    })
  })
})

import { request as forward } from 'node:http'
import { afterAll } from 'vitest'
import { openOwnContentFilters } from '../../src/compose/content-filters.ts'
import { FilterProcesses } from '../../src/filters/service/filter-processes.ts'
import { serviceOptions } from '../../src/filters/service/options.ts'
import { createRemotePipeline } from '../../src/filters/service/remote-pipeline.ts'
import { FakeServer, sendJson } from '../support/filters/remote/fake-server.ts'
import { startFakeWebhook, webhookKey } from '../support/filters/remote/fake-webhook.ts'
import { configWith, serviceKey, startFilterService } from '../support/filters/service/filter-service.ts'
import { contentPipelineContract } from './content-pipeline-contract.ts'

const [own, other] = [await startFakeWebhook(), await startFakeWebhook()]

const webhookAt = ({ url }: FakeServer) => ({
  kind: 'webhook',
  url,
  categories: ['guard/threat'],
  signing_key: webhookKey,
  breaker_failures: 1_000,
  deadline_ms: 60_000,
})
const detectors = { own: webhookAt(own), other: webhookAt(other) }
const calibrations = {
  'pii-patterns': {
    'pii/card': [
      [0, 0],
      [1, 0.5],
    ],
  },
}
const filters = { detectors, content: { calibrations, deadline_ms: 60_000 } }

const current = await startFilterService(filters)
/** Of a configuration before this one: it knows none of the profiles, and other numbers of its own. */
const older = await startFilterService({
  ...filters,
  profiles: { contract: { version: 3, inbound: { 'guard/threat': { action: 'allow' } } } },
  deadline_ms: 1_000,
})

/** A service that says more than the contract has, as one of a later version may. */
const later = await FakeServer.start(() => ({ status: 500, body: null }))
later.answer = (response, { path, headers, raw }) => {
  const { authorization = '', 'content-type': type = '' } = headers
  const asked = forward(`${current.url}${path}`, { method: 'POST', headers: { authorization, 'content-type': type } })
  asked.on('response', (answered) => {
    let text = ''
    answered.on('data', (piece: Buffer) => (text += piece.toString()))
    answered.on('end', () => {
      const body = JSON.parse(text) as { findings?: object[] }
      const findings = body.findings?.map((finding) => Object.assign({ severity: 3 }, finding))
      sendJson(response, { status: answered.statusCode ?? 500, body: { ...body, findings, spent_ms: 4 } })
    })
  })
  asked.end(raw)
}

const { filters: configured } = configWith(filters)
const inProcess = openOwnContentFilters(
  { filters: configured },
  { onFilterFailure: () => {}, onDetectorOutcome: () => {} },
)

const remote = (urls: readonly string[]) =>
  createRemotePipeline({
    processes: new FilterProcesses(serviceOptions.parse({ urls, key: serviceKey, deadline_ms: 60_000 })),
    filters: inProcess.filters,
  })

function breakWebhooks(): Disposable {
  for (const each of [own, other]) each.answer = (response) => sendJson(response, { status: 500, body: {} })
  return { [Symbol.dispose]: () => [own, other].forEach((each) => (each.answer = null)) }
}

const pipelines = {
  'in this process': inProcess.pipeline,
  'in another one': remote([current.url]),
  'in one of an older configuration': remote([older.url]),
  'in one of a later version': remote([later.url]),
  'in any of them, in turn': remote([current.url, older.url, later.url]),
}

for (const [name, pipeline] of Object.entries(pipelines))
  contentPipelineContract(name, () => ({ pipeline, breakWebhooks }))

afterAll(async () => {
  for (const each of [current, older, later, own, other]) await each[Symbol.asyncDispose]()
})

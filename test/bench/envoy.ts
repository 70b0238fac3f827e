import { once } from 'node:events'
import { Agent, request as send, type IncomingMessage } from 'node:http'
import { delta, question, startEnvoyGateway, streamEnd } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, EnvoyServer, without } from '../support/envoy/envoy-program.ts'
import { figure, report } from './figures.ts'

const rounds = 1_000
/** The first ones open connections and compile what runs. */
const unmeasured = 200

/**
 * What both filters add to the first event of a stream: the same call to a model that answers at once, through an Envoy without
 * filters and through one that asks Sallyport, which masks, in turns, one at a time. Which of the two goes first alternates, so that
 * neither always has what the other has warmed.
 */
export async function benchEnvoy(): Promise<void> {
  const program = envoyProgram()
  if ('missing' in program) {
    process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
    return
  }
  await using gateway = await startEnvoyGateway(program.path)
  const { model, service, envoy } = gateway
  model.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(delta('The first words of an answer. '))
    setImmediate(() => response.end(streamEnd))
  }
  const unfiltered = without('ext_authz', without('ext_proc', deployed({ model: model.path, sallyport: '/nowhere' })))
  await using plain = await EnvoyServer.start(program.path, unfiltered)
  const agent = new Agent({ keepAlive: true })
  const samples: Record<'plain' | 'filtered' | 'added', number[]> = { plain: [], filtered: [], added: [] }
  try {
    for (let round = 0; round < rounds + unmeasured; round += 1) {
      const body = question(`Write to person.${round}@example.org about the report.`, { stream: true })
      const asked = { body, key: service.key, agent }
      const isPlainFirst = round % 2 === 0
      const first = await firstEvent(isPlainFirst ? plain.url : envoy.url, asked)
      const second = await firstEvent(isPlainFirst ? envoy.url : plain.url, asked)
      const [direct, filtered] = isPlainFirst ? [first, second] : [second, first]
      if (round < unmeasured) continue
      samples.plain.push(direct)
      samples.filtered.push(filtered)
      samples.added.push(filtered - direct)
    }
  } finally {
    agent.destroy()
  }
  report('envoy', {
    'envoy.first_event_plain': figure(samples.plain),
    'envoy.first_event_filtered': figure(samples.filtered),
    'envoy.first_event_added': figure(samples.added),
  })
}

interface Asked {
  readonly body: string
  readonly key: string
  readonly agent: Agent
}

/** Milliseconds until the first bytes of an answer have come; the rest of it is read. */
async function firstEvent(url: string, { body, key, agent }: Asked): Promise<number> {
  const started = performance.now()
  const outgoing = send(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'content-length': Buffer.byteLength(body),
    },
  })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`Envoy answered ${answer.statusCode}.`)
  await once(answer, 'readable')
  const milliseconds = performance.now() - started
  await answer.resume().toArray()
  return milliseconds
}

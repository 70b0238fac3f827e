import { Agent, request } from 'node:http'
import { execTimes } from '../docker-exec.ts'
import { figure, timed, type Figures } from '../figures.ts'
import { LlmSandbox } from './llm-sandbox.ts'
import { startSessionService } from './service.ts'

const program = 'print(1 + 1)'
/** Rounds of `perRound` requests of ours and one of llm-sandbox's. */
const [rounds, perRound] = [20, 100]

/** One JSON exchange over a connection that stays open. */
function exchange(
  url: string,
  { agent, key }: { readonly agent: Agent; readonly key: string },
  body: object,
): Promise<string> {
  const text = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    authorization: `Bearer ${key}`,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (answer += piece))
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(answer)
        else reject(new Error(`${url} answered ${response.statusCode}: ${answer}`))
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/**
 * `POST /v1/execute` in a session that is warm, the whole way over HTTP, beside a run in an open session of llm-sandbox's pool, in turns,
 * and beside `docker exec` of the same interpreter.
 */
export async function warmExecutions(): Promise<Figures> {
  await using peer = await LlmSandbox.start()
  await using service = await startSessionService({ ready: 1 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, body: object) => exchange(`${service.url}${path}`, { agent, key: service.key }, body)
  const { id: session } = JSON.parse(await ask('/v1/sessions', {})) as { readonly id: string }
  const run = async (): Promise<void> => {
    const answer = JSON.parse(await ask('/v1/execute', { code: program, session })) as { readonly stdout: string }
    if (answer.stdout !== '2\n') throw new Error(`2 expected, not ${JSON.stringify(answer)}`)
  }
  // The first some hundred requests of a process are slower, until the engine's code is compiled.
  await timed(500, run)
  const [own, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    theirs.push(await peer.run())
    own.push(...(await timed(perRound, run)))
  }
  agent.destroy()
  const exec = await execTimes(40)
  return {
    'sessions.execute_warm': figure(own, { reference: { name: 'llm-sandbox with its pool', samples: theirs } }),
    'sessions.execute_warm.docker_exec': figure(own, { reference: { name: 'docker exec', samples: exec } }),
  }
}

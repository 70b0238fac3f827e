import { Agent, createServer, request as send, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { corpus } from '../support/corpora/corpora.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { figure, report } from './figures.ts'

const turns = 20
const rounds = 300

/** Histories of a chat about code: programs of the corpus in turn, where it is here, else a made one. */
function histories(): readonly Buffer[] {
  const path = corpus('workloads/humaneval.jsonl')
  const programs =
    path === null
      ? Array.from({ length: 40 }, (_, at) =>
          `def f${at}(rows):\n    return [row for row in rows if row > ${at}]\n`.repeat(8),
        )
      : readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { prompt: string; canonical_solution: string })
          .map((row) => row.prompt + row.canonical_solution)
  return Array.from({ length: rounds }, (_, round) => {
    const messages = Array.from({ length: turns }, (__, turn) => ({
      role: turn % 2 === 0 ? 'user' : 'assistant',
      content: `Please look at this:\n\n${programs[(round * turns + turn) % programs.length] ?? ''}`,
    }))
    return Buffer.from(JSON.stringify({ model: 'gpt-5', messages }))
  })
}

/**
 * What the firewall of deploy/waf adds to a call with a history of 20 turns: the same requests straight to a server that answers at
 * once, through the firewall with our exclusions and through one with the stock rules, in turns, one at a time.
 */
export async function benchWaf(): Promise<void> {
  const program = wafProgram()
  if ('missing' in program) {
    process.stderr.write(`SKIPPED: the firewall of deploy/waf cannot be had: ${program.missing}\n`)
    return
  }
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end('{}'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const agent = new Agent({ keepAlive: true })
  try {
    await using ours = await WafServer.start(program.path, upstream, { exclusions: join(wafFolder, 'exclusions.conf') })
    await using stock = await WafServer.start(program.path, upstream, { exclusions: null })
    const samples: Record<'direct' | 'ours' | 'stock', number[]> = { direct: [], ours: [], stock: [] }
    let blocked = 0
    for (const [at, body] of histories().entries()) {
      const direct = await ask(upstream, body, agent)
      const through = await ask(ours.url, body, agent)
      if (through.status !== 200) throw new Error(`our exclusions refused a history: ${through.status}`)
      const byStock = await ask(stock.url, body, agent)
      if (byStock.status !== 200) blocked += 1
      // The first ones open connections and fill memories.
      if (at < 20) continue
      samples.direct.push(direct.milliseconds)
      samples.ours.push(through.milliseconds - direct.milliseconds)
      samples.stock.push(byStock.milliseconds - direct.milliseconds)
    }
    process.stderr.write(`The stock rules refused ${blocked} of ${rounds} histories.\n`)
    report('waf', {
      'waf.added_20_turns': figure(samples.ours, { reference: { name: 'stock rules', samples: samples.stock } }),
      'waf.stock_20_turns': figure(samples.stock),
    })
  } finally {
    agent.destroy()
    server.close()
  }
}

async function ask(url: string, body: Buffer, agent: Agent): Promise<{ status: number; milliseconds: number }> {
  const started = performance.now()
  const headers = { 'content-type': 'application/json', 'content-length': body.length, host: 'sallyport.example' }
  const outgoing = send(`${url}/v1/chat/completions`, { method: 'POST', headers, agent })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  await answer.resume().toArray()
  return { status: answer.statusCode ?? 0, milliseconds: performance.now() - started }
}

import { connect } from 'node:net'
import type { RuleAttack } from './rule-attacks.ts'

/** Sends an attack byte for byte as its test has it, and resolves to the status it is answered with; 0 where it is none. */
export async function replay(url: string, attack: RuleAttack): Promise<number> {
  const { hostname, port } = new URL(url)
  const names = new Set(Object.keys(attack.headers).map((name) => name.toLowerCase()))
  const lines = [
    `${attack.method} ${attack.uri} HTTP/1.1`,
    ...Object.entries(attack.headers).map(([name, value]) => `${name}: ${value}`),
    ...(names.has('host') ? [] : ['Host: localhost']),
    ...(names.has('content-length') || names.has('transfer-encoding') || attack.data === ''
      ? []
      : [`Content-Length: ${Buffer.byteLength(attack.data)}`]),
    ...(names.has('connection') ? [] : ['Connection: close']),
  ]
  const socket = connect({ host: hostname, port: Number(port) })
  return new Promise((resolve) => {
    let answer = ''
    const end = () => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0))
    }
    socket.setTimeout(3_000, end)
    socket.on('error', end).on('close', end)
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString('latin1')
      if (answer.length >= 12) end()
    })
    socket.write(`${lines.join('\r\n')}\r\n\r\n${attack.data}`)
  })
}

/** Does this to each of many, a few at a time. */
export async function forEachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const item of waiting) await act(item)
    }),
  )
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import type { StartOrder, StartReport } from './start-orders.ts'

/** The program of the thread that starts sandboxes: it waits for the system to load a program, so that nothing else has to. */
const started = new Map<number, ChildProcess>()

function report(said: StartReport): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(said)
}

/** Reads nothing of it: what comes is the program's. */
async function connect(path: string): Promise<Socket> {
  const socket = new Socket({ allowHalfOpen: true })
  socket.pause()
  socket.connect({ path })
  await once(socket, 'connect')
  return socket
}

async function start({ number, command, input, output }: Extract<StartOrder, { kind: 'start' }>): Promise<void> {
  await using ends = new AsyncDisposableStack()
  const [stdin, stdout] = await Promise.all(
    [input, output].map(async (path) => {
      const socket = await connect(path)
      ends.defer(() => void socket.destroy())
      return socket
    }),
  )
  const child = spawn(command.file, [...command.words], {
    stdio: [stdin, stdout, 'pipe'],
    env: { ...command.environment },
  })
  child.stderr?.on('data', (piece: Buffer) => report({ kind: 'said', number, piece }))
  child.once('exit', (status) => {
    started.delete(number)
    report({ kind: 'ended', number, status })
  })
  started.set(number, child)
  try {
    await once(child, 'spawn')
  } catch (thrown) {
    started.delete(number)
    throw thrown
  }
  report({ kind: 'began', number })
}

parentPort?.on('message', (order: StartOrder) => {
  if (order.kind === 'kill') started.get(order.number)?.kill('SIGKILL')
  else start(order).catch(({ message }: Error) => report({ kind: 'failed', number: order.number, message }))
})

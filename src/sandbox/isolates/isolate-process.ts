/**
 * The process around one isolate. Started by `isolate-worker.ts` with an empty environment and nothing but two pipes;
 * whoever broke out of the isolate would find no network tool, no secret and no second tenant here.
 * Arguments: memory in MiB, output cap in bytes, result cap in characters, sessions per isolate; each as JSON.
 */
import { writeSync } from 'node:fs'
import { encodeFrame, FrameReader, type FromIsolate, type ToIsolate } from './frames.ts'
import { IsolateRoom } from './isolate-room.ts'

const [memoryMegabytes, outputBytes, resultCharacters, sessionsPerIsolate] = process.argv
  .slice(2)
  .map((text) => JSON.parse(text)) as [number, number, number, number]

let run = { id: 0, room: { stdout: 0, stderr: 0 }, truncated: new Set<'stdout' | 'stderr' | 'results'>() }

function send(frame: FromIsolate): void {
  process.stdout.write(encodeFrame(frame))
}

/** Answers whether the stream is full. */
function write(stream: 'stdout' | 'stderr', text: string): boolean {
  const left = outputBytes - run.room[stream]
  const bytes = Buffer.byteLength(text)
  if (bytes > left) run.truncated.add(stream)
  if (left <= 0) return true
  const kept =
    bytes > left
      ? Buffer.from(text)
          .subarray(0, left)
          .toString('utf8')
          .replace(/\uFFFD$/, '')
      : text
  run.room[stream] += Math.min(bytes, left)
  send({ type: 'output', id: run.id, stream, text: kept })
  return bytes > left
}

/**
 * The engine has given the isolate up and may hang in it: says why (the engine's own word, no program's) and ends the
 * process, in which nothing is to be relied on any more.
 */
function giveUp(message: string): void {
  const reason = message.includes('out-of-memory') ? 'memory' : 'engine'
  writeSync(1, encodeFrame({ type: 'fatal', reason }))
  process.kill(process.pid, 'SIGKILL')
}

const room = new IsolateRoom({
  memoryMegabytes,
  resultCharacters,
  sessionsPerIsolate,
  host: { write, outputBytes },
  onCatastrophicError: giveUp,
})

async function receive(frame: ToIsolate): Promise<void> {
  if (frame.type === 'reset') {
    room.reset()
    send({ type: 'reset-done', id: frame.id })
    return
  }
  run = { id: frame.id, room: { stdout: 0, stderr: 0 }, truncated: new Set() }
  const { cut, ...ending } = await room.run(frame.code, frame.timeoutMilliseconds)
  if (cut) run.truncated.add('results')
  send({ type: 'done', id: frame.id, ...ending, truncated: [...run.truncated] })
  // While the service reads the answer.
  room.prepare()
}

const reader = new FrameReader(64 * 1024 * 1024)
process.stdin.on('data', (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) void receive(frame as ToIsolate)
})
// The service is gone: so is the reason to live.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'))
send({ type: 'ready' })

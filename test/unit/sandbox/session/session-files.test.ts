import { describe, expect, it } from 'vitest'
import { ProtocolConnection } from '../../../../src/sandbox/protocol/connection.ts'
import { encodeChunk, encodeControl, FrameDecoder } from '../../../../src/sandbox/protocol/frames.ts'
import { createSessionFiles } from '../../../../src/sandbox/session/session-files.ts'
import { duplexPair } from '../../../support/sandbox/fake-supervisor.ts'

const zeros = Buffer.alloc(16)
const never = new AbortController().signal
const file = { path: 'a.csv', bytes: 3, modified_ms: 1 }

interface Heard {
  readonly type: string
  readonly id: number
}

/** Files over a connection whose other end is the test: it answers what it hears, and notes it. */
function open(
  answer: (message: Heard, say: (message: object) => void, chunk: (text: string) => void) => void = () => {},
) {
  const [host, guest] = duplexPair()
  host.on('error', () => {})
  const heard: (Heard | number)[] = []
  const decoder = new FrameDecoder(zeros)
  guest.on('data', (piece: Buffer) => {
    for (const frame of decoder.push(piece)) {
      if (frame.kind === 'chunk') {
        heard.push(frame.bytes.length)
        continue
      }
      const message = JSON.parse(frame.payload.toString()) as Heard
      heard.push(message)
      const say = (said: object) => guest.write(encodeControl(zeros, { id: message.id, ...said }))
      answer(message, say, (text) => guest.write(encodeChunk(zeros, message.id, Buffer.from(text))))
    }
  })
  const connection = new ProtocolConnection(host, zeros, () => {})
  const names = () => heard.map((each) => (typeof each === 'number' ? each : each.type))
  return { files: createSessionFiles(connection), heard, names, connection }
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function read(content: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of content) text += Buffer.from(piece).toString()
  return text
}

describe('a path', () => {
  it.each([
    ['', 'is empty'],
    ['x'.repeat(1025), 'is longer than 1024 bytes'],
    ['é'.repeat(513), 'is longer than 1024 bytes'],
    ['\ud800', 'is not valid Unicode'],
    ['a\u0000', 'holds control characters'],
    ['a\nb', 'holds control characters'],
    ['a\u202efdp.exe', 'holds control characters'],
    ['a\u2066', 'holds control characters'],
    ['a\u2028', 'holds control characters'],
    ['/etc/passwd', 'is absolute'],
    ['a//b', 'holds "", "." or ".." as a name'],
    ['a/', 'holds "", "." or ".." as a name'],
    ['./a', 'holds "", "." or ".." as a name'],
    ['a/../b', 'holds "", "." or ".." as a name'],
    [`a/${'x'.repeat(256)}`, 'holds a name longer than 255 bytes'],
    ['é'.repeat(128), 'holds a name longer than 255 bytes'],
  ])('that is hostile never travels: %j', async (path, reason) => {
    const { files, names } = open()
    const fault = {
      code: 'invalid-file',
      message: `The path ${JSON.stringify(path.slice(0, 100))} ${reason}.`,
      advice: 'Use a path below /mnt/data made of ordinary names, such as "results/table.csv".',
    }
    await expect(files.put(path, pieces('x'), never)).rejects.toMatchObject(fault)
    await expect(files.delete(path, never)).rejects.toMatchObject(fault)
    await expect(read(files.get(path, never))).rejects.toMatchObject(fault)
    expect(names()).toEqual([])
  })

  it.each([
    'a',
    '..a',
    'a..',
    'results/table.csv',
    'ü/数.csv',
    'x'.repeat(255),
    `${'x'.repeat(255)}/`.repeat(3) + 'x'.repeat(255),
  ])('that is ordinary does: %j', async (path) => {
    const { files, names } = open((_message, say) => say({ type: 'deleted' }))
    await files.delete(path, never)
    expect(names()).toEqual(['delete'])
  })
})

describe('a file that is put', () => {
  it('travels in pieces, is closed, and is reported as it was stored', async () => {
    const { files, names } = open((message, say) => {
      if (message.type === 'close') say({ type: 'stored', file })
    })
    expect(await files.put('a.csv', pieces('ab', 'c'), never)).toEqual({ path: 'a.csv', bytes: 3 })
    expect(names()).toEqual(['put', 2, 1, 'close'])
  })

  it.each([
    [['x'.repeat(262_144)], [262_144]],
    [['x'.repeat(262_145)], [262_144, 1]],
    [
      ['x'.repeat(524_288), '', 'y'],
      [262_144, 262_144, 1],
    ],
    [[''], []],
  ])('travels in no empty piece, whatever pieces it is given in (%#)', async (given, sent) => {
    const { files, names } = open((message, say) => {
      if (message.type === 'close') say({ type: 'stored', file })
    })
    await files.put('a.csv', pieces(...given), never)
    expect(names()).toEqual(['put', ...sent, 'close'])
  })

  it('takes a word of credit that comes after its end for nothing', async () => {
    const { files } = open((message, say) => {
      if (message.type !== 'close') return
      say({ type: 'credit', bytes: 3 })
      say({ type: 'stored', file })
    })
    expect(await files.put('a.csv', pieces('abc'), never)).toEqual({ path: 'a.csv', bytes: 3 })
  })

  it('goes no further than its credit, and on when there is more', async () => {
    const piece = 'x'.repeat(65_536)
    let more: () => void = () => {}
    const { files, names } = open((message, say) => {
      if (message.type === 'put') more = () => say({ type: 'credit', bytes: 65_536 })
      if (message.type === 'close') say({ type: 'stored', file })
    })
    const put = files.put('a.csv', pieces(...Array.from({ length: 18 }, () => piece)), never)
    await expect.poll(() => names().length).toBe(17)
    await new Promise((resolve) => setTimeout(resolve, 20))
    // A mebibyte to begin with: sixteen pieces.
    expect(names()).toEqual(['put', ...Array.from({ length: 16 }, () => 65_536)])
    more()
    await expect.poll(() => names().length).toBe(18)
    more()
    await put
    expect(names().slice(-3)).toEqual([65_536, 65_536, 'close'])
  })

  it.each([
    ['no-space', 'invalid-file'],
    ['bad-path', 'invalid-file'],
    ['not-regular', 'invalid-file'],
    ['permission', 'invalid-file'],
    ['too-large', 'invalid-file'],
    ['changed', 'invalid-file'],
    ['io', 'invalid-file'],
    ['not-found', 'invalid-file'],
    ['whatever', 'sandbox-lost'],
  ])('fails with what the sandbox says (%s), and is given up', async (code, expected) => {
    const { files, names } = open((message, say) => {
      if (message.type === 'close') say({ type: 'failed', code, message: 'it does not go' })
    })
    await expect(files.put('a.csv', pieces('abc'), never)).rejects.toMatchObject({
      code: expected,
      message: `it does not go (${code})`,
    })
    expect(names().at(-1)).toBe('abort')
  })

  it('is given up when its reader is', async () => {
    const { files, names } = open()
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a')
      throw new Error('no more')
    }
    await expect(files.put('a.csv', broken(), never)).rejects.toThrow('no more')
    await expect.poll(names).toEqual(['put', 1, 'abort'])
  })

  it('may not be answered with anything else', async () => {
    const { files } = open((message, say) => {
      if (message.type === 'close') say({ type: 'deleted' })
    })
    await expect(files.put('a.csv', pieces('abc'), never)).rejects.toThrow('something else than "stored"')
  })
})

describe('a file that is got', () => {
  it('comes in pieces, each of which is paid for, and is not given up when it is whole', async () => {
    const { files, heard } = open((message, say, chunk) => {
      if (message.type !== 'get') return
      say({ type: 'content', file })
      chunk('ab')
      chunk('c')
      say({ type: 'end', stream: message.id, bytes: 3 })
    })
    expect(await read(files.get('a.csv', never))).toBe('abc')
    expect(heard).toMatchObject([
      { type: 'get', path: 'a.csv' },
      { type: 'credit', bytes: 2 },
      { type: 'credit', bytes: 1 },
    ])
  })

  it('that is shorter than announced breaks the protocol', async () => {
    const { files } = open((message, say, chunk) => {
      if (message.type !== 'get') return
      say({ type: 'content', file })
      chunk('ab')
      say({ type: 'end', stream: message.id, bytes: 2 })
    })
    await expect(read(files.get('a.csv', never))).rejects.toThrow('a file of another size than announced')
  })

  it('is given up by a reader that has enough', async () => {
    const { files, names } = open((message, say, chunk) => {
      if (message.type !== 'get') return
      say({ type: 'content', file })
      chunk('ab')
    })
    for await (const _ of files.get('a.csv', never)) break
    await expect.poll(names).toEqual(['get', 'abort'])
  })

  it('that is not there is a fault', async () => {
    const { files } = open((message, say) => {
      if (message.type === 'get') say({ type: 'failed', code: 'not-found', message: 'no such file' })
    })
    await expect(read(files.get('a.csv', never))).rejects.toMatchObject({
      code: 'invalid-file',
      message: 'no such file (not-found)',
    })
  })
})

describe('the list of files', () => {
  const listed = (more: boolean, count = 1) => ({
    type: 'listed',
    files: Array.from({ length: count }, () => file),
    more,
    refused: 0,
    truncated: false,
  })

  it('is all of its pages', async () => {
    const { files } = open((_message, say) => {
      say(listed(true))
      say(listed(false))
    })
    expect(await files.list(never)).toEqual([
      { path: 'a.csv', bytes: 3 },
      { path: 'a.csv', bytes: 3 },
    ])
  })

  it('has an end', async () => {
    const { files } = open((_message, say) => {
      for (const count of [10_000, 10_000]) say(listed(true, count))
      say(listed(true))
    })
    await expect(files.list(never)).rejects.toThrow('a list without end')
  })
})

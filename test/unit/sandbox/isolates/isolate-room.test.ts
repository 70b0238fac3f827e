import { describe, expect, it } from 'vitest'
import { IsolateRoom } from '../../../../src/sandbox/isolates/isolate-room.ts'

function open(sessionsPerIsolate = 100) {
  const output: string[] = []
  const room = new IsolateRoom({
    memoryMegabytes: 64,
    resultCharacters: 10_000,
    sessionsPerIsolate,
    host: {
      write: (_stream, text) => output.push(text) > 1_000,
      outputBytes: 10_000,
    },
    onCatastrophicError: () => {},
  })
  return { room, output }
}

describe('the room of an isolate', () => {
  it('gives the next session a context of its own in the same isolate', async () => {
    const { room } = open()
    await room.run('globalThis.kept = 1; Object.prototype.kept = 1', 1_000)
    expect((await room.run('kept', 1_000)).json).toBe('1')
    room.reset()
    expect((await room.run('typeof kept + typeof {}.kept', 1_000)).json).toBe('"undefinedundefined"')
    expect(room.isolates).toBe(1)
  })

  it('makes the next context ahead, and changes nothing of it from the session that still runs', async () => {
    const { room } = open()
    room.prepare()
    await room.run('globalThis.kept = 1; Object.prototype.kept = 1', 1_000)
    room.reset()
    expect((await room.run('typeof kept + typeof {}.kept', 1_000)).json).toBe('"undefinedundefined"')
    expect(room.isolates).toBe(1)
  })

  it('gives the isolate up when a session is spoiled after the next context was made', async () => {
    const { room } = open()
    room.prepare()
    await room.run('setTimeout(() => {}, 1); 1', 1_000)
    room.reset()
    expect(room.isolates).toBe(2)
    expect((await room.run('1 + 1', 1_000)).json).toBe('2')
  })

  it.each([
    ['a timer', "setTimeout(() => console.log('later'), 30); console.log('now')", ['now\n', 'later\n']],
    [
      'timers that timers set',
      'let n = 0; const t = () => { n += 1; if (n < 3) setTimeout(t, 2); else console.log(n) }; t()',
      ['3\n'],
    ],
    [
      'an interval that ends itself',
      "let n = 0; const i = setInterval(() => { console.log(n += 1); if (n > 1) clearInterval(i) }, 2); 'x'",
      ['1\n', '2\n'],
    ],
    [
      'a timer that is cancelled by another',
      "const t = setTimeout(() => console.log('never'), 60000); setTimeout(() => clearTimeout(t), 2); 1",
      [],
    ],
  ])('W8: waits for %s', async (_what, code, lines) => {
    const { room, output } = open()
    expect((await room.run(code, 1_000)).end).toBe('completed')
    expect(output).toEqual(lines)
  })

  it.each([
    ['a timer', "setTimeout(() => { throw new TypeError('late') }, 2); 1"],
    [
      'a timer while something else is awaited',
      "setTimeout(() => { throw new TypeError('late') }, 2); await new Promise((r) => setTimeout(r, 20))",
    ],
    ['an interval', "setInterval(() => { throw new TypeError('late') }, 2); 1"],
    ['an async timer', "setTimeout(async () => { throw new TypeError('late') }, 2); 1"],
  ])('W8: says what %s throws, and the next run has nothing of it', async (_what, code) => {
    const { room, output } = open()
    const { end, error } = await room.run(code, 1_000)
    expect([end, error?.name, error?.value]).toEqual(['raised', 'TypeError', 'late'])
    expect(await room.run('await new Promise((r) => setTimeout(r, 10)); 5', 1_000)).toMatchObject({
      end: 'completed',
      json: '5',
    })
    expect(output).toEqual([])
  })

  it('W8: a run does not wait for the timers of one that failed', async () => {
    const { room, output } = open()
    await room.run("setTimeout(() => console.log('old'), 20); null.x", 1_000)
    expect((await room.run('await new Promise((r) => setTimeout(r, 40)); 6', 1_000)).json).toBe('6')
    expect(output).toEqual([])
  })

  it.each(['require("fs")', 'await null; process.exit(1)', "import { sep } from 'node:path'"])(
    'W9: says what is here instead of Node: %s',
    async (code) => {
      const { room } = open()
      expect((await room.run(code, 1_000)).error?.value).toContain('Only the language itself is here')
      expect((await room.run('other', 1_000)).error?.value).toBe('other is not defined')
    },
  )

  it.each([
    ['at once', "throw new Error('x')"],
    ['behind an await', "await null; throw new Error('x')"],
    ['in a timer', "setTimeout(() => { throw new Error('x') }, 1)"],
    ['in a function of the language', "[1].map(() => { throw new Error('x') })"],
  ])('tells of an error %s by the lines of the program only', async (_when, code) => {
    const { room } = open()
    const { error } = await room.run(code, 1_000)
    expect(error).toMatchObject({ name: 'Error', value: 'x', traceback: expect.stringContaining('cell.js:1') })
    expect(error?.traceback).not.toMatch(/sallyport|node:|file:|isolated-vm/)
  })

  // An error that ends the evaluation itself has the name of its kind, whatever it calls itself.
  it.each([
    ['at once', '', 5],
    ['after a timer', 'await new Promise((r) => setTimeout(r, 1)); ', 200],
  ])('tells of an error %s no more than people read', async (_when, before, name) => {
    const { room } = open()
    const code = `${before}const e = new Error('m'.repeat(1e5)); e.name = 'n'.repeat(1e3); e.stack = 's'.repeat(1e5); throw e`
    const { error } = await room.run(code, 1_000)
    expect([error?.name.length, error?.value.length, error?.traceback.length]).toEqual([name, 10_000, 20_000])
  })

  it('tells a value, its size, and what of it was cut', async () => {
    const { room } = open()
    expect(await room.run('[1]', 1_000)).toEqual({
      end: 'completed',
      text: '[ 1 ]',
      json: '[1]',
      error: null,
      cut: false,
      heapBytes: expect.any(Number),
    })
    const cut = await room.run("'x'.repeat(10_001)", 1_000)
    expect([cut.cut, cut.text?.length, cut.json]).toEqual([true, 10_000, null])
    expect(cut.heapBytes).toBeGreaterThan(100_000)
  })

  it('stops a run at its limit, and one that says so early has failed', async () => {
    const { room } = open()
    expect(await room.run('for (;;) {}', 30)).toMatchObject({ end: 'sync-timeout', text: null, error: null })
    const early = await room.run("throw new Error('Script execution timed out.')", 60_000)
    expect(early).toMatchObject({ end: 'raised', error: { value: 'Script execution timed out.' } })
    room.reset()
    expect(room.isolates).toBe(2)
  })

  it('opens a stream for the next run that the run before has filled', async () => {
    const { room, output } = open()
    await room.run('for (let line = 0; line < 2_000; line += 1) console.log(line)', 5_000)
    expect(output).toHaveLength(1_001)
    await room.run("console.log('again')", 1_000)
    expect(output.at(-1)).toBe('again\n')
  })

  it('lets nothing of an ended session be heard', async () => {
    const { room, output } = open()
    await room.run("setTimeout(() => console.log('old'), 5); null.x", 1_000)
    room.reset()
    await room.run('await new Promise((r) => setTimeout(r, 20))', 1_000)
    expect(output).toEqual([])
  })

  it('keeps the isolate after an error of the program', async () => {
    const { room } = open()
    expect((await room.run('null.x', 1_000)).end).toBe('raised')
    room.reset()
    expect(room.isolates).toBe(1)
  })

  it('keeps the isolate after a session that left a little memory', async () => {
    const { room } = open()
    // Less than half of the eighth that an isolate may hold when it is handed on.
    await room.run('globalThis.held = new Array(4e5).fill(1.5); 1', 1_000)
    room.reset()
    expect(room.isolates).toBe(1)
  })

  it.each([
    ['set a timer', 'setTimeout(() => {}, 5); 1'],
    ['set a timer and cancelled it', 'clearTimeout(setTimeout(() => {}, 5)); 1'],
    ['waited for a timer that has come', 'await new Promise((resolve) => setTimeout(resolve, 1))'],
    ['can have finalizers', 'new FinalizationRegistry(() => {}); 1'],
    [
      'took finalizers by the back door',
      "Object.getOwnPropertyDescriptor(globalThis, 'FinalizationRegistry').get(); 1",
    ],
    ['was broken off', 'for (;;) {}'],
    ['left more memory than a little', 'globalThis.held = new Array(4e6).fill(1.5); 1'],
    ['left large buffers', 'globalThis.held = new Uint8Array(2e7).fill(1); 1'],
  ])('gives the isolate up after a session that %s', async (_what, code) => {
    const { room, output } = open()
    await room.run(code, 200)
    room.prepare()
    room.reset()
    expect(room.isolates).toBe(2)
    expect((await room.run('1 + 1', 1_000)).json).toBe('2')
    expect(output).toEqual([])
  })

  it('gives the isolate up after so many sessions', async () => {
    const { room } = open(2)
    for (const expected of [1, 2, 2, 3]) {
      room.reset()
      expect(room.isolates).toBe(expected)
    }
    expect((await room.run('1 + 1', 1_000)).json).toBe('2')
  })

  it('forgets what it still held of many sessions', async () => {
    const { room } = open(1_000)
    for (let session = 0; session < 60; session += 1) {
      // Half of what an isolate may hold when it is handed on.
      const { end } = await room.run('globalThis.held = new Array(5e5).fill(1.5); 1', 2_000)
      expect(end).toBe('completed')
      room.reset()
    }
    expect(room.isolates).toBeGreaterThan(1)
  })
})

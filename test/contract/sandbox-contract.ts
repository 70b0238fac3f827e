import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Language, Vetted } from '../../src/core/vetted.ts'
import type { Sandbox, SandboxEngine } from '../../src/sandbox/sandbox.ts'
import { verifies } from '../support/verifies.ts'

/** One small program per claim, in the language the driver under test runs. */
export interface ContractPrograms {
  readonly print: string
  readonly set: string
  readonly get: string
  readonly raise: string
  readonly value: string
  readonly sleep: string
  readonly spin: string
  readonly dies: string
  readonly outOfMemory: string
  /** Raises an error with half of a pair of UTF-16 between `a` and `b`. */
  readonly raiseHalf: string
  /** Prints the limits that are in force inside, by name as JSON; left out where there is no inside. */
  readonly limits?: string
}

export interface ContractSubject {
  readonly name: string
  readonly programs: ContractPrograms
  /** What `value` shows as text. */
  readonly shown: string
  start(): Promise<SandboxEngine>
}

/** Test code is vetted by nobody: the wall is what is under test. */
export function unvetted(text: string, language: Language = 'python'): Vetted<'python'> {
  return { language, text } as unknown as Vetted<'python'>
}

const frugal = {
  wall_ms: 300,
  cpus: 0.5,
  memory_mb: 256,
  processes: 64,
  open_files: 200,
  file_mb: 4,
  data_mb: 32,
  temporary_mb: 16,
}

const never = new AbortController().signal

async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** What every driver promises. Run over each of them and over the fake. */
export function describeSandboxContract(subject: ContractSubject): void {
  describe(`a sandbox of ${subject.name}`, () => {
    const { programs } = subject
    let engine: SandboxEngine
    const claim = (tenant = 'tenant') => engine.claim({ tenant, language: 'python' }, never)
    const run = (sandbox: Sandbox, text: string, timeoutMilliseconds = 20_000, signal = never) =>
      sandbox.run(unvetted(text), { timeoutMilliseconds }, signal)

    beforeAll(async () => {
      engine = await subject.start()
    })
    afterAll(async () => {
      await engine[Symbol.asyncDispose]()
    })

    it('hands over what a run prints, as it comes and at the end', async () => {
      await using sandbox = await claim()
      const heard: string[] = []
      const result = await sandbox.run(unvetted(programs.print), { onOutput: (_, text) => heard.push(text) }, never)
      expect(result).toMatchObject({ outcome: 'ok', sessionAlive: true, error: null, notice: null })
      expect(result.stdout).toEqual({ text: 'hello\n', truncated: false })
      expect(heard.join('')).toBe('hello\n')
      expect(result.timings.runMs).toBeGreaterThan(0)
    })

    it('shows the value of the last expression', async () => {
      await using sandbox = await claim()
      const result = await run(sandbox, programs.value)
      expect(result.results).toHaveLength(1)
      expect(result.results[0]).toMatchObject({ isMain: true, text: subject.shown })
    })

    it('keeps variables from run to run, and from nobody else', async () => {
      await using mine = await claim('one')
      await using yours = await claim('two')
      expect((await run(mine, programs.set)).outcome).toBe('ok')
      expect((await run(mine, programs.get)).outcome).toBe('ok')
      expect((await run(yours, programs.get)).outcome).toBe('user-error')
    })

    it('reports an exception as the error of the code, and lives on', async () => {
      await using sandbox = await claim()
      const result = await run(sandbox, programs.raise)
      expect(result).toMatchObject({ outcome: 'user-error', sessionAlive: true, error: { name: 'ValueError' } })
      expect((await run(sandbox, programs.print)).outcome).toBe('ok')
    })

    it('gives texts that are Unicode, whatever the code made', async () => {
      await using sandbox = await claim()
      const { error } = await run(sandbox, programs.raiseHalf)
      expect(error?.value).toContain('a\uFFFDb')
      expect(error?.traceback.isWellFormed()).toBe(true)
    })

    it('interrupts at the time limit and keeps the variables', async () => {
      await using sandbox = await claim()
      await run(sandbox, programs.set)
      const result = await run(sandbox, programs.sleep, 200)
      expect(result).toMatchObject({ outcome: 'timeout', sessionAlive: true })
      expect(result.notice).toContain('200 ms')
      expect((await run(sandbox, programs.get)).outcome).toBe('ok')
    })

    it('ends what is deaf to an interrupt, and says that the variables are lost', async () => {
      await using sandbox = await claim()
      const result = await run(sandbox, programs.spin, 200)
      expect(result).toMatchObject({ outcome: 'timeout', sessionAlive: false })
      expect(result.notice).toContain('gone')
      expect(sandbox.alive).toBe(false)
      expect((await run(sandbox, programs.print)).outcome).toBe('sandbox-lost')
    })

    it('is cancelled while it runs and while it waits for its turn', async () => {
      await using sandbox = await claim()
      const stop = new AbortController()
      const running = run(sandbox, programs.sleep, 20_000, stop.signal)
      const waiting = run(sandbox, programs.print, 20_000, stop.signal)
      setTimeout(() => stop.abort(), 50)
      expect((await running).outcome).toBe('cancelled')
      expect((await waiting).outcome).toBe('cancelled')
      expect((await run(sandbox, programs.print)).outcome).toBe('ok')
    })

    it('runs one after the other', async () => {
      await using sandbox = await claim()
      const results = await Promise.all([run(sandbox, programs.set), run(sandbox, programs.get)])
      expect(results.map((result) => result.outcome)).toEqual(['ok', 'ok'])
    })

    it('reports an interpreter that ended, and is not alive afterwards', async () => {
      await using sandbox = await claim()
      const result = await run(sandbox, programs.dies)
      expect(result).toMatchObject({ outcome: 'user-error', sessionAlive: false })
      expect(sandbox.alive).toBe(false)
    })

    it('reports memory that ran out', async () => {
      verifies('trouble.out-of-memory')
      await using sandbox = await claim()
      expect((await run(sandbox, programs.outOfMemory)).outcome).toBe('out-of-memory')
    })

    it('refuses a time limit above the ceiling instead of clipping it', async () => {
      await using sandbox = await claim()
      await expect(run(sandbox, programs.print, 1e9)).rejects.toMatchObject({ code: 'invalid-request' })
    })

    it('stores, lists, streams and deletes files', async () => {
      await using sandbox = await claim()
      const content = Buffer.alloc(3_000_000, 'sallyport')
      const stored = await sandbox.files.put('folder/data.bin', pieces(content), never)
      expect(stored).toEqual({ path: 'folder/data.bin', bytes: content.length })
      expect(await sandbox.files.list(never)).toContainEqual(stored)
      const back = await collect(sandbox.files.get('folder/data.bin', never))
      expect(back.equals(content)).toBe(true)
      await sandbox.files.delete('folder/data.bin', never)
      expect((await sandbox.files.list(never)).map((file) => file.path)).not.toContain('folder/data.bin')
      await expect(collect(sandbox.files.get('folder/data.bin', never))).rejects.toMatchObject({ code: 'invalid-file' })
    })

    it('refuses hostile file names', async () => {
      await using sandbox = await claim()
      const names = [
        '',
        '/etc/passwd',
        '../up',
        'a/../b',
        'nul\0',
        'line\nbreak',
        'rtl\u202Egpj.exe',
        './x',
        'a//b',
        '\ud800',
      ]
      for (const path of names) {
        const stored = sandbox.files.put(path, pieces(Buffer.from('x')), never)
        await expect(stored).rejects.toMatchObject({ code: 'invalid-file' })
      }
      expect(await sandbox.files.list(never)).toEqual([])
    })

    it('has the limits its claim asked for, and refuses a claim above its ceiling', async () => {
      await using own = await engine.claim({ tenant: 'frugal', language: 'python', limits: frugal }, never)
      const cell = await run(own, programs.print)
      expect(cell).toMatchObject({ outcome: 'ok' })
      expect(cell.timings.queueMs).toBeGreaterThan(0)
      expect((await own.run(unvetted(programs.sleep), {}, never)).notice).toContain('300 ms')
      if (programs.limits !== undefined) {
        const { stdout } = await run(own, programs.limits)
        expect(JSON.parse(stdout.text)).toEqual({
          processes: 64,
          open_files: 200,
          file_mb: 4,
          data_mb: 32,
          temporary_mb: 16,
        })
      }
      const above = engine.claim({ tenant: 'greedy', language: 'python', limits: { memory_mb: 1_000_000 } }, never)
      await expect(above).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringMatching(/^memory_mb may be at most 1024 /),
      })
    })

    it('hands out nothing to a claim that was cancelled', async () => {
      await expect(
        engine.claim({ tenant: 'gone', language: 'python' }, AbortSignal.abort(new Error('gone'))),
      ).rejects.toThrow('gone')
    })
  })
}

async function* pieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += 100_000) yield content.subarray(start, start + 100_000)
}

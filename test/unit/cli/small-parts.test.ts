import { PassThrough, Readable } from 'node:stream'
import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseAllowed } from '../../../src/cli/allowed-relations.ts'
import { Interrupts } from '../../../src/cli/interrupts.ts'
import { forEachConcurrently, readJsonLines } from '../../../src/cli/json-lines.ts'
import { nodeProblem } from '../../../src/cli/node-version.ts'
import { machineProbes, type MachineFacts } from '../../../src/cli/machine-facts.ts'
import { plainText } from '../../../src/cli/output/plain-text.ts'
import { duration } from '../../../src/cli/output/progress.ts'
import { safeName } from '../../../src/cli/output/saved-files.ts'
import { csvTable, textTable } from '../../../src/cli/output/tables.ts'
import { markdownTable } from '../../../src/text/markdown-table.ts'
import { inputName, SpooledInput } from '../../../src/cli/standard-input.ts'
import { closest, distance } from '../../../src/text/closest.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

describe('suggestions', () => {
  it('counts edits', () => {
    expect([distance('', 'abc'), distance('kitten', 'sitting'), distance('same', 'same')]).toEqual([3, 3, 0])
    expect([distance('nmae', 'name'), distance('ab', 'ba'), distance('abc', 'cab')]).toEqual([1, 1, 2])
  })

  it('offers the nearest word and none that is far', () => {
    expect(closest('drivr', ['driver', 'limits'])).toBe('driver')
    expect(closest('colour', ['driver', 'limits'])).toBeNull()
  })
})

describe('plain text', () => {
  it('holds nothing that a terminal would act on', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(plainText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })

  it('keeps lines, tabs and every language', () => {
    expect(plainText('Größe\t日本\r\nשלום')).toBe('Größe\t日本\nשלום')
  })
})

describe('a table', () => {
  const table = { columns: [{ name: 'a|b', type: 'text' }], rows: [['x|y\nz'], ['"q",'], [null]], totalRows: 5 }

  it('says how many rows it does not show', () => {
    expect(textTable(table, { maximumRows: 1, width: null })).toContain('1 of 5 rows')
    expect(markdownTable(table, 2)).toContain('*2 of 5 rows.*')
  })

  it('cuts a long cell in Markdown, and no character in two', () => {
    const long = { columns: [{ name: 'a', type: 'text' }], rows: [[`${'x'.repeat(998)}😀yz`]], totalRows: 1 }
    expect(markdownTable(long, 1).split('\n').at(-1)).toBe(`| ${'x'.repeat(998)}… |`)
  })

  it('keeps its shape in Markdown and CSV whatever its cells hold', () => {
    expect(markdownTable(table, 3).split('\n').slice(0, 3)).toEqual(['| a\\|b |', '| --- |', '| x\\|y z |'])
    expect(csvTable(table)).toBe('a|b\n"x|y\nz"\n"""q"","\n\n')
  })
})

describe('W11: the name of a saved chart or file', () => {
  it.each([
    ['plot.svg', 'image/png', 'plot.png'],
    ['../../.ssh/authorized_keys', 'image/png', 'ssh-authorized_keys.png'],
    ['/etc/cron.d/x', 'image/jpeg', 'etc-cron-d-x.jpg'],
    ['', 'image/png', 'chart.png'],
    ['clean.csv', 'text/csv', 'clean.csv'],
    ['out/report.xlsx', 'application/octet-stream', 'out/report.xlsx'],
    ['отчёт 1.csv', 'text/csv', 'отчёт 1.csv'],
    ['../../etc/cron.d/x', 'text/plain', 'etc/cron.d/x'],
    ['/root/.bashrc', 'text/plain', 'root/bashrc'],
    ['..\\..\\a.txt', 'text/plain', 'a.txt'],
    ['a\u202efdp.exe', 'application/octet-stream', 'a_fdp.exe'],
    ['line\nbreak\u0000.csv', 'text/csv', 'line_break_.csv'],
    ['nul.txt', 'text/plain', '_nul.txt'],
    ['-rf', 'text/plain', 'rf'],
    ['...', 'text/plain', 'file'],
    [`${'a'.repeat(300)}.csv`, 'text/csv', `${'a'.repeat(96)}.csv`],
  ])('made from %j as %s is %s', (name, mediaType, safe) => {
    expect(safeName(name, mediaType)).toBe(safe)
  })
})

describe('--allow', () => {
  it('takes relations with all or some columns, quoted or not', () => {
    expect(parseAllowed(['Orders(*)', 'public.customers(id, "Full Name"), x.y(*)'])).toEqual([
      { relation: 'orders', columns: '*' },
      { relation: 'public.customers', columns: ['id', 'Full Name'] },
      { relation: 'x.y', columns: '*' },
    ])
  })

  it.each(['orders', 'orders(', 'orders()', 'orders(a b)', '*', 'a.b.c(*)'])('refuses %s', (text) => {
    expect(() => parseAllowed([text])).toThrow('is not a relation with its columns')
  })
})

describe('the version of Node', () => {
  it('is refused below what is needed, with a way to the right one', () => {
    expect(nodeProblem('24.0.0')).toBeNull()
    expect(nodeProblem('20.20.2')).toMatch(/^Node 20\.20\.2 is too old; Sallyport needs 24 or later\.\n.*npx/)
  })
})

describe('lines of JSON', () => {
  const read = async (text: string) => {
    const stream = new PassThrough()
    stream.end(text)
    const lines = []
    for await (const line of readJsonLines(stream, z.object({ id: z.number() }))) lines.push(line)
    return lines
  }

  it('are read one by one, bad ones reported with their number', async () => {
    const lines = await read('{"id":1}\n\n{"id":"x"}\n{\n{"id":2}')
    expect(lines.map((line) => [line.number, line.kind])).toEqual([
      [1, 'value'],
      [3, 'malformed'],
      [4, 'malformed'],
      [5, 'value'],
    ])
  })

  it('may begin with a byte order mark, and are never read with other characters than were sent', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\uFEFF{"id":1}\n{"id":2,"text":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n'),
    ])
    const lines = []
    for await (const line of readJsonLines(Readable.from([bytes]), z.object({ id: z.number() }))) lines.push(line)
    expect(lines).toMatchObject([
      { kind: 'value', value: { id: 1 } },
      { kind: 'malformed', number: 2, reason: 'line 2 is not UTF-8' },
    ])
  })

  it('are refused one by one above the most that is read of one, wherever the pieces are cut', async () => {
    const long = `{"id":2,"text":"${'x'.repeat(100)}"}`
    for (const size of [1, 7, 1000]) {
      const text = Buffer.from(`{"id":1}\r\n${long}\n{"id":3,"text":"ü\u2028"}`)
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.subarray(index * size, (index + 1) * size),
      )
      const lines = []
      for await (const line of readJsonLines(Readable.from(pieces), z.object({ id: z.number() }), 60)) lines.push(line)
      expect(lines).toMatchObject([
        { kind: 'value', number: 1, value: { id: 1 } },
        { kind: 'malformed', number: 2, reason: expect.stringContaining('line 2 is longer than 60 bytes'), id: null },
        { kind: 'value', number: 3, value: { id: 3 } },
      ])
    }
  })

  it('are worked on at the given concurrency and no more', async () => {
    let [running, most] = [0, 0]
    const items = (async function* () {
      for (let item = 0; item < 20; item += 1) yield item
    })()
    await forEachConcurrently(items, { concurrency: 3, signal: never }, async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    })
    expect({ running, most }).toEqual({ running: 0, most: 3 })
  })

  it('stop at the first task that throws, after those under way ended', async () => {
    const done: number[] = []
    const items = (async function* () {
      for (let item = 0; item < 10; item += 1) yield item
    })()
    const work = forEachConcurrently(items, { concurrency: 2, signal: never }, async (item) => {
      if (item === 1) throw new Error('broken')
      await new Promise((resolve) => setImmediate(resolve))
      done.push(item)
    })
    await expect(work).rejects.toThrow('broken')
    expect(done.length).toBeLessThan(5)
  })

  it('end at an abort also where nobody closes the pipe', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const items = (async function* () {
      yield 1
      await new Promise(() => {})
    })()
    await forEachConcurrently(items, { concurrency: 2, signal: stop.signal }, async (item) => {
      seen.push(item)
      setImmediate(() => stop.abort())
    })
    expect(seen).toEqual([1])
  })
})

describe('standard input', () => {
  it.each([
    ['a,b\n1,2\n', 'stdin.csv'],
    ['a;b\n1;2\n', 'stdin.csv'],
    ['a\tb\n1\t2\n', 'stdin.tsv'],
    ['[1, 2]', 'stdin.json'],
    ['{"a": 1}', 'stdin.json'],
    ['{"a": 1}\n{"a": 2}\n', 'stdin.jsonl'],
    ['Dear all, hello.\nYours', 'stdin.txt'],
  ])('%j is kept as %s', (head, name) => {
    expect(inputName(head)).toBe(name)
  })

  it.each([
    ['a log', '[2024-01-01 10:00] start, a\n[2024-01-01 10:01] stop, b\n', 'stdin.txt'],
    ['a log of levels', '[INFO] ready\n[WARN] slow\n', 'stdin.txt'],
    ['a log of numbers', '[1234] ready\n[1235] slow\n', 'stdin.txt'],
    ['braces that are no JSON', '{x} one\n{y} two\n', 'stdin.txt'],
    ['a list', '[\n  {"a": 1}\n]\n', 'stdin.json'],
    ['lines of objects', '{"a": [1]}\n{"a": [2]}\n', 'stdin.jsonl'],
  ])('W13: is named for what it is when it is %s', (_what, head, name) => {
    expect(inputName(head)).toBe(name)
  })

  it('W13: is judged by its beginning when it is too long to be parsed', () => {
    expect([inputName('[{"a": 1}, {"a"', null), inputName('[2024-01-01] x', null)]).toEqual(['stdin.json', 'stdin.txt'])
  })

  const spool = (stream: PassThrough, patience: number | null = 20) =>
    SpooledInput.from(stream, {
      limit: { bytes: 100, setting: 'cli.maximum_file_mb' },
      patienceMilliseconds: patience,
    })

  it('is not waited for when nobody writes', async () => {
    expect(await spool(new PassThrough())).toBe('silence')
  })

  it('is nothing when it ends at once', async () => {
    const stream = new PassThrough()
    stream.end()
    expect(await spool(stream, null)).toBe('nothing')
  })

  it('is refused above the limit', async () => {
    const stream = new PassThrough()
    stream.end('x'.repeat(101))
    await expect(spool(stream)).rejects.toThrow('standard input: it is too long, the limit is 100 bytes')
  })
})

describe('Ctrl-C', () => {
  it('cancels what runs the first time and leaves the second', async () => {
    verifies('processes.interrupts')
    const said: string[] = []
    let left = 0
    const interrupts = new Interrupts({ leave: () => void (left += 1), say: (text) => void said.push(text) })
    await interrupts.during(async (signal) => {
      interrupts.interrupt()
      expect([signal.aborted, left]).toEqual([true, 0])
      interrupts.interrupt()
      expect(left).toBe(1)
    })
    expect(said).toEqual(['Cancelling. Ctrl-C again leaves at once.\n'])
  })

  it('leaves at once when nothing runs, and counts from the beginning with the next task', async () => {
    let left = 0
    const interrupts = new Interrupts({ leave: () => void (left += 1), say: () => {} })
    interrupts.interrupt()
    expect(left).toBe(1)
    await interrupts.during(async (signal) => {
      interrupts.interrupt()
      expect([signal.aborted, left]).toEqual([true, 1])
    })
  })
})

describe('doctor', () => {
  const facts: MachineFacts = {
    docker: { address: '/var/run/docker.sock', answers: true, problem: '', version: '27' },
    gvisor: { runtime: 'sallyport-runsc', registered: true, asWanted: true, path: '/x/runsc', version: 'release-1' },
    image: { tag: 'sallyport-python:1', id: 'sha256:1', bytes: 1_100_000_000 },
    disk: { path: '/var/lib/docker', free: 9e9 },
  }
  const judge = async (changes: Partial<MachineFacts>) => {
    const probes = machineProbes(async () => ({ ...facts, ...changes }))
    const results = await Promise.all(
      probes.map(async (probe) => {
        const { passed, detail, fix } = await probe.run(never)
        return { name: probe.name, passed, detail, fix }
      }),
    )
    return results
      .filter(({ passed }) => !passed)
      .map(({ name, detail, fix }) => ({ name, detail, fixed: fix !== null }))
  }

  it('finds nothing on a machine that has everything', async () => {
    expect(await judge({})).toEqual([])
  })

  it.each([
    ['Docker answers', { docker: { ...facts.docker, answers: false } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, registered: false, path: null } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, asWanted: false } }],
    ['gVisor is registered', { gvisor: { ...facts.gvisor, version: null } }],
    ['Sandbox image', { image: { ...facts.image, id: null } }],
    ['Disk', { disk: { ...facts.disk, free: 1000 } }],
  ])('names a failure of "%s" with what mends it', async (name, changes) => {
    verifies('doctor.fixes')
    expect(await judge(changes)).toEqual([{ name, detail: expect.any(String), fixed: true }])
  })

  it('fails each part when the set-up cannot be asked, and asks once', async () => {
    let asked = 0
    const probes = machineProbes(async () => {
      asked += 1
      throw new Error('no such file')
    })
    const results = await Promise.all(probes.map((probe) => probe.run(never)))
    expect(results.every(({ passed }) => !passed)).toBe(true)
    expect(asked).toBe(1)
  })
})

describe('durations', () => {
  it.each([
    [12.4, '12 ms'],
    [1400, '1.4 s'],
    [125_000, '2 min 5 s'],
  ])('%d reads as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SupervisorHarness } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start()
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

describe('a file below /mnt/data', () => {
  it('goes in and comes out unchanged, whatever its size', async () => {
    const content = randomBytes(300_000)
    expect(await supervisor.put('folder/deep/a.bin', content)).toMatchObject({
      type: 'stored',
      file: { path: 'folder/deep/a.bin', bytes: 300_000 },
    })
    expect(await supervisor.get('folder/deep/a.bin')).toEqual(content)
    await supervisor.run('open("big", "wb").write(bytes(range(256)) * 20_000);')
    const big = await supervisor.get('big')
    expect(big).toEqual(
      Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from(Array.from({ length: 256 }, (_, i) => i)))),
    )
  })

  it('may be changed by user code, and only what the code changed is an artifact', async () => {
    await supervisor.put('x.csv', Buffer.from('a\n1\n'))
    const { done } = await supervisor.run('open("x.csv", "a").write("2\\n"); open("new.txt", "w").write("n");')
    expect(done.artifacts.map((file) => file.path)).toEqual(['new.txt', 'x.csv'])
    expect((await supervisor.get('x.csv')).toString()).toBe('a\n1\n2\n')
    expect((await supervisor.run('1')).done.artifacts).toEqual([])
  })

  it('is kept only when as many bytes came as were announced', async () => {
    expect(await supervisor.put('short', Buffer.from('12'), 3)).toMatchObject({ type: 'failed', code: 'bad-request' })
    expect(await supervisor.put('long', Buffer.from('12'), 1)).toMatchObject({ type: 'failed', code: 'too-large' })
    expect(await supervisor.put('huge', Buffer.alloc(0), 1e12)).toMatchObject({ type: 'failed', code: 'no-space' })
    expect(await supervisor.get('short')).toBe('not-found')
  })

  it('can be listed and deleted, folders with all below them', async () => {
    await supervisor.run('import os; os.makedirs("d/e", exist_ok=True); open("d/e/f", "w");')
    expect(await supervisor.ask({ type: 'delete', path: 'd' }, 'deleted')).toMatchObject({ type: 'deleted' })
    const listed = await supervisor.ask({ type: 'list' }, 'listed')
    expect(listed.type === 'listed' && listed.files.every((file) => !file.path.startsWith('d/'))).toBe(true)
    expect(await supervisor.ask({ type: 'delete', path: 'd' }, 'deleted')).toMatchObject({ code: 'not-found' })
  })
})

describe('W11: a file that a cell leaves open', () => {
  it('holds at the end of the cell what was written to it, and goes on in the next', async () => {
    const written =
      "kept = open('/mnt/data/kept.csv', 'w'); kept.write('a,b\\n'); raw = open('/mnt/data/raw', 'wb'); raw.write(b'xyz');"
    const { done, stderr } = await supervisor.run(written)
    expect([done.artifacts, stderr]).toEqual([
      [
        { path: 'kept.csv', bytes: 4 },
        { path: 'raw', bytes: 3 },
      ].map((one) => expect.objectContaining(one)),
      '',
    ])
    await supervisor.run("kept.write('1,2\\n');")
    expect(await supervisor.get('kept.csv')).toEqual(Buffer.from('a,b\n1,2\n'))
  })

  it('holds it also where the cell fails, and where nobody has a name for the file', async () => {
    await supervisor.run("import csv; rows = csv.writer(open('/mnt/data/rows.csv', 'w')); rows.writerow([1, 2]); 1 / 0")
    expect(await supervisor.get('rows.csv')).toEqual(Buffer.from('1,2\r\n'))
  })

  it.each([
    [
      'a compressed one',
      'packed.gz',
      "import gzip; packed = gzip.open('/mnt/data/packed.gz', 'wt'); packed.write('hello');",
    ],
    ['an archive', 'a.zip', "import zipfile; z = zipfile.ZipFile('/mnt/data/a.zip', 'w'); z.writestr('a', 'b');"],
    [
      'a workbook',
      'w.xlsx',
      "import pandas; w = pandas.ExcelWriter('/mnt/data/w.xlsx'); pandas.DataFrame([1]).to_excel(w)",
    ],
  ])('is named once in a notice where it is whole only after it was closed: %s', async (_, name, code) => {
    expect((await supervisor.run(code)).stderr).toContain(`${name} is still open and may not hold all that was written`)
    expect((await supervisor.run('1')).stderr).toBe('')
  })

  it('is not named where it was closed', async () => {
    const code = "import gzip\nwith gzip.open('/mnt/data/closed.gz', 'wt') as packed: packed.write('hello')"
    expect((await supervisor.run(code)).stderr).toBe('')
  })
})

describe('W11: a file that is left open after cells that opened none', () => {
  let fresh: SupervisorHarness
  beforeAll(async () => {
    fresh = await SupervisorHarness.start()
    await fresh.run('import ctypes, os')
  })
  afterAll(() => fresh[Symbol.asyncDispose]())

  it.each([
    ['by name', "kept = open('kept', 'w')"],
    ['to read and write', "open('kept', 'w').close(); kept = open('kept', 'r+')"],
    ['by a descriptor', "kept = os.fdopen(os.open('kept', os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o640), 'w')"],
    [
      'by a folder and a name in it',
      "home = os.open('.', 0); kept = open('kept', 'w', opener=lambda name, flags: os.open(name, flags, 0o640, dir_fd=home))",
    ],
    ['by a copy of a descriptor', "first = open('kept', 'w'); kept = open(os.dup(first.fileno()), 'w'); first.close()"],
    ['above a number that is free again', "first = open('other', 'w'); kept = open('kept', 'w'); first.close()"],
  ])('holds what was written to it: %s', async (_, opened) => {
    await fresh.run('1')
    await fresh.run(`${opened}; kept.write('x');`)
    expect(await fresh.get('kept')).toEqual(Buffer.from('x'))
    await fresh.run("kept.write('y');")
    expect(await fresh.get('kept')).toEqual(Buffer.from('xy'))
    await fresh.run('kept.close()')
  })

  it('is named where a library of C has it open', async () => {
    await fresh.run('1')
    const code = "c = ctypes.CDLL(None); c.fopen.restype = ctypes.c_void_p; c.fopen(b'/mnt/data/by-c', b'w')"
    expect((await fresh.run(code)).stderr).toContain('by-c is still open and may not hold all that was written')
  })
})

describe('a path', () => {
  it.each([
    '/etc/passwd',
    '../x',
    'a/../x',
    'a//b',
    '',
    '.',
    'a\\b',
    'a\nb',
    'a\0b',
    'a\u{202E}b',
    '\uD800',
    'x'.repeat(300),
    'a/'.repeat(40),
    '.sallyport-upload-1',
  ])('like %j is refused', async (path) => {
    expect(await supervisor.get(path)).toBe('bad-path')
    expect(await supervisor.put(path, Buffer.from('x'))).toMatchObject({ type: 'failed', code: 'bad-path' })
  })
})

describe('an entry that is not a regular file', () => {
  beforeAll(async () => {
    await supervisor.run(
      'import os\nos.symlink("/etc/passwd", "link"); os.symlink("/etc", "folder-link"); os.mkfifo("pipe")\n' +
        'open("one", "w").write("x"); os.link("one", "other"); open("private", "w"); os.chmod("private", 0o600)\n' +
        'open(b"\\xff", "w"); open("new\\nline", "w");',
    )
  })

  it.each([
    ['a link', 'link', 'not-regular'],
    ['a file behind a linked folder', 'folder-link/passwd', 'not-regular'],
    ['a pipe', 'pipe', 'not-regular'],
    ['a file with a second name', 'one', 'not-regular'],
    ['a folder', 'folder', 'not-regular'],
    ['a file the code closed to everybody else', 'private', 'permission'],
  ])('is not given out: %s', async (_, path, code) => {
    expect(await supervisor.get(path)).toBe(code)
  })

  it('is not written through', async () => {
    expect(await supervisor.put('folder-link/x', Buffer.from('x'))).toMatchObject({ code: 'not-regular' })
    expect(await supervisor.put('link', Buffer.from('mine'))).toMatchObject({ type: 'stored' })
    expect((await supervisor.get('link')).toString()).toBe('mine')
  })

  it('is not an artifact, but is counted', async () => {
    const { done } = await supervisor.run('os.symlink("/etc/passwd", "again"); os.mkfifo("second");')
    expect([done.artifacts, done.artifacts_refused]).toEqual([[], 2])
  })
})

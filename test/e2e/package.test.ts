import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'

const root = resolve(import.meta.dirname, '../..')
const base = mkdtempSync(join(tmpdir(), 'sallyport-package-'))
const installed = join(base, 'somewhere', 'node_modules', 'sallyport')
const folder = join(base, 'somewhere')

afterAll(() => rmSync(base, { recursive: true }))

/** Runs a program to its end; never rejects for what it answers. */
function start(program: string, words: readonly string[], cwd: string) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const environment = { ...cleanEnvironment(), npm_config_update_notifier: 'false' }
    execFile(program, words, { cwd, env: environment, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr }),
    )
  })
}

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { sallyport: string } }
const sallyport = (...words: string[]) => start(process.execPath, [join(installed, bin.sallyport), ...words], folder)

/**
 * Packs a copy of the checkout, so that nothing built before plays a part, and unpacks it where npm would put it. The
 * packages it needs are linked: what npm does to fetch them is npm's.
 */
beforeAll(async () => {
  const copy = join(base, 'checkout')
  mkdirSync(copy)
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] }
  const wanted = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'LICENSE', 'src', ...files]
  for (const name of wanted.filter((name) => name !== 'dist')) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const packed = await start('npm', ['pack', '--silent', '--pack-destination', base], copy)
  if (packed.code !== 0) throw new Error(`npm pack: ${packed.stderr}`)
  const tarball = join(base, packed.stdout.trim().split('\n').at(-1) ?? '')
  const unpacked = await start('tar', ['-xzf', tarball, '-C', base], base)
  if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.stderr}`)
  mkdirSync(join(installed, '..'), { recursive: true })
  renameSync(join(base, 'package'), installed)
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
})

describe('the packed package', () => {
  it('tells its commands and its version', async () => {
    expect(await sallyport('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('doctor') })
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await sallyport('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  it('runs a program in the sandbox of the same image as the checkout', async () => {
    writeFileSync(join(folder, 'x.py'), 'print(6 * 7)')
    const { code, stdout, stderr } = await sallyport('run', 'x.py')
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '42\n' })
  })

  it('runs light JavaScript in an isolate', async () => {
    writeFileSync(join(folder, 'x.js'), '[1, 2].map((value) => value * 21)')
    const { code, stdout, stderr } = await sallyport('run', '--driver', 'isolate', 'x.js')
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '[ 21, 42 ]\n' })
  })

  it('checks SQL with its parsers and its lists of functions', async () => {
    writeFileSync(join(folder, 'schema.sql'), 'CREATE TABLE a (x int)')
    const check = (statement: string) => sallyport('sql', 'check', '--schema', 'schema.sql', statement)
    expect(await check('SELECT sum(x) FROM a')).toMatchObject({ code: 0 })
    expect(await check('SELECT pg_sleep(1)')).toMatchObject({ code: 3 })
  })

  it('proves itself with doctor', async () => {
    const { code, stdout } = await sallyport('doctor', '--output', 'json')
    const { probes } = JSON.parse(stdout) as { probes: { name: string; passed: boolean; detail: string }[] }
    // The port belongs to the machine, not to the package.
    expect(probes.filter(({ name, passed }) => !passed && name !== 'Port')).toEqual([])
    expect([0, 1]).toContain(code)
  })
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Openers } from '../../../../src/cli/openers.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import { Interrupts } from '../../../../src/cli/interrupts.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { verifies } from '../../../support/verifies.ts'

/** Serves until it listens, and is then told to end. */
async function serve(words: readonly string[], newKey: string | null, models: readonly string[] = ['analyst']) {
  const interrupts = new Interrupts({ leave: () => {}, say: () => {} })
  const listen = async () => {
    interrupts.terminate()
    return {
      url: 'http://127.0.0.1:9',
      models,
      newKey,
      keysPlace: '/state/sallyport.db',
      adminUrl: 'http://127.0.0.1:8081',
      app: {
        url: 'http://127.0.0.1:9/app/',
        operatorsUrl: 'http://127.0.0.1:8081/app/',
        signIn: 'http://127.0.0.1:9/app/#/sign-in?link=spl_one',
        operatorsSignIn: 'http://127.0.0.1:8081/app/#/sign-in?link=spl_two',
        linkMilliseconds: 900_000,
      },
      envoy: { listen: 'unix:/run/envoy.sock', roles: ['ext-authz', 'ext-proc'] },
      [Symbol.asyncDispose]: async () => {},
    }
  }
  const sallyport = { ...createFakeSallyport({ scripted: true }).sallyport, listen }
  return await runCommand(['serve', ...words], { sallyport, interrupts, workingDirectory: tmpdir() })
}

describe('serve', () => {
  it.each(['sp-made', null])('tells a program where it listens, with the key where it made one: %s', async (key) => {
    const { exitCode, stdout } = await serve(['--output', 'json'], key)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      url: 'http://127.0.0.1:9',
      admin_url: 'http://127.0.0.1:8081',
      app_url: 'http://127.0.0.1:9/app/',
      sign_in_url: 'http://127.0.0.1:9/app/#/sign-in?link=spl_one',
      operators_app_url: 'http://127.0.0.1:8081/app/',
      operators_sign_in_url: 'http://127.0.0.1:8081/app/#/sign-in?link=spl_two',
      envoy: 'unix:/run/envoy.sock',
      key,
      keys_place: '/state/sallyport.db',
      model: 'fake',
      scripted: true,
    })
  })

  it('tells a person', async () => {
    const { stdout } = await serve([], 'sp-made')
    expect(stdout).toContain('Sallyport listens on http://127.0.0.1:9\n')
    expect(stdout).toContain('sp-made   (shown once; kept as a hash)')
    expect(stdout).toContain('model "analyst"')
    expect(stdout).toContain('http://127.0.0.1:9/mcp\n')
    expect(stdout).toContain('http://127.0.0.1:9/docs  http://127.0.0.1:9/openapi.json\n')
    expect(stdout).toContain('unix:/run/envoy.sock   (ext-authz, ext-proc; gRPC)')
    expect(stdout).toContain("-d '")
    expect(stdout).toContain('(each link signs one browser in, within 15 min)')
    expect(stdout).toContain('  Ask      http://127.0.0.1:9/app/#/sign-in?link=spl_one\n')
    expect(stdout).toContain('  Operate  http://127.0.0.1:8081/app/#/sign-in?link=spl_two\n')
  })

  it('tells a person who has the first key no more how to have another', async () => {
    const { stdout } = await serve([], null)
    expect(stdout).toContain('/state/sallyport.db); "sallyport keys create NAME" makes another\n')
  })

  it('tells a person that the own model is off where no group may ask it, and shows no call of it', async () => {
    verifies('models.nothing-of-analyst')
    const { stdout } = await serve([], 'sp-made', ['gpt-5'])
    expect(stdout).toContain('analyst is off: no group of gateway.groups may ask it')
    expect(stdout).toContain('curl -s http://127.0.0.1:9/v1/models -H "Authorization: Bearer sp-made"')
    expect(stdout).not.toContain('"model":"analyst"')
  })
})

describe('demo --web', () => {
  it('serves with the scripted model on what it keeps nowhere', async () => {
    verifies('web.demo')
    const opened: Parameters<Openers['open']>[0][] = []
    const openers: Partial<Openers> = {
      open: async (config) => {
        opened.push(config)
        expect(existsSync(dirname(config.storage.path ?? ''))).toBe(true)
        throw new ServiceError('sandbox-unavailable', 'none is wanted')
      },
    }
    await runCommand(['demo', '--web'], { openers, workingDirectory: tmpdir() })
    const [config] = opened
    expect(config).toMatchObject({
      model: { provider: 'demo' },
      http: { port: 0 },
      storage: { kind: 'embedded' },
      web: { enabled: true, print_links: true },
    })
    const folder = dirname(config?.storage.path ?? '')
    const kept = [config?.gateway.keys_file, config?.telemetry.audit_file, config?.secrets_directory]
    expect(kept.filter((path) => dirname(path ?? '') !== folder)).toEqual([])
    expect(existsSync(folder)).toBe(false)
  })
})

describe('the driver of sandboxes', () => {
  it.each([
    ['serve', 'docker'],
    ['demo', 'docker'],
    ['run x.py', 'auto'],
    ['ask what', 'auto'],
    ['serve --set sandbox.driver=auto', 'auto'],
    ['demo --set sandbox.driver=runsc', 'runsc'],
  ])('of "%s" is %s', async (line, driver) => {
    verifies('driver.service')
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-serve-'))
    writeFileSync(join(folder, 'x.py'), 'print(1)\n')
    const taken: string[] = []
    const openers: Partial<Openers> = {
      open: async ({ sandbox }) => {
        taken.push(sandbox.driver)
        throw new ServiceError('sandbox-unavailable', 'none is wanted')
      },
    }
    await runCommand(line.replace('x.py', join(folder, 'x.py')).split(' '), { openers, workingDirectory: folder })
    rmSync(folder, { recursive: true })
    expect(taken).toEqual([driver])
  })

  it('of the service by itself is that of serve', () => {
    verifies('driver.service')
    const text = readFileSync(resolve(import.meta.dirname, '../../../../src/main.ts'), 'utf8')
    expect(text).toMatch(/loadConfig\(\{[^;]*defaults: serviceDefaults,?\s*\}\)/)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLinkKeeper } from '../../../../src/compose/link-keeping.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import type { WebListener } from '../../../../src/core/web-sessions.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('sallyport-web-link-')
const expires = '2026-11-30T12:15:00.000Z'

let service: AdminService
beforeAll(async () => {
  service = await startAdmin({ scopes: ['admin'] })
})
afterAll(() => service[Symbol.asyncDispose]())

const there = (words: readonly string[], key = service.key) =>
  runCommand(['web', 'link', ...words, '--server', service.url], {
    ...createFakeSallyport({}),
    workingDirectory,
    variables: { SALLYPORT_KEY: key },
  })

describe('a link that signs a browser in', () => {
  it('is printed alone, for the app or the pages of operators, with its end beside it', async () => {
    verifies('web.link-command')
    const made: WebListener[] = []
    const links = {
      make: async (listener: WebListener) => {
        made.push(listener)
        return { listener, url: `http://127.0.0.1/app/#/sign-in?link=${listener}`, expires }
      },
    }
    const here = (words: readonly string[]) =>
      runCommand(['web', 'link', ...words], { ...createFakeSallyport({ links }), workingDirectory })
    expect(await here([])).toMatchObject({
      exitCode: 0,
      stdout: 'http://127.0.0.1/app/#/sign-in?link=service\n',
      stderr: `It signs one browser in, once, until ${expires}.\n`,
    })
    const { stdout } = await here(['--operators', '--output', 'json'])
    expect(JSON.parse(stdout)).toEqual({
      listener: 'operators',
      url: 'http://127.0.0.1/app/#/sign-in?link=operators',
      expires_at: expires,
    })
    expect(made).toEqual(['service', 'operators'])
  })

  it('is made by a service elsewhere for whoever has the scope, and is on its trail without the link', async () => {
    verifies('web.link-command')
    const { exitCode, stdout } = await there(['--operators'])
    expect(exitCode).toBe(0)
    expect(stdout).toBe(`http://127.0.0.1:8081/app/#/sign-in?link=spl_${'A'.repeat(43)}\n`)
    expect(service.changes.at(0)).toMatchObject({ action: 'web-links.make', told: { listener: 'operators' } })
    expect(JSON.stringify(service.changes)).not.toContain('spl_')
    const refused = await there([], await service.makeKey(['ask']))
    expect([refused.exitCode, refused.stdout]).toEqual([4, ''])
    expect(refused.stderr).toContain('has no scope')
  })

  const keeper = (variables: Readonly<Record<string, string>>) =>
    openLinkKeeper(
      loadConfig({
        variables: { ...variables, XDG_STATE_HOME: workingDirectory, XDG_CONFIG_HOME: workingDirectory },
        workingDirectory,
        flags: {},
        defaults: { 'telemetry.audit': 'false' },
      }).config,
    )

  it.each([
    ['service', { SALLYPORT_HTTP_PORT: '8080' }, 'http://127.0.0.1:8080/app/#'],
    ['service', { SALLYPORT_HTTP_HOST: '::', SALLYPORT_HTTP_PORT: '80' }, 'http://[::1]:80/app/#'],
    ['service', { SALLYPORT_HTTP_BASE_URL: 'https://ai.example/tools/' }, 'https://ai.example/tools/app/#'],
    ['operators', { SALLYPORT_HTTP_PORT: '8080' }, 'http://127.0.0.1:8081/app/#'],
    ['operators', { SALLYPORT_ADMIN_PORT: '9000' }, 'http://127.0.0.1:9000/app/#'],
  ] as const)('begins with the address of the %s by %j', async (listener, variables, beginning) => {
    verifies('web.link-command')
    await using links = await keeper(variables)
    expect((await links.make(listener, '')).url).toContain(beginning)
  })

  it.each([
    ['service', { SALLYPORT_WEB_ENABLED: 'false' }, 'No app for browsers'],
    ['service', { SALLYPORT_WEB_LINK_GROUP: 'nobody' }, 'There is no group "nobody"'],
    ['service', { SALLYPORT_HTTP_PORT: '0' }, 'any free one'],
    ['operators', { SALLYPORT_ADMIN_ENABLED: 'false' }, 'are off'],
  ] as const)('is not made for the %s by %j', async (listener, variables, told) => {
    verifies('web.link-command')
    await using links = await keeper(variables)
    await expect(links.make(listener, '')).rejects.toThrow(told)
  })
})

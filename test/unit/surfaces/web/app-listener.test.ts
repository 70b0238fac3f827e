import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../../support/http/http-service.ts'
import { builtApp, startWebListeners, type RawRequest, type WebListeners } from '../../../support/http/web-listeners.ts'
import { createAppFiles } from '../../../../src/surfaces/web/app-files.ts'
import { verifies } from '../../../support/verifies.ts'

let web: WebListeners
beforeAll(async () => {
  web = await startWebListeners()
})
afterAll(() => web[Symbol.asyncDispose]())

const ask = (request: RawRequest) => web.ask('service', request)

describe('the files of the app', () => {
  it('are sent with their types, those that never change for ever', async () => {
    const page = await ask({ path: '/app/' })
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    const script = await ask({ path: '/app/assets/main-abc.js' })
    expect([script.status, script.headers['content-type'], script.headers['cache-control'], script.text]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
      'console.log(1)',
    ])
  })

  it('are not sent again to who has them', async () => {
    const { headers } = await ask({ path: '/app/' })
    const again = await ask({ path: '/app/', headers: { 'if-none-match': `W/${headers.etag}, "other"` } })
    expect([again.status, again.text]).toEqual([304, ''])
    expect((await ask({ path: '/app/', headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it.each([
    '/app/../package.json',
    '/app/%2e%2e/package.json',
    '/app/..%2fpackage.json',
    '/app/assets/../index.html',
    '/app//index.html',
    '/app/assets/',
    '/app/assets',
    '/app/nothing.js',
    '/app/index.html%00.js',
    '/app/link.js',
    '/app/secret.txt',
    '/app/assets\\main-abc.js',
  ])('are those of its folder alone: %s', async (path) => {
    verifies('web.policy')
    const { status, text } = await ask({ path })
    expect([400, 404]).toContain(status)
    expect(text).toContain('urn:sallyport:error:')
  })

  it('are below a stroke, and read and nothing else', async () => {
    const moved = await ask({ path: '/app' })
    expect([moved.status, moved.headers.location]).toEqual([308, 'app/'])
    const post = await ask({ method: 'POST', path: '/app/' })
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
    const head = await ask({ method: 'HEAD', path: '/app/' })
    expect([head.status, head.text]).toEqual([200, ''])
    expect((await ask({ path: '/apples' })).status).toBe(404)
  })

  it('say what is to be done where the app was never built', async () => {
    await using service: TestService = await startService({
      web: {
        signIns: web.signIns,
        oidc: null,
        tellRefused: () => undefined,
        grantFor: () => Promise.reject(new Error('nobody is granted anything here')),
        permits: { shares: false, anonymous_shares: false },
        questions: [],
        folder: join(tmpdir(), 'there-is-no-such-folder'),
      },
    })
    const answer = await fetch(`${service.url}/app/`)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('Run "npm run build"')
  })

  it('are not there where the app is off', async () => {
    await using service = await startService()
    expect((await fetch(`${service.url}/app/`)).status).toBe(404)
    expect((await fetch(`${service.url}/v1/web/session`)).status).toBe(404)
  })
})

describe('files of a built app', () => {
  let folder: string
  beforeAll(() => {
    folder = builtApp()
    writeFileSync(join(folder, 'assets', 'main-abc.js.gz'), gzipSync('console.log(1)'))
    writeFileSync(join(folder, 'secret.txt'), 'no file of an app')
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    writeFileSync(join(outside, 'outside.js'), 'outside')
    symlinkSync(join(outside, 'outside.js'), join(folder, 'link.js'))
    return () => rmSync(outside, { recursive: true })
  })

  it.each([
    ['gzip, br', 'gzip'],
    ['br;q=1.0, gzip;q=0', 'identity'],
    ['*', 'identity'],
    ['', 'identity'],
    ['x-gzip', 'identity'],
    ['GZIP;q=0.5', 'gzip'],
  ])('come as they are packed, to who takes %j', async (accepted, encoding) => {
    const file = await createAppFiles({ folder, listener: 'service' }).find('assets/main-abc.js', accepted)
    if (typeof file === 'string') throw new Error(file)
    expect(file.encoding).toBe(encoding)
    expect((encoding === 'gzip' ? gunzipSync(file.body) : file.body).toString()).toBe('console.log(1)')
  })

  it('have a page that says which listener it is of', async () => {
    for (const listener of ['service', 'operators'] as const) {
      const files = createAppFiles({ folder, listener })
      const [plain, packed] = [await files.find('', ''), await files.find('', 'br')]
      if (typeof plain === 'string' || typeof packed === 'string') throw new Error('there is no page')
      expect(plain.body.toString()).toContain(`<meta name="sallyport-listener" content="${listener}">`)
      expect(brotliDecompressSync(packed.body)).toEqual(plain.body)
      expect(packed.tag).toBe(plain.tag)
    }
  })

  it.each([
    ['service', ['ask-1.js', 'table-1.js', 'button-1.js'], ['ask-1.css']],
    ['operators', ['operate-1.js', 'button-1.js', 'table-1.js'], []],
  ] as const)(
    'have a page that asks at once for what the first page of its listener needs: %s',
    async (listener, scripts, styles) => {
      const found = await createAppFiles({ folder, listener }).find('', '')
      if (typeof found === 'string') throw new Error('there is no page')
      const [head = ''] = found.body.toString().split('</head>')
      const asked = (rel: string) =>
        [...head.matchAll(new RegExp(`<link rel="${rel}".* href="\\./assets/([^"]*)">`, 'g'))].map(([, file]) => file)
      expect(asked('modulepreload')).toEqual(scripts)
      expect(asked('preload')).toEqual(styles)
    },
  )

  it('are refused where the build does not have the first page', async () => {
    writeFileSync(join(folder, '.vite', 'manifest.json'), '{"index.html":{"file":"assets/main-abc.js"}}')
    await expect(createAppFiles({ folder, listener: 'service' }).find('', '')).rejects.toThrow(
      'The manifest of the app has no "pages/ask/ask-page.tsx". Run "npm run build".',
    )
  })

  it('leave out what a link in the folder leads to, and what is no file of an app', async () => {
    const files = createAppFiles({ folder, listener: 'service' })
    expect(await files.find('link.js', '')).toBe('absent')
    expect(await files.find('secret.txt', '')).toBe('absent')
    expect(await files.find('constructor', '')).toBe('absent')
  })

  it('are those of the build that took the place of another', async () => {
    const files = createAppFiles({ folder, listener: 'service' })
    expect(await files.find('new.css', '')).toBe('absent')
    writeFileSync(join(folder, 'new.css'), 'p {}')
    utimesSync(join(folder, 'index.html'), 1, 1)
    expect(await files.find('new.css', '')).toMatchObject({ type: 'text/css; charset=utf-8' })
  })
})

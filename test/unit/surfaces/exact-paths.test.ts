import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { routersOfExactPaths, takeExactPaths } from '../../../src/surfaces/exact-paths.ts'

const paths = [
  '/v1/models/:id',
  '/v1/files/:id',
  '/v1/files/all',
  '/v1/models',
  '/v1/execute',
  '/v1/:kind/:id',
  '/v1/sql/check',
  '/download/*path',
  '/download/now',
  '/v1/files',
  '/a{/b}',
  '/a/b',
  '/v1/execute/now',
]

/** Answers with the path that was registered, and what was written in the place of its parameters. */
const answer =
  (path: string): RequestHandler =>
  ({ params }, response) =>
    void response.json({ path, params })

/** As the service registers them: with `isQuick` those with a router of their own in it. */
function served(isQuick: boolean) {
  const app = express()
  app.enable('strict routing')
  app.enable('case sensitive routing')
  const routers = routersOfExactPaths(isQuick ? paths : [])
  app.use(takeExactPaths(routers))
  for (const path of paths) (routers.get(path) ?? app).post(path, answer(path))
  return app
}

/** The bodies that a server gives to each address, as they are written. */
async function answersOf(app: ReturnType<typeof express>, addresses: readonly string[]): Promise<readonly string[]> {
  await using server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const ask = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, method: 'POST', agent: false }, (response) => {
        response.setEncoding('utf8')
        response.toArray().then((pieces) => resolve(`${response.statusCode} ${pieces.join('')}`), reject)
      })
      sent.on('error', reject).end()
    })
  return await Promise.all(addresses.map(ask))
}

describe('paths without parameters', () => {
  it('have routers of their own, but where a path before them matches as well', () => {
    expect([...routersOfExactPaths(paths).keys()]).toEqual(['/v1/models', '/v1/execute', '/v1/files'])
  })

  it('answer each address as they would one after the other', async () => {
    const written = paths.map((path) => path.replaceAll(/[{}*:]/g, ''))
    const spelled = [
      '/V1/execute',
      '/v1/execute/',
      '//v1/execute',
      '/v1/%65xecute',
      '/v1/execute?a=/v1/models',
      '/v1/./execute',
    ]
    const others = [
      '/',
      '/v1',
      '/v1/none',
      '/v1/models/x',
      '/v1/files/a%2Fb',
      '/v1/files/%',
      '/download/a/b',
      '/a',
      '/v1/execute;x',
      '/v1/execute%00',
    ]
    const addresses = [...written, ...spelled, ...others]
    const quick = await answersOf(served(true), addresses)
    expect(quick).toEqual(await answersOf(served(false), addresses))
    expect(quick[paths.indexOf('/v1/execute')]).toContain('"path":"/v1/execute"')
    expect(quick[paths.indexOf('/v1/files/all')]).toContain('"path":"/v1/files/:id"')
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = new URL('../../../', import.meta.url)
const compose = parse(readFileSync(new URL('docker-compose.yml', root), 'utf8'))

describe('docker-compose.yml', () => {
  const { postgres, presidio, waf, envoy } = compose.services

  it('names its images by digest', () => {
    expect(postgres.image).toMatch(/^postgres:[\w.-]+@sha256:[0-9a-f]{64}$/)
    expect(presidio.image).toMatch(/\/presidio-analyzer:2\.2\.\d+@sha256:[0-9a-f]{64}$/)
  })

  it('opens no port to the network', () =>
    expect([postgres.ports, presidio.ports]).toEqual([['127.0.0.1:5432:5432'], ['127.0.0.1:5002:3000']]))

  it('starts the analyzer only where its profile is asked for', () => expect(presidio.profiles).toEqual(['presidio']))

  it('builds the firewall where its profile is asked for, in front of a service on the same host, without rights', () => {
    expect(waf).toMatchObject({
      profiles: ['waf'],
      build: 'deploy/waf',
      environment: {
        WAF_LISTEN: '${WAF_LISTEN:-127.0.0.1:8081}',
        WAF_UPSTREAM: '${WAF_UPSTREAM:-http://127.0.0.1:8080}',
      },
      read_only: true,
      cap_drop: ['ALL'],
    })
    const dockerfile = readFileSync(new URL('deploy/waf/Dockerfile', root), 'utf8')
    const { 1: built } = /^FROM golang:(\d+\.\d+)/m.exec(dockerfile) ?? []
    const { 1: least } = /^go (\d+\.\d+)/m.exec(readFileSync(new URL('deploy/waf/go.mod', root), 'utf8')) ?? []
    expect(Number(built)).toBeGreaterThanOrEqual(Number(least))
    expect(dockerfile).toMatch(/^FROM scratch$/m)
    expect(dockerfile).toMatch(/^USER 65532:65532$/m)
  })

  it('builds Envoy where its profile is asked for, by the program that the tests start, without rights and without a way to the model but its socket', () => {
    expect(envoy).toMatchObject({
      profiles: ['envoy'],
      build: 'deploy/envoy',
      user: '${ENVOY_USER:-65532:65532}',
      volumes: ['/run/sallyport:/run/sallyport', '/run/model:/run/model'],
      read_only: true,
      cap_drop: ['ALL'],
    })
    const dockerfile = readFileSync(new URL('deploy/envoy/Dockerfile', root), 'utf8')
    expect(dockerfile).toMatch(/^COPY envoy\.txt /m)
    expect(dockerfile).toMatch(/--require-hashes --requirement \/envoy\.txt$/m)
    expect(dockerfile).toMatch(/^USER 65532:65532$/m)
  })

  it('has no password of its own: each must be given', () => {
    const { POSTGRES_PASSWORD, SALLYPORT_READER_PASSWORD } = postgres.environment
    expect([POSTGRES_PASSWORD, SALLYPORT_READER_PASSWORD]).toEqual([
      expect.stringMatching(/^\$\{POSTGRES_PASSWORD:\?/),
      expect.stringMatching(/^\$\{SALLYPORT_READER_PASSWORD:\?/),
    ])
  })

  it('does not hand the Docker socket to anything', () =>
    expect(JSON.stringify(compose.services)).not.toContain('docker.sock'))

  it('mounts the script that makes the reading role, which grants nothing but SELECT, USAGE and CONNECT', () => {
    expect(postgres.configs.map(({ source }: { source: string }) => source)).toEqual(Object.keys(compose.configs))
    const grants = compose.configs.reader.content.match(/GRANT [A-Z ]+ ON/g)
    expect(new Set(grants)).toEqual(new Set(['GRANT CONNECT ON', 'GRANT USAGE ON', 'GRANT SELECT ON']))
  })
})

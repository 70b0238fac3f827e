import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aptNetworkSettings, debianMirrors, suiteSources } from '../../../setup/apt.mjs'
import { certificateBundle, pipSettings, proxyArguments } from '../../../setup/build-host.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-apt-'))
  mkdirSync(join(folder, 'sources.list.d'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the Debian mirrors of this machine', () => {
  it("are Debian's own where apt names none", () =>
    expect(debianMirrors(folder)).toEqual({
      main: 'http://deb.debian.org/debian',
      security: 'http://deb.debian.org/debian-security',
    }))

  it('are read from one-line sources, options and all', () => {
    writeFileSync(
      join(folder, 'sources.list'),
      '# deb http://commented/debian bookworm main\ndeb [signed-by=/k arch=amd64] https://mirror.example/debian/ bookworm main\ndeb https://mirror.example/debian-security bookworm-security main\n',
    )
    expect(debianMirrors(folder)).toEqual({
      main: 'https://mirror.example/debian',
      security: 'https://mirror.example/debian-security',
    })
  })

  it('are read from stanzas, without the disabled ones and other people’s archives', () => {
    writeFileSync(
      join(folder, 'sources.list.d', 'debian.sources'),
      'Types: deb\nURIs: http://near.example/debian\nSuites: trixie trixie-updates\n\nTypes: deb\nEnabled: no\nURIs: http://off.example/debian-security\nSuites: trixie-security\n',
    )
    writeFileSync(
      join(folder, 'sources.list.d', 'node.sources'),
      'Types: deb\nURIs: https://deb.nodesource.com/node_20.x\nSuites: nodistro\n',
    )
    expect(debianMirrors(folder)).toEqual({
      main: 'http://near.example/debian',
      security: 'http://deb.debian.org/debian-security',
    })
  })

  it('serve another suite in the same way', () =>
    expect(suiteSources('trixie', { main: 'http://m/debian', security: 'http://m/sec' })).toEqual([
      'deb http://m/debian trixie main',
      'deb http://m/debian trixie-updates main',
      'deb http://m/sec trixie-security main',
    ]))

  it('bring the proxies along, and nothing that runs a program', () => {
    const dump = [
      'Acquire::http::Proxy "http://proxy:3128";',
      'Acquire::http::Proxy::mirror.example "DIRECT";',
      'Acquire::Check-Valid-Until "false";',
      'APT::Update::Post-Invoke:: "rm -rf /";',
      'DPkg::Post-Invoke:: "x";',
    ].join('\n')
    expect(aptNetworkSettings(dump).trim().split('\n')).toEqual(dump.split('\n').slice(0, 3))
  })
})

describe('pip inside the build', () => {
  it('uses the index of this machine, the environment before the files', () => {
    const texts = [
      '[global]\nindex-url = https://files.example/simple\ntrusted-host = a\n  b\n[list]\nindex-url = no\n',
    ]
    expect(pipSettings({ texts, environment: {}, bundle: false })).toBe(
      '[global]\nindex-url = https://files.example/simple\ntrusted-host = a b\n',
    )
    expect(
      pipSettings({ texts, environment: { PIP_INDEX_URL: 'https://env.example/simple' }, bundle: false }),
    ).toContain('index-url = https://env.example/simple')
  })

  it('is pointed at the certificates only where there are some', () => {
    expect(pipSettings({ texts: [], environment: {}, bundle: true })).toContain('cert = /build-host/ca.crt')
    expect(pipSettings({ texts: [], environment: {}, bundle: false })).not.toContain('cert')
  })

  it('does not take over settings that say what is installed', () =>
    expect(
      pipSettings({ texts: ['[global]\nfind-links = /opt\nno-binary = :all:\n'], environment: {}, bundle: false }),
    ).toBe('[global]\n'))

  it('trusts what the environment adds to the system’s certificates, each once', () => {
    const extra = join(folder, 'extra.pem')
    writeFileSync(extra, 'EXTRA CERTIFICATE\n')
    const bundle = certificateBundle({
      SSL_CERT_FILE: extra,
      NODE_EXTRA_CA_CERTS: extra,
      PIP_CERT: join(folder, 'absent'),
    })
    expect(bundle.split('EXTRA CERTIFICATE')).toHaveLength(2)
  })

  it('gets the proxies by name, so that their values stay out of the command line', () =>
    expect(proxyArguments({ https_proxy: 'http://user:secret@proxy', HTTP_PROXY: '' })).toEqual([
      '--build-arg',
      'https_proxy',
    ]))
})

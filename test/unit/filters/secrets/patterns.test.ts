import { describe, expect, it } from 'vitest'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const filter = createSecretsFilter()
/** Characters of no key that was ever given out. */
const random = 'Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0PaVuEiOyAqWsXzDcFrTgBhNmJkLpQeRtYuI'
const of = (length: number) => random.slice(0, length)

async function secretsIn(text: string, category: string) {
  const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
  const findings = await filter.inspect([{ text, provenance: 'model' }], context, never)
  return findings
    .filter((finding) => finding.category === category)
    .map(({ start, end, score }) => ({ secret: text.slice(start, end), score }))
}

/** The shape of each issuer's keys, the shortest that is one, and how sure it is. */
const shapes: readonly (readonly [category: string, shortest: string, score: number])[] = [
  ['secret/openai-key', `sk-${of(20)}`, 0.95],
  ['secret/sallyport-key', `sp-${of(32)}`, 0.95],
  ['secret/github-token', `ghp_${of(30)}`, 0.97],
  ['secret/github-token', `gho_${of(30)}`, 0.97],
  ['secret/github-token', `ghu_${of(30)}`, 0.97],
  ['secret/github-token', `ghs_${of(30)}`, 0.97],
  ['secret/github-token', `ghr_${of(30)}`, 0.97],
  ['secret/github-token', `github_pat_${of(40)}`, 0.97],
  ['secret/gitlab-token', `glpat-${of(20)}`, 0.95],
  ['secret/gitlab-token', `glptt-${of(20)}`, 0.95],
  ['secret/gitlab-token', `gldt-${of(20)}`, 0.95],
  ['secret/gitlab-token', `glrt-${of(20)}`, 0.95],
  ['secret/slack-token', `xoxb-${of(11)}`, 0.97],
  ['secret/slack-token', `xoxp-${of(11)}`, 0.97],
  ['secret/slack-token', `xoxa-${of(11)}`, 0.97],
  ['secret/slack-webhook', `https://hooks.slack.com/services/${of(20)}`, 0.95],
  ['secret/slack-webhook', `https://hooks.slack.com/workflows/${of(20)}`, 0.95],
  ['secret/google-token', `ya29.${of(20)}`, 0.95],
  ['secret/google-token', `GOCSPX-${of(20)}`, 0.95],
  ['secret/stripe-key', `sk_live_${of(20)}`, 0.95],
  ['secret/stripe-key', `rk_test_${of(20)}`, 0.95],
  ['secret/stripe-key', `whsec_${of(20)}`, 0.95],
  ['secret/huggingface-token', `hf_${of(30)}`, 0.95],
  ['secret/pypi-token', `pypi-${of(50)}`, 0.95],
  ['secret/sendgrid-key', `SG.${of(16)}.${of(16)}`, 0.95],
  ['secret/jwt', `eyJ${of(8)}.${of(8)}`, 0.95],
]

/** Those with a word in front of the key, which could be its beginning. */
const prefixed = ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-ant-', 'sk-or-'].map((prefix) => prefix + of(32))

/** Those of one length. */
const fixed: readonly (readonly [category: string, key: string, score: number])[] = [
  ['secret/aws-key-id', 'AKIAIOSFODNN7EXAMPLE', 0.95],
  ['secret/aws-key-id', 'ASIAIOSFODNN7EXAMPLE', 0.95],
  ['secret/google-key', `AIza${of(35)}`, 0.95],
  ['secret/npm-token', `npm_${of(36)}`, 0.95],
]

describe('keys of an issuer', () => {
  it.each(shapes)('are %s from the shortest on: %s', async (category, shortest, score) => {
    expect(await secretsIn(`use ${shortest} here`, category)).toEqual([{ secret: shortest, score }])
    expect(await secretsIn(shortest, category)).toEqual([{ secret: shortest, score }])
    const longer = `${shortest}${of(24)}`
    expect(await secretsIn(`use ${longer} here`, category)).toEqual([{ secret: longer, score }])
    expect(await secretsIn(`use ${shortest.slice(0, -1)} here`, category)).toEqual([])
  })

  it.each(prefixed)('are taken with the word in front: %s', async (key) => {
    expect(await secretsIn(`use ${key} here`, 'secret/openai-key')).toEqual([{ secret: key, score: 0.95 }])
  })

  it.each(fixed)('are %s of one length: %s', async (category, key, score) => {
    expect(await secretsIn(`use ${key} here`, category)).toEqual([{ secret: key, score }])
    expect(await secretsIn(`use ${key}A here`, category)).toEqual([])
    expect(await secretsIn(`use ${key.slice(0, -1)} here`, category)).toEqual([])
  })

  it.each([...shapes, ...fixed].filter(([category]) => !category.endsWith('webhook')))(
    'are no part of a longer word: %s, %s',
    async (category, key) => {
      expect(await secretsIn(`use a${key} here`, category)).toEqual([])
    },
  )
})

describe('secrets that stand behind a name', () => {
  const key = `${of(38)}+/`
  it.each([
    ['secret/aws-secret-key', `aws_secret_access_key = ${key}`, key, 0.9],
    ['secret/aws-secret-key', `AWS_SECRET_ACCESS_KEY="${key}"`, key, 0.9],
    ['secret/aws-secret-key', `aws key: ${key}`, key, 0.9],
    ['secret/connection-string', 'postgresql://app:hunter2@db:5432/shop', 'hunter2', 0.95],
    ['secret/connection-string', 'amqp://:hunter2@10.0.0.1', 'hunter2', 0.95],
    ['secret/connection-string', 'redis://default:p:q@[::1]:6379', 'p:q', 0.95],
    ['secret/connection-string', 'https://kim:hunter2@db.example.com/', 'hunter2', 0.95],
    ['secret/connection-string', 'postgres://admin:password@db:5432', 'password', 0.95],
    ['secret/connection-string', 'https://user:he%2F@host/', 'he%2F', 0.95],
    ['secret/connection-string', 'https://a:abc@host/', 'abc', 0.95],
    ['secret/bearer-token', `Authorization: Bearer ${of(16)}`, of(16), 0.85],
    ['secret/bearer-token', `authorization: basic ${of(16)}==`, `${of(16)}==`, 0.85],
    ['secret/bearer-token', `"Authorization": "token ${of(20)}"`, of(20), 0.85],
    ['secret/bearer-token', `bearer ${of(20)}`, of(20), 0.85],
  ])('are %s, the name is none: %s', async (category, text, secret, score) => {
    expect(await secretsIn(`so: ${text}\n`, category)).toEqual([{ secret, score }])
  })

  it.each([
    ['secret/aws-secret-key', `aws_secret_access_key = ${key.slice(1)}`],
    ['secret/aws-secret-key', `aws_secret_access_key = ${key}a`],
    ['secret/aws-secret-key', `secret_access_key = ${key}`],
    ['secret/connection-string', 'postgresql://db:5432/shop'],
    ['secret/connection-string', 'see https://example.com/a:b@c'],
    ['secret/connection-string', 'http://user:pass@host/repo'],
    ['secret/connection-string', 'scheme://[user:passwd@]proxy.server:port'],
    ['secret/connection-string', 'https://username:password@pypi.company.com/'],
    ['secret/connection-string', 'https://abc:xyz@example.com/'],
    ['secret/connection-string', 'http://john%40example.com:password@sub.example.org/'],
    ['secret/connection-string', 'https://a:b@xn--g6w251d/'],
    ['secret/bearer-token', `Authorization: Bearer ${of(15)}`],
    ['secret/bearer-token', `the bearer of ${of(16)}`],
  ])('are none where it is none: %s, %s', async (category, text) => {
    expect(await secretsIn(`so: ${text}\n`, category)).toEqual([])
  })
})

describe('a private key', () => {
  const body = `${'MIIEow'.repeat(20)}\n`
  const block = (kind: string, suffix = '') =>
    `-----BEGIN ${kind}PRIVATE KEY${suffix}-----\n${body}-----END ${kind}PRIVATE KEY${suffix}-----`
  it.each([
    ['of any sort', block('')],
    ['of RSA', block('RSA ')],
    ['of OpenSSH', block('OPENSSH ')],
    ['of PGP', block('PGP ', ' BLOCK')],
  ])('%s is one secret from its first line to its last', async (_sort, text) => {
    const score = 0.99
    expect(await secretsIn(`a\n${text}\nb`, 'secret/private-key')).toEqual([{ secret: text, score }])
    const two = await secretsIn(`${text}\nb\n${text}`, 'secret/private-key')
    expect(two).toEqual([
      { secret: text, score },
      { secret: text, score },
    ])
  })

  it('without its last line takes all that follows along', async () => {
    const text = `a\n-----BEGIN PRIVATE KEY-----\n${body}and more`
    expect(await secretsIn(text, 'secret/private-key')).toEqual([{ secret: text.slice(2), score: 0.99 }])
  })

  it.each([
    ['the line that a program looks for', 'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) return read(text)'],
    [
      'both lines of a program',
      'START = b"-----BEGIN OPENSSH PRIVATE KEY-----"\nEND = b"-----END OPENSSH PRIVATE KEY-----"',
    ],
    ['a line with its end', String.raw`const head = '-----BEGIN RSA PRIVATE KEY-----\n'`],
  ])('is none where there is no more than %s', async (_what, text) => {
    verifies('secrets.technical')
    expect(await secretsIn(`${text}\n${'more of it '.repeat(20)}`, 'secret/private-key')).toEqual([])
  })

  it.each([
    ['in one text', String.raw`"-----BEGIN PRIVATE KEY-----\n${'MIIEow'.repeat(20)}\n-----END PRIVATE KEY-----"`],
    ['put together', `'-----BEGIN PRIVATE KEY-----\\n' +\n  '${'MIIEow'.repeat(10)}' + '-----END PRIVATE KEY-----`],
    ['cut short', `-----BEGIN PRIVATE KEY-----\nMIIEow`],
  ])('is one in a program, too: %s', async (_what, text) => {
    expect(await secretsIn(`key = ${text}`, 'secret/private-key')).toHaveLength(1)
  })

  it('is none where the key is public', async () => {
    expect(await secretsIn(block('').replaceAll('PRIVATE', 'PUBLIC'), 'secret/private-key')).toEqual([])
  })
})

it('a secret that stands twice is found where it is the value', async () => {
  const text = 'redis://hunter2:hunter2@db'
  const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
  const findings = await filter.inspect([{ text, provenance: 'model' }], context, never)
  expect(findings.map(({ start, end }) => [start, end])).toEqual([[16, 23]])
})

import { describe, expect, it } from 'vitest'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { hardNegatives } from '../../../support/filters/hard-negatives.ts'
import { verifies } from '../../../support/verifies.ts'

const filter = createSecretsFilter()
const random = 'Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0P'

const shapes: readonly (readonly [category: string, text: string, secret: string])[] = [
  ['secret/openai-key', `key sk-proj-${random} here`, `sk-proj-${random}`],
  ['secret/aws-key-id', 'AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['secret/aws-secret-key', `aws_secret_access_key = ${random}Ab/Cd+E1`, `${random}Ab/Cd+E1`],
  ['secret/github-token', `ghp_${random}abcd`, `ghp_${random}abcd`],
  ['secret/slack-token', `xoxb-123456789012-${random}`, `xoxb-123456789012-${random}`],
  ['secret/google-key', `AIza${random}abc`, `AIza${random}abc`],
  ['secret/stripe-key', `sk_live_${random}`, `sk_live_${random}`],
  [
    'secret/jwt',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP',
  ],
  ['secret/connection-string', 'postgresql://app:hunter2@db:5432/shop', 'hunter2'],
  ['secret/bearer-token', `Authorization: Bearer ${random}`, random],
  ['secret/assignment', `API_KEY="${random}"`, random],
  ['secret/assignment', 'password: hunter2!', 'hunter2!'],
  ['secret/assignment', '{"client_secret": "a8f3kq92mz71xw"}', 'a8f3kq92mz71xw'],
]

describe('secrets', () => {
  it.each(shapes)('finds %s in: %s', async (category, text, secret) => {
    verifies('filters.secrets')
    expect(await found(filter, text)).toContain(`${category}: ${secret}`)
  })

  it('takes a private key as a whole, and all that follows when its end is missing', async () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEow'.repeat(20)}\n-----END RSA PRIVATE KEY-----`
    expect(await found(filter, `a\n${key}\nb`)).toContain(`secret/private-key: ${key}`)
    const cut = key.slice(0, 90)
    expect(await found(filter, `a\n${cut}`)).toContain(`secret/private-key: ${cut}`)
  })

  it.each(hardNegatives)('leaves alone: %s', async (text) => {
    expect(await found(filter, text)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { findIssuerKeys, findNamedKeys } from '../../../../src/filters/secrets/issuer-keys.ts'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

/** Characters of no key that was ever given out; every key is put together here. */
const of = (alphabet: string) => (length: number) =>
  Array.from({ length }, (_, at) => alphabet[(at * 7 + Math.floor(at / alphabet.length)) % alphabet.length]).join('')
const hex = of('3f9a0b7c1d8e2456')
const letters = of('Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4KsPaVuEiOyAqWsXzDcFrT')
const capitals = of('7ZK3VQ9XT2RW8YC5ND4HF6JG')
const small = of('7zk3vq9xt2rw8yc5nd4hf6jg')
const uuid = [hex(8), hex(4), hex(4), hex(4), hex(12)].join('-')

const keys: readonly (readonly [issuer: string, key: string])[] = [
  ['adyen', `AQE${letters(80)}`],
  ['age', `AGE-SECRET-KEY-1${capitals(58)}`],
  ['airtable', `pat${letters(14)}.${hex(64)}`],
  ['alibaba', `LTAI${letters(20)}`],
  ['anthropic', `sk-ant-api03-${letters(93)}`],
  ['artifactory', `AKCp${letters(69)}`],
  ['atlassian', `ATATT3${letters(180)}`],
  ['azure', `abc8Q~${letters(34)}`],
  ['azure', `${letters(76)}AZDO${letters(4)}`],
  ['bitbucket', `ATBB${letters(32)}`],
  ['brevo', `xkeysib-${hex(64)}-${letters(16)}`],
  ['buildkite', `bkua_${hex(40)}`],
  ['circleci', `CCIPAT_${letters(22)}_${hex(40)}`],
  ['clickup', `pk_1234567_${capitals(32)}`],
  ['cloudflare', `v1.0-${hex(24)}-${hex(146)}`],
  ['contentful', `CFPAT-${letters(43)}`],
  ['crates', `cio${letters(32)}`],
  ['databricks', `dapi${hex(32)}-2`],
  ['deno', `ddp_${letters(36)}`],
  ['digitalocean', `dop_v1_${hex(64)}`],
  ['discord', `M${letters(23)}.${letters(6)}.${letters(27)}`],
  ['docker', `dckr_pat_${letters(27)}`],
  ['doppler', `dp.pt.${letters(43)}`],
  ['dropbox', `sl.u.${letters(130)}`],
  ['dynatrace', `dt0c01.${capitals(24)}.${capitals(64)}`],
  ['easypost', `EZAK${letters(54)}`],
  ['facebook', `EAAC${letters(150)}`],
  ['figma', `figd_${letters(40)}`],
  ['fly', `fo1_${letters(43)}`],
  ['gitlab', `glcbt-${letters(24)}`],
  ['grafana', `glsa_${letters(32)}_${hex(8)}`],
  ['groq', `gsk_${letters(52)}`],
  ['heroku', `HRKU-${uuid}`],
  ['hubspot', `pat-na1-${uuid}`],
  ['intercom', `dG9rO${letters(55)}=`],
  ['langsmith', `lsv2_pt_${hex(32)}_${hex(10)}`],
  ['launchdarkly', `sdk-${uuid}`],
  ['linear', `lin_api_${letters(40)}`],
  ['mailchimp', `${hex(32)}-us12`],
  ['mailgun', `key-${hex(32)}`],
  ['mailgun', `${hex(32)}-${hex(8)}-${hex(8)}`],
  ['mongodb-atlas', `mdb_sa_sk_${letters(40)}`],
  ['netlify', `nfp_${letters(36)}`],
  ['newrelic', `NRAK-${capitals(27)}`],
  ['newrelic', `${hex(36)}NRAL`],
  ['notion', `ntn_${letters(46)}`],
  ['nuget', `oy2${small(43)}`],
  ['nvidia', `nvapi-${letters(64)}`],
  ['onepassword', `ops_eyJ${letters(120)}`],
  ['openrouter', `sk-or-v1-${hex(64)}`],
  ['perplexity', `pplx-${letters(48)}`],
  ['pinecone', `pcsk_${letters(60)}`],
  ['plaid', `access-sandbox-${uuid}`],
  ['planetscale', `pscale_tkn_${letters(43)}`],
  ['postman', `PMAK-${hex(24)}-${hex(34)}`],
  ['prefect', `pnu_${letters(36)}`],
  ['pulumi', `pul-${hex(40)}`],
  ['readme', `rdme_${small(70)}`],
  ['replicate', `r8_${letters(37)}`],
  ['rubygems', `rubygems_${hex(48)}`],
  ['sentry', `sntryu_${hex(64)}`],
  ['shippo', `shippo_live_${hex(40)}`],
  ['shopify', `shpat_${hex(32)}`],
  ['sourcegraph', `sgp_${hex(40)}`],
  ['square', `sq0atp-${letters(22)}`],
  ['supabase', `sbp_${hex(40)}`],
  ['tailscale', `tskey-auth-${letters(12)}-${letters(24)}`],
  ['tavily', `tvly-${letters(32)}`],
  ['telegram', `123456789:AA${letters(33)}`],
  ['tencent', `AKID${letters(32)}`],
  ['terraform', `${letters(14)}.atlasv1.${letters(67)}`],
  ['twilio', `SK${hex(32)}`],
  ['typeform', `tfp_${letters(44)}`],
  ['vault', `hvs.${letters(90)}`],
  ['vercel', `vercel_blob_rw_${letters(16)}_${letters(30)}`],
  ['xai', `xai-${letters(80)}`],
  ['yandex', `AQVN${letters(36)}`],
  ['atlassian', `ATCTT3${letters(60)}`],
  ['atlassian', `ATATT3${letters(60)}`],
  ['digitalocean', `doo_v1_${hex(64)}`],
  ['digitalocean', `dor_v1_${hex(64)}`],
  ['databricks', `dapi${hex(32)}`],
  ['docker', `dckr_oat_${letters(27)}`],
  ['doppler', `dp.scim.${letters(40)}`],
  ['doppler', `dp.audit.${letters(40)}`],
  ['easypost', `EZTK${letters(54)}`],
  ['facebook', `EAAM${letters(100)}`],
  ['figma', `figo_${letters(32)}`],
  ['figma', `figu_${letters(32)}`],
  ['fly', `fm1a_${letters(60)}`],
  ['fly', `fm1r_${letters(60)}`],
  ['fly', `fm2_${letters(60)}`],
  ['gitlab', `glagent-${letters(40)}`],
  ['gitlab', `glft-${letters(20)}`],
  ['gitlab', `glimt-${letters(20)}`],
  ['gitlab', `gloas-${letters(40)}`],
  ['gitlab', `glsoat-${letters(20)}`],
  ['gitlab', `GR1348941${letters(20)}`],
  ['grafana', `glc_${letters(32)}`],
  ['heroku', `HRKU-AA${letters(50)}`],
  ['langsmith', `lsv2_sk_${hex(32)}_${hex(10)}`],
  ['linear', `lin_oauth_${letters(40)}`],
  ['newrelic', `NRII-${letters(32)}`],
  ['newrelic', `NRJS-${hex(19)}`],
  ['notion', `secret_${letters(43)}`],
  ['planetscale', `pscale_oauth_${letters(32)}`],
  ['sentry', `sntrys_${letters(60)}`],
  ['shippo', `shippo_test_${hex(40)}`],
  ['shopify', `shpca_${hex(32)}`],
  ['shopify', `shppa_${hex(32)}`],
  ['shopify', `shpss_${hex(32)}`],
  ['sourcegraph', `sgp_local_${hex(40)}`],
  ['square', `EAAA${letters(60)}`],
  ['square', `sq0csp-${letters(43)}`],
  ['supabase', `sb_secret_${letters(24)}`],
  ['tailscale', `tskey-webhook-${letters(8)}-${letters(16)}`],
  ['vault', `hvb.${letters(24)}`],
  ['vault', `hvr.${letters(24)}`],
  ['vercel', `vcp_${letters(50)}`],
]

const webhooks = {
  discord: `https://discord.com/api/webhooks/123456789012345678/${letters(68)}`,
  teams: `https://x.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${hex(32)}/${uuid}`,
}

const named: readonly (readonly [issuer: string, text: string, secret: string])[] = [
  ['algolia', `ALGOLIA_ADMIN_KEY=${hex(32)}`, hex(32)],
  ['auth0', `auth0_client_secret: "${letters(64)}"`, letters(64)],
  ['azure', `AccountName=a;AccountKey=${letters(86)}==;`, `${letters(86)}==`],
  ['cloudflare', `CLOUDFLARE_API_TOKEN=${letters(40)}`, letters(40)],
  ['cohere', `"cohere_api_key": "${letters(40)}"`, letters(40)],
  ['datadog', `DD_API_KEY: ${hex(32)}`, hex(32)],
  ['datadog', `datadog_app_key=${hex(40)}`, hex(40)],
  ['discord', webhooks.discord, webhooks.discord],
  ['okta', `Authorization: SSWS 00${letters(40)}`, `00${letters(40)}`],
  ['pagerduty', `PAGERDUTY_TOKEN='u+${letters(18)}'`, `u+${letters(18)}`],
  ['paypal', `x access_token$production$${small(16)}$${hex(32)} y`, `access_token$production$${small(16)}$${hex(32)}`],
  ['postmark', `POSTMARK_SERVER_TOKEN=${uuid}`, uuid],
  ['snowflake', `snowflake.token = ${letters(60)}`, letters(60)],
  ['paypal', `access_token$sandbox$${small(16)}$${hex(32)}`, `access_token$sandbox$${small(16)}$${hex(32)}`],
  ['teams', webhooks.teams, webhooks.teams],
  ['twilio', `twilio_auth_token = "${hex(32)}"`, hex(32)],
]

describe('keys by what their issuers begin them with', () => {
  it.each(keys)('%s: %s', (issuer, key) => {
    verifies('secrets.issuers')
    for (const text of [key, `use ${key} here`, `{"a":"${key}"}`, `KEY=${key}\n`]) {
      expect(findIssuerKeys(text).map(({ start, end, category }) => `${category} ${text.slice(start, end)}`)).toContain(
        `secret/${issuer}-key ${key}`,
      )
    }
  })

  it.each(keys)('are no part of a longer word: %s', (issuer, key) => {
    expect(findIssuerKeys(`x${key}`).map(({ category }) => category)).not.toContain(`secret/${issuer}-key`)
  })

  it.each(named)('%s, where its name stands before it', (issuer, text, secret) => {
    const matches = findNamedKeys(text).map(({ start, end, category }) => `${category} ${text.slice(start, end)}`)
    expect(matches).toEqual([`secret/${issuer}-key ${secret}`])
  })

  it('are surer where their beginning tells them than where a name before them does', () => {
    for (const [, key] of keys) expect(findIssuerKeys(key).map(({ score }) => score)).toContain(0.95)
    for (const [issuer, text] of named) {
      const isTold = ['azure', 'discord', 'okta', 'paypal', 'teams'].includes(issuer)
      expect([issuer, findNamedKeys(text)[0]?.score]).toEqual([issuer, isTold ? 0.95 : 0.8])
    }
  })

  it.each(named.filter(([issuer]) => !['azure', 'discord', 'okta', 'paypal', 'teams'].includes(issuer)))(
    '%s: are none where they have another length, or no digit',
    (issuer, text, secret) => {
      // The keys of one issuer have forty characters and more.
      const short = issuer === 'snowflake' ? secret.slice(0, 39) : secret.slice(1)
      for (const other of [short, `${secret}${secret}`, secret.replaceAll(/\d/g, 'a')])
        expect(findNamedKeys(text.replace(secret, other))).toEqual([])
    },
  )

  it('sixty issuers and more are known', () => {
    expect(new Set([...keys, ...named].map(([issuer]) => issuer)).size).toBeGreaterThanOrEqual(60)
  })

  it.each([
    `sha256-${letters(43)}=`,
    `commit ${hex(40)}`,
    `key-value-${small(24)}`,
    `pat-${uuid}`,
    `integrity sha512-${letters(86)}==`,
    `sk_${small(12)}`,
    `https://example.com/v1.0-${hex(24)}`,
    `twilio_account = "none"`,
    `cohere: a library of ${small(40)} words`,
    `module.exports.someVeryLongNameOfAFunction`,
    'access-production-database-with-a-long-name',
    'secret_of_the_very_long_function_name_that_we_have_here',
  ])('leave alone: %s', (text) => {
    expect([...findIssuerKeys(text), ...findNamedKeys(text)]).toEqual([])
  })

  it('the filter of secrets reports them', async () => {
    const key = `hvs.${letters(90)}`
    expect(await found(createSecretsFilter(), `vault: ${key}`)).toContain(`secret/vault-key: ${key}`)
  })
})

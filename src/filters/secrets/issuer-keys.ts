import type { Match } from '../text-filter.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/**
 * What keys begin with, and what follows, as their issuers' documentation shows them or their partners of secret scanning
 * have registered them (https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns).
 */
const shapes: readonly (readonly [issuer: string, prefix: string, rest: string])[] = [
  ['adyen', 'AQE', '[\\w+/=.*-]{80,}'],
  ['age', 'AGE-SECRET-KEY-1', '[02-9AC-HJ-NP-Z]{58}'],
  ['airtable', 'pat', '[A-Za-z0-9]{14}\\.[0-9a-f]{64}'],
  ['alibaba', 'LTAI', '[A-Za-z0-9]{16,22}'],
  ['anthropic', 'sk-ant-', '[a-z]{3,6}\\d\\d-[\\w-]{32,}'],
  ['artifactory', 'AKCp', '[A-Za-z0-9]{50,}'],
  ['atlassian', 'ATATT3', '[\\w=-]{60,}'],
  ['atlassian', 'ATCTT3', '[\\w=-]{60,}'],
  ['bitbucket', 'ATBB', '[A-Za-z0-9]{32}'],
  ['brevo', 'xkeysib-', '[0-9a-f]{64}-[A-Za-z0-9]{16}'],
  ['buildkite', 'bkua_', '[0-9a-f]{40}'],
  ['circleci', 'CCIPAT_', '[A-Za-z0-9]{22}_[0-9a-f]{40}'],
  ['clickup', 'pk_', '\\d{4,12}_[A-Z0-9]{32}'],
  ['cloudflare', 'v1.0-', '[0-9a-f]{24}-[0-9a-f]{146}'],
  ['contentful', 'CFPAT-', '[\\w-]{43}'],
  ['crates', 'cio', '[A-Za-z0-9]{32}'],
  ['databricks', 'dapi', '[0-9a-f]{32}(?:-\\d)?'],
  ['deno', 'ddp_', '[A-Za-z0-9]{36}'],
  ['digitalocean', 'dop_v1_', '[0-9a-f]{64}'],
  ['digitalocean', 'doo_v1_', '[0-9a-f]{64}'],
  ['digitalocean', 'dor_v1_', '[0-9a-f]{64}'],
  ['docker', 'dckr_pat_', '[\\w-]{27,}'],
  ['docker', 'dckr_oat_', '[\\w-]{27,}'],
  ['doppler', 'dp.', '(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{40,}'],
  ['dropbox', 'sl.', '[\\w.-]{100,}'],
  ['dynatrace', 'dt0c01.', '[A-Z0-9]{24}\\.[A-Z0-9]{64}'],
  ['easypost', 'EZAK', '[A-Za-z0-9]{54}'],
  ['easypost', 'EZTK', '[A-Za-z0-9]{54}'],
  ['facebook', 'EAAC', '[A-Za-z0-9]{100,}'],
  ['facebook', 'EAAM', '[A-Za-z0-9]{100,}'],
  ['figma', 'figd_', '[\\w-]{32,}'],
  ['figma', 'figo_', '[\\w-]{32,}'],
  ['figma', 'figu_', '[\\w-]{32,}'],
  ['fly', 'fo1_', '[\\w-]{43}'],
  ['fly', 'fm1a_', '[\\w+/=-]{60,}'],
  ['fly', 'fm1r_', '[\\w+/=-]{60,}'],
  ['fly', 'fm2_', '[\\w+/=-]{60,}'],
  ['gitlab', 'glagent-', '[\\w-]{40,}'],
  ['gitlab', 'glcbt-', '[\\w-]{20,}'],
  ['gitlab', 'glft-', '[\\w-]{20,}'],
  ['gitlab', 'glimt-', '[\\w-]{20,}'],
  ['gitlab', 'gloas-', '[\\w-]{40,}'],
  ['gitlab', 'glsoat-', '[\\w-]{20,}'],
  ['gitlab', 'GR1348941', '[\\w-]{20,}'],
  ['grafana', 'glc_', '[A-Za-z0-9+/]{32,}={0,2}'],
  ['grafana', 'glsa_', '[A-Za-z0-9]{32}_[0-9a-f]{8}'],
  ['groq', 'gsk_', '[A-Za-z0-9]{48,}'],
  ['heroku', 'HRKU-', `(?:AA[\\w-]{50,}|${uuid})`],
  ['hubspot', 'pat-', `(?:na|eu|ap)\\d-${uuid}`],
  ['intercom', 'dG9rO', '[A-Za-z0-9+/]{50,}={0,2}'],
  ['langsmith', 'lsv2_', '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'],
  ['launchdarkly', 'sdk-', uuid],
  ['linear', 'lin_api_', '[A-Za-z0-9]{40}'],
  ['linear', 'lin_oauth_', '[A-Za-z0-9]{40,}'],
  ['mailgun', 'key-', '[0-9a-f]{32}'],
  ['mongodb-atlas', 'mdb_sa_sk_', '[\\w-]{40}'],
  ['netlify', 'nfp_', '[A-Za-z0-9]{36,}'],
  ['newrelic', 'NRAK-', '[A-Z0-9]{27}'],
  ['newrelic', 'NRII-', '[\\w-]{32}'],
  ['newrelic', 'NRJS-', '[0-9a-f]{19}'],
  ['notion', 'ntn_', '[A-Za-z0-9]{40,}'],
  ['notion', 'secret_', '[A-Za-z0-9]{43}'],
  ['nuget', 'oy2', '[a-z0-9]{43}'],
  ['nvidia', 'nvapi-', '[\\w-]{60,}'],
  ['onepassword', 'ops_', 'eyJ[A-Za-z0-9+/=_-]{100,}'],
  ['openrouter', 'sk-or-v1-', '[0-9a-f]{64}'],
  ['perplexity', 'pplx-', '[A-Za-z0-9]{40,}'],
  ['pinecone', 'pcsk_', '[A-Za-z0-9_]{50,}'],
  ['plaid', 'access-', `(?:sandbox|development|production)-${uuid}`],
  ['planetscale', 'pscale_', '(?:tkn|pw|oauth)_[\\w.=-]{32,}'],
  ['postman', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'],
  ['prefect', 'pnu_', '[A-Za-z0-9]{36}'],
  ['pulumi', 'pul-', '[0-9a-f]{40}'],
  ['readme', 'rdme_', '[a-z0-9]{70}'],
  ['replicate', 'r8_', '[A-Za-z0-9]{37}'],
  ['rubygems', 'rubygems_', '[0-9a-f]{48}'],
  ['sentry', 'sntryu_', '[0-9a-f]{64}'],
  ['sentry', 'sntrys_', '[\\w+/=-]{60,}'],
  ['shippo', 'shippo_', '(?:live|test)_[0-9a-f]{40}'],
  ['shopify', 'shpat_', '[0-9a-fA-F]{32}'],
  ['shopify', 'shpca_', '[0-9a-fA-F]{32}'],
  ['shopify', 'shppa_', '[0-9a-fA-F]{32}'],
  ['shopify', 'shpss_', '[0-9a-fA-F]{32}'],
  ['sourcegraph', 'sgp_', '(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}'],
  ['square', 'EAAA', '[\\w-]{60}'],
  ['square', 'sq0atp-', '[\\w-]{22}'],
  ['square', 'sq0csp-', '[\\w-]{43}'],
  ['supabase', 'sbp_', '[0-9a-f]{40}'],
  ['supabase', 'sb_secret_', '[\\w-]{24,}'],
  ['tailscale', 'tskey-', '(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,}'],
  ['tavily', 'tvly-', '[A-Za-z0-9-]{32,}'],
  ['tencent', 'AKID', '[A-Za-z0-9]{32}'],
  ['twilio', 'SK', '[0-9a-f]{32}'],
  ['typeform', 'tfp_', '[\\w.-]{40,}'],
  ['vault', 'hvb.', '[\\w-]{24,}'],
  ['vault', 'hvr.', '[\\w-]{24,}'],
  ['vault', 'hvs.', '[\\w-]{24,}'],
  ['vercel', 'vercel_blob_rw_', '[A-Za-z0-9]{16}_[A-Za-z0-9]{30}'],
  ['vercel', 'vcp_', '[A-Za-z0-9]{50,}'],
  ['xai', 'xai-', '[A-Za-z0-9]{60,}'],
  ['yandex', 'AQVN', '[\\w-]{35,38}'],
]

/** Keys that begin with what changes: a hexadecimal number, the id of a bot. */
const others: readonly (readonly [issuer: string, pattern: RegExp])[] = [
  ['azure', /[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/y],
  ['azure', /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![\w-])/y],
  ['discord', /[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/y],
  ['mailchimp', /[0-9a-f]{32}-us\d{1,2}(?![\w-])/y],
  ['mailgun', /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])/y],
  ['newrelic', /[0-9a-f]{36}NRAL(?![\w-])/y],
  ['telegram', /\d{8,10}:AA[\w-]{33}(?![\w-])/y],
  ['terraform', /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}/y],
]

interface Shape {
  readonly category: string
  readonly prefix: string
  readonly pattern: RegExp
}

/** So many characters of every prefix say which shapes to try. */
const indexed = 2
const byBeginning = new Map<string, Shape[]>()
for (const [issuer, prefix, rest] of shapes) {
  const pattern = new RegExp(`${prefix.replaceAll('.', '\\.')}${rest}(?![A-Za-z0-9_])`, 'y')
  const key = prefix.slice(0, indexed)
  byBeginning.set(key, [...(byBeginning.get(key) ?? []), { category: `secret/${issuer}-key`, prefix, pattern }])
}

const token = /(?<![\w-])[A-Za-z0-9][\w.:~-]{15}/g
const score = 0.95

function endOf(pattern: RegExp, text: string, start: number): number | null {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : null
}

/** Keys that an issuer's own beginning, or their form as a whole, tells from every other word. */
export function findIssuerKeys(text: string): Match[] {
  const matches: Match[] = []
  const take = (category: string, pattern: RegExp, start: number) => {
    const end = endOf(pattern, text, start)
    if (end !== null) matches.push({ start, end, category, score })
  }
  for (const { 0: first, index: start } of text.matchAll(token)) {
    for (const { category, prefix, pattern } of byBeginning.get(first.slice(0, indexed)) ?? []) {
      if (first.startsWith(prefix)) take(category, pattern, start)
    }
    for (const [issuer, pattern] of others) take(`secret/${issuer}-key`, pattern, start)
  }
  return matches
}

/** Addresses that let whoever has them write, and keys with more than word characters between their parts. */
const anywhere: readonly (readonly [issuer: string, pattern: RegExp])[] = [
  ['azure', /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/g],
  ['discord', /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/[\w-]{60,}/g],
  ['okta', /SSWS (?<secret>00[\w-]{40})(?![\w-])/g],
  ['paypal', /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/g],
  [
    'teams',
    /https:\/\/[\w-]+\.webhook\.office\.com\/webhookb2\/[\w@-]{36,80}\/IncomingWebhook\/[\w-]{32,}\/[\w-]{36}/g,
  ],
]

/** Names of issuers whose keys are random characters only, with how their keys look. */
const named =
  /(?<![A-Za-z])(?<issuer>algolia|auth0|cloudflare|cohere|datadog|dd|pagerduty|postmark|snowflake|twilio)[\w.-]{0,28}["'`]?\s{0,3}(?:=>|:=|[=:])\s{0,3}["'`]?(?<secret>[\w+.-]{20,88})(?![\w+.-])/gi
const ofIssuer: Readonly<Record<string, RegExp>> = {
  algolia: /^[0-9a-f]{32}$/,
  auth0: /^[\w-]{64}$/,
  cloudflare: /^(?:[0-9a-f]{37}|[\w-]{40})$/,
  cohere: /^[A-Za-z0-9]{40}$/,
  datadog: /^(?:[0-9a-f]{32}|[0-9a-f]{40})$/,
  dd: /^(?:[0-9a-f]{32}|[0-9a-f]{40})$/,
  pagerduty: /^[\w+-]{20}$/,
  postmark: new RegExp(`^${uuid}$`),
  snowflake: /^[\w-]{40,88}$/,
  twilio: /^[0-9a-f]{32}$/,
}

export function findNamedKeys(text: string): Match[] {
  const matches: Match[] = []
  for (const [issuer, pattern] of anywhere) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      const { length } = match.groups?.['secret'] ?? match[0]
      matches.push({ start: end - length, end, category: `secret/${issuer}-key`, score })
    }
  }
  for (const match of text.matchAll(named)) {
    const { issuer = '', secret = '' } = match.groups as Readonly<Record<string, string | undefined>>
    const end = match.index + match[0].length
    const name = issuer.toLowerCase()
    if (!ofIssuer[name]?.test(secret) || !/\d/.test(secret)) continue
    matches.push({
      start: end - secret.length,
      end,
      category: `secret/${name === 'dd' ? 'datadog' : name}-key`,
      score: 0.8,
    })
  }
  return matches
}

import { scannedRoutes } from './exempt-positions.ts'

/** Cloudflare's own rulesets by their ids (https://developers.cloudflare.com/waf/managed-rules/). */
const rulesets = {
  'Cloudflare Managed Ruleset': 'efb7b8c949ac4650a09736fc376e9aee',
  'Cloudflare OWASP Core Ruleset': '4814384a9e5d4991b9815dcfc25d2f1f',
}

const listed = (texts: readonly string[]): string => `{${texts.map((text) => JSON.stringify(text)).join(' ')}}`

const isFixed = (path: string): boolean => !path.includes(':')
const fixed = scannedRoutes.map(({ path }) => path).filter(isFixed)
const begun = scannedRoutes.flatMap(({ path }) => (isFixed(path) ? [] : [path.slice(0, path.indexOf(':'))]))

/** Routes that end in an id are told by what stands before it. */
const paths = [
  `http.request.uri.path in ${listed(fixed)}`,
  ...begun.map((start) => `starts_with(http.request.uri.path, ${JSON.stringify(start)})`),
]

/** Queries that clients of these APIs send: none, and Anthropic's of a beta. */
const knownQueries = ['', 'beta=true']

/**
 * The rules of the entry point of `http_request_firewall_managed`, as PUT takes them. An exception is one for a whole request, so
 * it is kept to exactly the requests that hold conversations: one with another query or content type is scanned.
 */
export function cloudflareExclusions(): string {
  const isConversation = [
    'http.request.method eq "POST"',
    `(${paths.join(' or ')})`,
    `http.request.uri.query in ${listed(knownQueries)}`,
    'starts_with(http.request.headers["content-type"][0], "application/json")',
  ]
  const skip = {
    description: 'Conversations are no attacks',
    expression: `(${isConversation.join(' and ')})`,
    action: 'skip',
    action_parameters: { rulesets: Object.values(rulesets) },
    logging: { enabled: true },
    enabled: true,
  }
  const execute = Object.entries(rulesets).map(([description, id]) => ({
    description,
    expression: 'true',
    action: 'execute',
    action_parameters: { id },
    enabled: true,
  }))
  return `${JSON.stringify({ rules: [skip, ...execute] }, null, 2)}\n`
}

import { positionTree } from '../../gateway/privacy/positions/position.ts'
import { argumentPattern } from './argument-pattern.ts'
import { addressOf, scannedRoutes } from './exempt-positions.ts'

/** Ids up to 99,999 are for rules of one's own. */
const firstId = 77_001

const introduction = `# Exclusions for OWASP CRS in front of Sallyport. Made by "sallyport waf exclusions --format coraza"; do not edit.
#
# At each position of an API that holds a text of people or models, no rule of OWASP CRS looks at what stands there. All else
# is scanned: names that programs compare, models, members that no API has, queries, headers, cookies, other routes.
# Include it anywhere behind the rule that reads application/json as JSON (200001 of coraza.conf-recommended).
#
# Coraza flattens JSON to names with dots. A name of JSON that has a dot itself, or is a number, or is written in other
# letters, cannot be told from nesting there: {"messages.0.content": …} is taken for the position. The proxy in deploy/waf
# names such members apart, so that they stay scanned; with another connector Sallyport gets them unscanned.
`

/**
 * Rules for Coraza, one for each route: it applies to a POST whose body was read as JSON, and not where a query has names of
 * the same form. Coraza compares names in lower case.
 */
export function corazaExclusions(): string {
  const rules = scannedRoutes.flatMap((route, index) => {
    const pattern = argumentPattern(positionTree(route.positions))
    return pattern === null
      ? []
      : [exemptingRule({ address: addressOf(route), method: 'POST', id: firstId + index }, pattern)]
  })
  return [introduction, ...rules].join('\n')
}

interface Request {
  /** Expression of its path as it is written on the wire. */
  readonly address: string
  readonly method: string
  readonly id: number
}

/** Keeps all rules of OWASP CRS from the arguments of this pattern. */
export const exemptingRule = (request: Request, pattern: string): string =>
  requestOf(
    { ...request, phase: 1 },
    String.raw`SecRule REQBODY_PROCESSOR "@streq JSON" \
            "t:none,chain"
            SecRule &ARGS_GET:/^json/ "@eq 0" \
                "t:none,\
                ctl:ruleRemoveTargetByTag=OWASP_CRS;ARGS:/${pattern}/,\
                ctl:ruleRemoveTargetByTag=OWASP_CRS;ARGS_NAMES:/${pattern}/"`,
  )

/**
 * A rule that applies `last`, one more of the chain, to a request. By the address as written: one that is escaped may be
 * another one to who reads it next.
 */
export const requestOf = (
  { address, method, id, phase, action = 'pass' }: Request & { readonly phase: 1 | 2; readonly action?: string },
  last: string,
): string => String.raw`SecRule REQUEST_URI_RAW "@rx \A${address}(?:\?|\z)" \
    "id:${id},phase:${phase},${action},t:none,nolog,chain"
    SecRule REQUEST_METHOD "@streq ${method}" \
        "t:none,chain"
        ${last}
`

import type { JsonValue } from '../../core/json.ts'
import { addressOf, isExempt, scannedRoutes, type ScannedRoute } from './exempt-positions.ts'

/**
 * The rules of AWS's own groups that look at a body, with the label that each gives a request. A rule of a group can only be had
 * for whole bodies: they count here, and a rule behind them blocks by their labels.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const groups: Readonly<Record<string, { readonly labels: string; readonly bodyRules: readonly string[] }>> = {
  AWSManagedRulesCommonRuleSet: {
    labels: 'awswaf:managed:aws:core-rule-set',
    bodyRules: [
      'SizeRestrictions_BODY',
      'EC2MetaDataSSRF_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'CrossSiteScripting_BODY',
    ],
  },
  AWSManagedRulesKnownBadInputsRuleSet: {
    labels: 'awswaf:managed:aws:known-bad-inputs',
    bodyRules: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  },
  AWSManagedRulesSQLiRuleSet: {
    labels: 'awswaf:managed:aws:sql-database',
    bodyRules: ['SQLi_BODY', 'SQLiExtendedPatterns_BODY'],
  },
}

type Statement = { readonly [name: string]: JsonValue }

const asItIs = [{ Priority: 0, Type: 'NONE' }]

const matches = (field: 'UriPath' | 'Method', expression: string): Statement => {
  return {
    RegexMatchStatement: { RegexString: expression, FieldToMatch: { [field]: {} }, TextTransformations: asItIs },
  }
}

const seen = (name: string): JsonValue => ({
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: name,
})

const exactly = (routes: readonly ScannedRoute[]): Statement =>
  matches('UriPath', `^(?:${routes.map(addressOf).join('|')})$`)

const groupRule = (name: string, priority: number): JsonValue => ({
  Name: name,
  Priority: priority,
  OverrideAction: { None: {} },
  Statement: {
    ManagedRuleGroupStatement: {
      VendorName: 'AWS',
      Name: name,
      RuleActionOverrides: (groups[name]?.bodyRules ?? []).map((rule) => ({ Name: rule, ActionToUse: { Count: {} } })),
    },
  },
  VisibilityConfig: seen(name),
})

/** `SQLi_BODY` has the label `…:SQLi_Body`. */
const labels = Object.values(groups).flatMap(({ labels: namespace, bodyRules }) =>
  bodyRules.map((rule) => `${namespace}:${rule.replace(/_BODY$/, '_Body')}`),
)

/** Blocks by what the groups have found in a body, but for the bodies that hold conversations. */
const elsewhere = (priority: number): JsonValue => ({
  Name: 'attacks-in-other-bodies',
  Priority: priority,
  Action: { Block: {} },
  Statement: {
    AndStatement: {
      Statements: [
        { OrStatement: { Statements: labels.map((key) => ({ LabelMatchStatement: { Scope: 'LABEL', Key: key } })) } },
        {
          NotStatement: {
            Statement: { AndStatement: { Statements: [exactly(scannedRoutes), matches('Method', '^POST$')] } },
          },
        },
      ],
    },
  },
  VisibilityConfig: seen('attacks-in-other-bodies'),
})

/** The members of a body that hold no text and that a pointer of JSON can name: none in a list. */
function pointersOf({ positions }: ScannedRoute): readonly string[] {
  return Object.entries(positions).flatMap(([position, kind]) =>
    isExempt[kind] || /[[*]/.test(position) ? [] : [`/${position.replaceAll('.', '/')}`],
  )
}

/** Looks at the members of a conversation's body that can be named and are no text. */
function membersRule(route: ScannedRoute, pointers: readonly string[], priority: number): JsonValue {
  const name = `members-of${route.path.replaceAll(/[/_]/g, '-')}`
  const body = {
    FieldToMatch: {
      JsonBody: { MatchPattern: { IncludedPaths: [...pointers] }, MatchScope: 'VALUE', OversizeHandling: 'CONTINUE' },
    },
    TextTransformations: asItIs,
  }
  const found = [{ SqliMatchStatement: { ...body, SensitivityLevel: 'LOW' } }, { XssMatchStatement: body }]
  return {
    Name: name,
    Priority: priority,
    Action: { Block: {} },
    Statement: { AndStatement: { Statements: [exactly([route]), { OrStatement: { Statements: found } }] } },
    VisibilityConfig: seen(name),
  }
}

/** `Rules` of a web ACL, as CreateWebACL and UpdateWebACL take them. */
export function awsExclusions(): string {
  const named = Object.keys(groups)
  const members = scannedRoutes.flatMap((route, index) => {
    const pointers = pointersOf(route)
    return pointers.length === 0 ? [] : [membersRule(route, pointers, named.length + 1 + index)]
  })
  const rules = [...named.map(groupRule), elsewhere(named.length), ...members]
  return `${JSON.stringify({ Rules: rules }, null, 2)}\n`
}

import type { Promises } from '../requirements.ts'

/** What docs/deploy/*.md promise. */
export const wafPromises = {
  'docs/deploy/coraza.md#what-is-scanned': {
    'waf.benign':
      'The firewall lets texts about code through at every position of every API at which a request holds a text.',
    'waf.attacks':
      'Outside these positions the firewall refuses exactly what the stock rules refuse, of the requests that the rule set tests itself by.',
    'waf.positions':
      'A member with the name of a position that is at another place, written otherwise or nested by dots alone, is scanned.',
    'waf.shipped': 'The proxy is shipped with the exclusions that the command prints.',
  },
  'docs/deploy/coraza.md#what-a-caller-sees': {
    'waf.refusals':
      'What the firewall refuses is said in the form of the API that was asked, with an id by which its log alone has the rules.',
    'waf.limits': 'What is over a limit of the firewall is refused whole, and nothing of it reaches the service.',
    'waf.streams': 'An answer passes the firewall piece by piece, and ends at the service when the caller goes.',
  },
  'docs/deploy/nginx.md#what-it-holds': {
    'nginx.page':
      'With the configuration of the page nginx passes streams and errors as they are, and refuses what is too large before any of it goes on.',
  },
} as const satisfies Readonly<Record<string, Promises[string]>>

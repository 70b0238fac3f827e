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
  'docs/deploy/coraza.md#guarded-endpoints': {
    'waf.endpoints':
      'At a guarded endpoint the firewall takes the methods and media types of its document, pictures as large as they may be, and base64 at its places and nothing else there.',
  },
  'docs/deploy/coraza.md#what-is-read-twice': {
    'waf.disguises':
      'Nothing passes the firewall that it has read otherwise than it is passed on: by encoding, type, length, address or connection.',
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
  'docs/deploy/envoy.md#start-it': {
    'envoy.certificate':
      'Nobody without a certificate of its authorities is answered where the filters of Envoy listen with TLS.',
    'envoy.page': 'Envoy takes the configuration of deploy/envoy, and starts with it beside the Sallyport of the page.',
  },
  'docs/deploy/envoy.md#the-model-behind-envoy': {
    'envoy.alone':
      'The socket of the model takes connections from the user of Envoy, and none from another user of the machine.',
  },
  'docs/deploy/envoy.md#by-the-head-of-a-request': {
    'envoy.disguises':
      'Nothing reaches the model around the filters, or a caller from it: by lengths, codings, addresses, names of headers, versions or what comes before and behind an answer.',
    'envoy.head':
      'What the head of a request is enough to refuse is refused in the form of its API, and nothing of it reaches the model.',
  },
  'docs/deploy/envoy.md#by-its-body': {
    'envoy.masked':
      'Through Envoy the model gets tokens for values and the key of its upstream, and the caller values for tokens, whole and in streams.',
    'envoy.kept':
      'What a provider keeps is to be had through Envoy by whoever it is of and by nobody else, and no body goes with the question.',
    'envoy.broken': 'An answer that breaks off behind Envoy is never taken for whole.',
    'envoy.left': 'A caller who leaves Envoy ends the call at the model, and it stands on the audit trail.',
    'envoy.settled':
      'A call through Envoy that ends badly is charged by what was sent and written, and holds nothing of a quota afterwards.',
    'envoy.flat':
      'Ten megabytes pass Envoy to the byte in both directions, and of a hundred streams at once neither Envoy nor Sallyport keeps anything.',
    'envoy.pressure': 'A caller who reads slowly makes the model behind Envoy wait.',
    'envoy.refused': 'A body that is refused is refused before anything of it reaches the model.',
  },
  'docs/deploy/envoy.md#when-it-fails': {
    'envoy.closed': 'A request about which a filter cannot be asked is refused, and nothing of it reaches the model.',
  },
  'docs/deploy/aws.md#what-aws-waf-can-leave-out': {
    'aws.rules':
      'The rules for AWS WAF are such as the model of its API takes, and leave out bodies of exactly the routes that hold conversations.',
  },
  'docs/deploy/cloudflare.md#what-cloudflare-can-leave-out': {
    'cloudflare.rules':
      'The exception for Cloudflare is one for exactly the requests that hold conversations, and stands in front of its rulesets.',
  },
  'docs/deploy/kong.md#the-configuration': {
    'kong.form': 'The configuration for Kong repeats no call and holds no answer.',
  },
} as const satisfies Readonly<Record<string, Promises[string]>>

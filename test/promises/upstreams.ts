import type { Promises } from '../requirements.ts'

/** What docs/upstreams.md promises. */
export const upstreamsPromises = {
  'docs/upstreams.md#the-document': {
    'endpoints.unfit-document':
      'A document that an endpoint cannot be guarded by is refused at the start, with where and why; none is fetched.',
    'endpoints.files': 'A document may refer to files of its folder, and to nothing outside of it.',
    'endpoints.versions': 'A schema is read as the version of its document means it.',
    'endpoints.linear-patterns': 'A pattern of a document takes time in proportion to the text.',
    'endpoints.bounded-checks':
      'Holding a body or an answer against its schema takes no more work than its size allows, however schemas refer to one another.',
    'endpoints.patterns': 'A pattern of a document means what ECMAScript means by it.',
    'endpoints.parameters': 'A parameter goes on in one spelling, after its schema has seen what it means.',
    'endpoints.directions':
      'Members that are readOnly are neither asked of callers nor taken from them, and those that are writeOnly neither asked of the service nor given out.',
    'endpoints.methods': 'HEAD and OPTIONS of a document are passed on as its other methods are.',
    'endpoints.config-check': 'sallyport config check reads the documents of endpoints and lists their operations.',
  },
  'docs/upstreams.md#pictures-in-json': {
    'endpoints.no-wall':
      'A service with an endpoint that takes pictures does not start where no wall can be made to decode them behind.',
    'endpoints.pictures-in-json':
      'A picture inside JSON goes on drawn anew, in its place; everything else of the body means what it meant.',
    'endpoints.bad-pictures':
      'A picture inside a body that is not taken, for its bytes or for how it is written, is answered with its place and the reason; nothing is sent.',
  },
  'docs/upstreams.md#forms': {
    'endpoints.forms':
      'A form goes on written anew: its parts in the order of the document, pictures drawn anew, no file name, header or byte between of a caller.',
    'endpoints.bad-forms':
      'A form that two readers could take for two, and one that is not as the document says, is answered with its place and the reason; nothing is sent.',
    'endpoints.unfit-forms': 'A document with a form of which a part could be read in two ways is refused.',
  },
  'docs/upstreams.md#a-call': {
    'endpoints.granted': 'An endpoint is there for groups that it is granted to, whole or by operation.',
    'endpoints.charged':
      'A call that is answered costs its price, and none is sent that a limit of money has no room for.',
    'endpoints.bad-input':
      'What is not as the document says, and what two readers could take for two things, is answered with a reason and an id; nothing of it is sent.',
    'endpoints.fuzz':
      'Of requests of every kind, such that are no HTTP among them, none makes an error of ours, each refusal has a reason and an id, and what arrives is as the document says.',
    'endpoints.schemathesis': 'schemathesis finds nothing at a guarded endpoint with all of its checks.',
    'endpoints.slow-callers':
      'A caller who sends slowly is told so when the time for it is over; nothing of it is sent.',
    'endpoints.one-form':
      'A call goes on in one form: its parameters, its body, the key of the service, and nothing else.',
  },
  'docs/upstreams.md#an-answer': {
    'endpoints.bad-answers':
      'A service that fails, hangs or answers something else than its document says is one clean error, of which nothing is shown; no call is sent twice.',
    'endpoints.answer-types':
      'What the type of an answer says beside its name, such as a character set, goes out with it.',
    'endpoints.breaker': 'A service that fails again and again is left alone until one call finds it well.',
    'endpoints.fair':
      'A service has no more calls at a time than it may; those who wait are let in by turns of callers, and their number is limited.',
  },
  'docs/upstreams.md#the-incident': {
    'endpoints.incident':
      'Of the traffic of the incident nothing invalid reaches the model, nobody is answered 500 or above, and 99.9 % of valid callers are served.',
  },
} as const satisfies Promises

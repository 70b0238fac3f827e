// Written by `npm run clients` from the OpenAPI document of the routes for operators; changes are made there.

/** Any value of JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

export interface ApprovalsDecideRequest {
  readonly verdict: 'allow' | 'refuse'
}

export interface ApprovalsListAnswer {
  readonly data: readonly SeenApprovalFacts[]
  readonly next: string | null
}

export interface ApprovalsListQuery {
  /** At most so many. */
  readonly limit?: number | undefined
  /** What the answer before has under next, to go on behind it; nothing begins with the first. */
  readonly after?: string | undefined
  /** Those that wait, or those that are over as well. */
  readonly state?: 'waiting' | 'all' | undefined
}

export interface ApprovalsReadRequest {
}

export interface AuditEntry {
  readonly sequence: number
  readonly time: string
  /** event, requestId, and what else there is to say of the event. */
  readonly fact: { readonly [name: string]: JsonValue }
  /** The hash of the line before it. */
  readonly previous: string
  readonly hash: string
}

export interface AuditSearchAnswer {
  readonly data: readonly AuditEntry[]
  /** The number of the last line of this piece; null where there are no more. */
  readonly next: number | null
}

export interface AuditSearchQuery {
  /** Lines of this event only. */
  readonly event?: string | undefined
  /** Lines of this request only. */
  readonly request?: string | undefined
  /** Lines that name this caller only. */
  readonly principal?: string | undefined
  /** From then on. */
  readonly since?: string | undefined
  /** Before then. */
  readonly until?: string | undefined
  /** Which come first. */
  readonly order?: 'oldest' | 'newest' | undefined
  /** Lines with a greater number only: what next says where the oldest come first. */
  readonly after?: number | undefined
  /** Lines with a smaller number only: what next says where the newest come first. */
  readonly before?: number | undefined
  /** At most so many. */
  readonly limit?: number | undefined
}

export interface AuditVerifyAnswerBroken {
  readonly verdict: 'broken'
  readonly breaks: readonly AuditVerifyAnswerBrokenBreaksItem[]
}

export interface AuditVerifyAnswerBrokenBreaksItem {
  /** The name of the file of the trail, without its folder. */
  readonly file: string
  readonly line: number
  readonly reason: string
}

export interface AuditVerifyAnswerIntact {
  readonly verdict: 'intact'
  readonly entries: number
  readonly first: number
  readonly last_hash: string
  /** null where no key is there to check them with. */
  readonly signatures: AuditVerifyAnswerIntactSignatures | null
}

export interface AuditVerifyAnswerIntactSignatures {
  readonly checkpoints: number
  readonly up_to: number
}

export interface AuditVerifyQuery {
  /** A hash noted earlier, which has to be there still. */
  readonly expect?: string | undefined
}

export interface DecisionsListAnswer {
  readonly data: readonly AuditEntry[]
  /** The number of the last line of this piece; null where there are no more. */
  readonly next: number | null
}

export interface DecisionsListQuery {
  /** About this request only. */
  readonly request?: string | undefined
  /** About this caller only. */
  readonly principal?: string | undefined
  /** From then on. */
  readonly since?: string | undefined
  /** Before then. */
  readonly until?: string | undefined
  /** Which come first. */
  readonly order?: 'oldest' | 'newest' | undefined
  /** Lines with a greater number only: what next says where the oldest come first. */
  readonly after?: number | undefined
  /** Lines with a smaller number only: what next says where the newest come first. */
  readonly before?: number | undefined
  /** At most so many. */
  readonly limit?: number | undefined
}

export interface EvaluationSet {
  readonly name: string
  readonly version: number
  readonly place: TuningPlace
  /** SHA-256 over its items in their order. */
  readonly digest: string
  readonly size: number
  readonly made: string
  readonly by: string
}

export interface Group {
  readonly name: string
  readonly models: readonly string[]
  readonly tools: readonly string[]
  readonly hosted_tools: readonly string[]
  readonly data_sources: readonly string[]
  readonly filter_profile: string
  readonly privacy_profile: string | null
  readonly call_filter_profile: string | null
  readonly metrics: boolean
  readonly tenant: string
  /** Does it have an end_user_secret? */
  readonly names_end_users: boolean
  readonly concurrent_requests: number
  readonly tokens_per_day: number
  readonly limits: readonly GroupLimitsItem[]
}

export interface GroupLimitsItem {
  readonly per: 'key' | 'user' | 'group' | 'tenant'
  readonly unit: 'requests' | 'runs' | 'tokens' | 'input_tokens' | 'output_tokens' | 'money' | 'sandbox_ms' | 'rows' | 'bytes'
  readonly most: number
  readonly every: string | null
}

export interface GroupsListAnswer {
  readonly data: readonly Group[]
}

export interface Key {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly created: string
  readonly state: 'active' | 'held' | 'expired'
  readonly scopes: readonly ('ask' | 'models' | 'sql' | 'execute' | 'sessions' | 'privacy' | 'metrics' | 'approve' | 'admin')[]
  readonly expires: string | null
  /** To the minute. */
  readonly last_used: string | null
  /** The key that was made of this one. */
  readonly replaced_by: string | null
}

export interface KeysCreateRequest {
  /** Of whoever has it. */
  readonly name: string
  readonly group?: string | undefined
  /** What it may be used for; all but approve and admin where it is absent. */
  readonly scopes?: readonly ('ask' | 'models' | 'sql' | 'execute' | 'sessions' | 'privacy' | 'metrics' | 'approve' | 'admin')[] | undefined
  /** From now, or until a moment in UTC. */
  readonly expires?: KeysCreateRequestExpiresMilliseconds | KeysCreateRequestExpiresUntil | undefined
}

export interface KeysCreateRequestExpiresMilliseconds {
  readonly milliseconds: number
}

export interface KeysCreateRequestExpiresUntil {
  readonly until: string
}

export interface KeysListAnswer {
  readonly data: readonly Key[]
  readonly next: string | null
}

export interface KeysListQuery {
  /** At most so many. */
  readonly limit?: number | undefined
  /** What the answer before has under next, to go on behind it; nothing begins with the first. */
  readonly after?: string | undefined
}

export interface KeysRotateRequest {
  /** How long the old one goes on beside it. */
  readonly overlap_ms?: number | undefined
  /** From now, or until a moment in UTC. */
  readonly expires?: KeysRotateRequestExpiresMilliseconds | KeysRotateRequestExpiresUntil | undefined
}

export interface KeysRotateRequestExpiresMilliseconds {
  readonly milliseconds: number
}

export interface KeysRotateRequestExpiresUntil {
  readonly until: string
}

export interface Label {
  readonly id: string
  readonly decision: string
  readonly rule: string
  readonly truth: 'harmful' | 'harmless' | 'unsure'
  readonly by: string
  readonly why: string
  readonly source: 'audit' | 'appeal' | 'thumb' | 'receipt' | 'import'
  readonly complaint: string | null
  readonly made: string
}

/** Milliseconds until whole answers of status 2xx and 3xx were there, to within 6 %. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface Limit {
  readonly per: 'key' | 'user' | 'group' | 'tenant'
  readonly unit: 'requests' | 'runs' | 'tokens' | 'input_tokens' | 'output_tokens' | 'money' | 'sandbox_ms' | 'rows' | 'bytes'
  /** hour, day, month, running, or the seconds of a sliding window: 60s. */
  readonly window: string
  readonly most: number
  readonly used: number
  /** By requests that run. */
  readonly held: number
  readonly left: number
  /** When the first of what counts now counts no more. */
  readonly next_at: string | null
}

export interface LimitsShowAnswer {
  readonly group: string
  readonly limits: readonly Limit[]
}

export interface LimitsShowQuery {
  /** The id of a key, or token-… of whoever has a token. */
  readonly principal: string
  /** Of whoever has a token; a key has its own. */
  readonly group?: string | undefined
  /** One person for whom an application asks by that key, as it signs them. */
  readonly person?: string | undefined
}

export interface ModelsListAnswer {
  /** What answers as analyst; an address of null is that of its provider. */
  readonly own: ModelsListAnswerOwn
  readonly providers: readonly ModelsListAnswerProvidersItem[]
  readonly routes: readonly ModelsListAnswerRoutesItem[]
}

/** What answers as analyst; an address of null is that of its provider. */
export interface ModelsListAnswerOwn {
  readonly model: string
  readonly scripted: boolean
  readonly address: string | null
}

export interface ModelsListAnswerProvidersItem {
  readonly name: string
  readonly kind: 'openai' | 'anthropic'
  readonly address: string
  readonly region: string | null
  /** Of the last hour. */
  readonly calls: ModelsListAnswerProvidersItemCalls
  readonly models: readonly ModelsListAnswerProvidersItemModelsItem[]
}

/** Of the last hour. */
export interface ModelsListAnswerProvidersItemCalls {
  readonly answered: number
  readonly failed: number
  readonly cancelled: number
  readonly latency_ms: Latency | null
}

export interface ModelsListAnswerProvidersItemModelsItem {
  /** As callers have it. */
  readonly name: string
  /** As the provider has it. */
  readonly model: string
  /** Of the process that is asked, for callers who have not failed there alone. open: it has failed in a row. half-open: it had, and one call finds out whether it is back. */
  readonly breaker: 'closed' | 'open' | 'half-open'
  /** null where nobody has said: it is taken to have all. */
  readonly abilities: readonly string[] | null
  readonly priced: boolean
}

export interface ModelsListAnswerRoutesItem {
  readonly name: string
  readonly strategy: string
  readonly targets: readonly ModelsListAnswerRoutesItemTargetsItem[]
}

export interface ModelsListAnswerRoutesItemTargetsItem {
  readonly name: string
  readonly upstream: string
  readonly weight: number
  readonly tier: string | null
  /** Of the process that is asked, for callers who have not failed there alone. open: it has failed in a row. half-open: it had, and one call finds out whether it is back. */
  readonly breaker: 'closed' | 'open' | 'half-open'
}

export interface NewKey {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly created: string
  readonly state: 'active' | 'held' | 'expired'
  readonly scopes: readonly ('ask' | 'models' | 'sql' | 'execute' | 'sessions' | 'privacy' | 'metrics' | 'approve' | 'admin')[]
  readonly expires: string | null
  /** To the minute. */
  readonly last_used: string | null
  /** The key that was made of this one. */
  readonly replaced_by: string | null
  /** The key itself, which is shown this once. */
  readonly key: string
  /** Where its hash is kept. */
  readonly place: string
}

export interface OperatedSource {
  readonly name: string
  readonly kind: string
  /** Groups that may ask it. */
  readonly groups: readonly string[]
  /** A server further behind is not asked; null where there is no limit. */
  readonly maximum_lag_ms: number | null
  /** usable: its role can do nothing but read what policies name, and every name in them is there. */
  readonly state: 'unchecked' | 'usable' | 'unusable'
  /** null before the process that is asked has looked at it. */
  readonly checked_ago_ms: number | null
  readonly took_ms: number | null
  readonly role: string | null
  readonly standby: boolean | null
  /** What its role can do beyond reading, which the configuration accepts. */
  readonly excess: readonly string[]
  /** The state of its data; null where it does not tell. */
  readonly as_of: string | null
  /** How far behind its primary it was; null where that is not known. */
  readonly lag_ms: number | null
  /** By what was replayed, and not by a heartbeat. */
  readonly lag_estimated: boolean | null
  /** What is wrong with it. */
  readonly fault: OperatedSourceFault | null
}

export interface OperatedSourceFault {
  readonly code: 'invalid-request' | 'payload-too-large' | 'unsupported-media-type' | 'not-found' | 'model-not-found' | 'method-not-allowed' | 'conflict' | 'wrong-replica' | 'request-in-flight' | 'idempotency-mismatch' | 'unauthenticated' | 'forbidden' | 'suspended' | 'approval-required' | 'identity-unavailable' | 'rate-limited' | 'quota-exceeded' | 'refused' | 'content-blocked' | 'invalid-config' | 'invalid-file' | 'sandbox-unavailable' | 'sandbox-busy' | 'sandbox-lost' | 'database-unavailable' | 'query-failed' | 'model-unavailable' | 'model-timeout' | 'model-rejected' | 'model-protocol' | 'model-overloaded' | 'model-busy' | 'model-refused' | 'endpoint-unavailable' | 'endpoint-timeout' | 'endpoint-protocol' | 'endpoint-busy' | 'deadline-exceeded' | 'cancelled' | 'shutting-down' | 'service-unavailable' | 'storage-unavailable' | 'internal'
  readonly detail: string
  readonly advice: string | null
}

export interface OperatingPoint {
  readonly threshold: number
  /** Of all decisions, those that the rule acts on: known without a label. */
  readonly acted: TuningRate
  /** Of harmless decisions, those that it acts on. */
  readonly false_positive_rate: TuningRate
  /** Of harmful decisions, those that it acts on. */
  readonly recall: TuningRate
  /** Of those that it acts on, the harmful ones. */
  readonly precision: TuningRate
  /** Of a thousand decisions: harmful and acted on, harmful and not, harmless and acted on, harmless and not. */
  readonly per_thousand: OperatingPointPerThousand
  /** Labelled decisions, as they were counted; unknown: those of whose score only a lower bound is known. */
  readonly labels: OperatingPointLabels
  /** Share of decisions of whose score only a lower bound, below this threshold, is known. */
  readonly unknown: number | null
}

/** Labelled decisions, as they were counted; unknown: those of whose score only a lower bound is known. */
export interface OperatingPointLabels {
  readonly found: number
  readonly missed: number
  readonly false_positives: number
  readonly let_pass: number
  readonly unknown: number
}

/** Of a thousand decisions: harmful and acted on, harmful and not, harmless and acted on, harmless and not. */
export interface OperatingPointPerThousand {
  readonly found: TuningAmount
  readonly missed: TuningAmount
  readonly false_positives: TuningAmount
  readonly let_pass: TuningAmount
}

export interface OverviewShowAnswer {
  readonly counts_of: 'process'
  /** Since when it counts. */
  readonly started: string
  readonly to: string
  /** As /readyz has it. */
  readonly state: OverviewShowAnswerState
  readonly traffic: OverviewShowAnswerTraffic
  /** The oldest first. */
  readonly points: readonly OverviewShowAnswerPointsItem[]
  /** The most frequent first. request and fault: answers of 4xx and 5xx, by their code; gate: by the rule of a validator; policy: by its rule; content: by category; limit: by whose it is and what it counts. One request may stand under two of them. */
  readonly refusals: readonly OverviewShowAnswerRefusalsItem[]
  /** What requests that have ended have used; money in millionths. */
  readonly spend: readonly OverviewShowAnswerSpendItem[]
  readonly sandboxes: SandboxPool | null
  readonly draining: boolean
  /** Approvals that wait and suspensions in force, of the whole service; 1000 is that many or more. */
  readonly waiting: OverviewShowAnswerWaiting
}

export interface OverviewShowAnswerPointsItem {
  readonly from: string
  readonly requests: number
  /** Answers of 4xx. */
  readonly refused: number
  /** Answers of 5xx. */
  readonly failed: number
  readonly latency_ms: Latency | null
}

export interface OverviewShowAnswerRefusalsItem {
  readonly stage: 'request' | 'fault' | 'gate' | 'policy' | 'content' | 'limit'
  readonly reason: string
  readonly count: number
}

export interface OverviewShowAnswerSpendItem {
  readonly group: string
  readonly unit: 'requests' | 'runs' | 'tokens' | 'input_tokens' | 'output_tokens' | 'money' | 'sandbox_ms' | 'rows' | 'bytes'
  readonly amount: number
}

/** As /readyz has it. */
export interface OverviewShowAnswerState {
  readonly ready: boolean
  readonly detail: string
}

export interface OverviewShowAnswerTraffic {
  readonly requests: number
  /** Answers of 4xx. */
  readonly refused: number
  /** Answers of 5xx. */
  readonly failed: number
  readonly latency_ms: Latency | null
}

/** Approvals that wait and suspensions in force, of the whole service; 1000 is that many or more. */
export interface OverviewShowAnswerWaiting {
  readonly approvals: number
  readonly suspensions: number
}

export interface OverviewShowQuery {
  /** In pieces of 10 seconds, a minute, or 15 minutes. */
  readonly window?: '5m' | '1h' | '24h' | undefined
}

export interface PolicyExplainAnswer {
  readonly decision: 'grant' | 'payload' | 'action' | 'content'
  /** fault: there is no decision, which refuses. */
  readonly outcome: 'allowed' | 'refused' | 'fault'
  readonly revision: string | null
  /** Ids of the rules that had a say. */
  readonly rules: readonly string[]
  /** Of a refusal or a fault. */
  readonly reason: string | null
  readonly output: { readonly [name: string]: JsonValue } | null
}

export interface PolicyExplainRequest {
  readonly decision: 'grant' | 'payload' | 'action' | 'content'
  /** What the rules are asked, as a recording has it: "sallyport policy schema DECISION" prints its form. */
  readonly input: { readonly [name: string]: JsonValue }
}

export interface PolicyShowAnswer {
  /** shipped: they came with the service. */
  readonly source: 'shipped' | 'bundle' | 'server'
  /** null where none could be asked. */
  readonly revision: string | null
  /** Ids of the patterns that texts are searched for. */
  readonly patterns: readonly string[]
  /** Are other rules tried beside them? */
  readonly shadow: boolean
  readonly faults: readonly string[]
  readonly examples: PolicyShowAnswerExamples
}

export interface PolicyShowAnswerExamples {
  readonly grant: { readonly [name: string]: JsonValue }
  readonly payload: { readonly [name: string]: JsonValue }
  readonly action: { readonly [name: string]: JsonValue }
  readonly content: { readonly [name: string]: JsonValue }
}

export type QueueItem = QueueItemComplaint | QueueItemAudit | QueueItemReceipt

export interface QueueItemAudit {
  readonly kind: 'audit'
  readonly decision: RecordedDecision
}

export interface QueueItemComplaint {
  readonly kind: 'appeal' | 'thumb'
  readonly complaint: QueueItemComplaintComplaint
}

export interface QueueItemComplaintComplaint {
  readonly id: string
  readonly kind: 'thumb' | 'appeal'
  readonly verdict: 'up' | 'down'
  readonly reason: 'harmless' | 'harmful' | 'needed' | 'wrong' | 'other'
  /** The caller that complains. */
  readonly principal: string
  readonly group: string
  readonly decision: string | null
  readonly answer: string | null
  readonly state: 'waiting' | 'labelled' | 'dismissed'
  readonly made: string
}

export interface QueueItemReceipt {
  readonly kind: 'receipt'
  readonly report: QueueItemReceiptReport
}

export interface QueueItemReceiptReport {
  readonly id: string
  readonly principal: string
  readonly receipt: string
  readonly fault: 'missed' | 'harmless'
  readonly made: string
}

export interface RecordedDecision {
  readonly id: string
  readonly principal: string
  readonly group: string
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction: 'inbound' | 'outbound'
  readonly api: string
  readonly profile: RecordedDecisionProfile
  /** Of the thresholds in force; 0 where nothing was tuned. */
  readonly tuning_revision: number
  readonly canary: string | null
  readonly action: string
  readonly scores: readonly RecordedDecisionScoresItem[]
  readonly stratum: 'withheld' | 'changed' | 'near' | 'passed'
  /** How many decisions of its stratum it stands for. */
  readonly weight: number
  readonly made: string
}

export interface RecordedDecisionProfile {
  readonly name: string
  readonly version: number
}

export interface RecordedDecisionScoresItem {
  readonly rule: string
  readonly score: number
  readonly threshold: number
  readonly effective: string
  readonly detectors: string
  /** Was a detector left out, so that the score may be higher? */
  readonly is_bound: boolean
}

export interface Rollout {
  readonly id: string
  readonly place: TuningPlace
  readonly proposal: string
  readonly from: number
  readonly to: number
  readonly detectors: string
  readonly stage: 'shadow' | 'canary' | 'promoted' | 'settled' | 'rolled-back' | 'stopped'
  /** Of callers, that the canary decides for. */
  readonly share: number
  readonly bounds: RolloutBounds
  readonly revision: number
  readonly steps: readonly RolloutStepsItem[]
}

export interface RolloutBounds {
  /** The candidate may act so many times as often. */
  readonly most_acted_ratio: number
  /** And so much more often, as a share of requests. */
  readonly most_acted_increase: number
  /** Complaints in a hundred decisions beyond the others. */
  readonly most_complaint_increase: number
  /** The chance that a sound threshold is rolled back. */
  readonly error: number
}

export interface RolloutStepsItem {
  readonly at: string
  /** A person, or automatic. */
  readonly by: string
  readonly from: 'shadow' | 'canary' | 'promoted' | 'settled' | 'rolled-back' | 'stopped' | null
  readonly to: 'shadow' | 'canary' | 'promoted' | 'settled' | 'rolled-back' | 'stopped'
  readonly why: string
}

export interface RoutesExplainAnswer {
  readonly route: string
  readonly by: string
  /** In their order: the first is asked, the others where those before it fail. */
  readonly asked: readonly RoutesExplainAnswerAskedItem[]
  readonly skipped: readonly RoutesExplainAnswerSkippedItem[]
}

export interface RoutesExplainAnswerAskedItem {
  readonly name: string
  readonly upstream: string
  /** The strategy, policy, exploring, or single where there is nothing to choose from. */
  readonly why: string
  /** What it was ranked by: millionths of the currency, milliseconds or calls; null where by none of these. */
  readonly figure: number | null
  /** open: it has failed in a row. half-open: it had, and one call finds out whether it is back. */
  readonly breaker: 'closed' | 'open' | 'half-open'
}

export interface RoutesExplainAnswerSkippedItem {
  readonly name: string
  readonly upstream: string
  readonly why: string
}

export interface RoutesExplainRequest {
  /** The body of the request, as it would be sent. */
  readonly body: string
  /** The API of the request, where its body does not tell. */
  readonly api?: 'chat-completions' | 'responses' | 'messages' | 'embeddings' | undefined
  /** Who would send it: the id of a key, or token-…; absent for anybody. */
  readonly principal?: string | undefined
  /** Of whoever has a token, or of anybody; a key has its own. */
  readonly group?: string | undefined
  /** One person for whom an application would send it, as it signs them. */
  readonly person?: string | undefined
}

export interface SandboxAlert {
  /** By the clock of the sandbox, in UTC. */
  readonly at: string
  /** Who had the sandbox. */
  readonly holder: string | null
  /** Which of its programs ran, or was the last, from 1; null before the first. */
  readonly cell: number | null
  readonly rule: string
  readonly priority: 'emergency' | 'alert' | 'critical' | 'error' | 'warning' | 'notice' | 'informational' | 'debug'
  readonly tags: readonly string[]
  /** A sentence with what the sandbox did in it: text that the code in it chose. */
  readonly output: string
  readonly fields: { readonly [name: string]: string }
  /** Alerts of this rule that were held back since the last one. */
  readonly suppressed: number
  /** Was the sandbox ended for it? */
  readonly ended: boolean
}

export interface SandboxPool {
  readonly ready: number
  readonly starting: number
  readonly claimed: number
  /** Claims that wait for a sandbox. */
  readonly waiting: number
  /** sandbox.pool.maximum */
  readonly maximum: number
  /** sandbox.pool.maximum_ready */
  readonly maximum_ready: number
}

export interface SandboxesDrainAnswer {
  readonly driver: SandboxesDrainAnswerDriver
  /** null before the first sandbox was asked for. */
  readonly pool: SandboxPool | null
  /** Are claims refused, since an operator has drained the sandboxes? */
  readonly draining: boolean
}

export interface SandboxesDrainAnswerDriver {
  /** null where auto is configured and nothing was chosen yet. */
  readonly name: string | null
  /** Why auto has chosen it; null where it has not. */
  readonly why: string | null
  /** proven: the last proof of the walls held, and the kernel of each container below has said that it is gVisor. unproven: there is no container to ask, or one that does not say so. failed: the last proof did not hold. */
  readonly gvisor: 'proven' | 'unproven' | 'failed'
  /** Why the last proof of the walls did not hold. */
  readonly fault: string | null
  /** What it cannot give on this host, one sentence each. */
  readonly missing_walls: readonly string[]
}

export interface SandboxesDrainRequest {
  /** Why, in one line: for the audit trail. */
  readonly why?: string | undefined
}

export interface SandboxesListAnswer {
  readonly driver: SandboxesListAnswerDriver
  /** null before the first sandbox was asked for. */
  readonly pool: SandboxPool | null
  /** Are claims refused, since an operator has drained the sandboxes? */
  readonly draining: boolean
  readonly data: readonly SeenSandbox[]
}

export interface SandboxesListAnswerDriver {
  /** null where auto is configured and nothing was chosen yet. */
  readonly name: string | null
  /** Why auto has chosen it; null where it has not. */
  readonly why: string | null
  /** proven: the last proof of the walls held, and the kernel of each container below has said that it is gVisor. unproven: there is no container to ask, or one that does not say so. failed: the last proof did not hold. */
  readonly gvisor: 'proven' | 'unproven' | 'failed'
  /** Why the last proof of the walls did not hold. */
  readonly fault: string | null
  /** What it cannot give on this host, one sentence each. */
  readonly missing_walls: readonly string[]
}

export interface SandboxesResumeAnswer {
  readonly driver: SandboxesResumeAnswerDriver
  /** null before the first sandbox was asked for. */
  readonly pool: SandboxPool | null
  /** Are claims refused, since an operator has drained the sandboxes? */
  readonly draining: boolean
}

export interface SandboxesResumeAnswerDriver {
  /** null where auto is configured and nothing was chosen yet. */
  readonly name: string | null
  /** Why auto has chosen it; null where it has not. */
  readonly why: string | null
  /** proven: the last proof of the walls held, and the kernel of each container below has said that it is gVisor. unproven: there is no container to ask, or one that does not say so. failed: the last proof did not hold. */
  readonly gvisor: 'proven' | 'unproven' | 'failed'
  /** Why the last proof of the walls did not hold. */
  readonly fault: string | null
  /** What it cannot give on this host, one sentence each. */
  readonly missing_walls: readonly string[]
}

export interface SandboxesResumeRequest {
  /** Why, in one line: for the audit trail. */
  readonly why?: string | undefined
}

export interface SandboxesTraceAnswer {
  readonly id: string
  /** Is nothing more to come? */
  readonly over: boolean
  /** Has it ended because nobody heard it any more? */
  readonly unheard: boolean
  /** At most a second old; null where none came yet. */
  readonly figures: TraceFigures | null
  /** The last 50, the newest last. */
  readonly alerts: readonly SandboxAlert[]
}

export interface SeenApproval {
  readonly id: string
  readonly object: 'approval'
  readonly state: 'pending' | 'allowed' | 'refused' | 'used' | 'expired'
  readonly principal: string
  readonly group: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  readonly digest: string
  readonly rules: readonly string[]
  readonly asked_at: string
  readonly expires_at: string
  readonly decided_by: string | null
  readonly reason: string
  /** All of what would run. */
  readonly text: string
  /** What the caller may write anew, with the verdict edit; null where that is nothing. */
  readonly editable: string | null
  /** What whoever asked wrote in place of it; null where they did not. */
  readonly changed_to: string | null
  /** Of the request that asked, as the audit trail names it. */
  readonly request_id: string
}

export interface SeenApprovalFacts {
  readonly id: string
  readonly object: 'approval'
  readonly state: 'pending' | 'allowed' | 'refused' | 'used' | 'expired'
  readonly principal: string
  readonly group: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  readonly digest: string
  readonly rules: readonly string[]
  readonly asked_at: string
  readonly expires_at: string
  readonly decided_by: string | null
  /** Of the request that asked, as the audit trail names it. */
  readonly request_id: string
}

export interface SeenSandbox {
  readonly id: string
  readonly kind: 'container' | 'isolate'
  readonly driver: string
  /** ready: nobody has it yet. idle: somebody has it, and nothing runs in it. */
  readonly state: 'ready' | 'idle' | 'running' | 'ending'
  /** The line by which its own kernel says that it is gVisor; null for an isolate, which has none. */
  readonly kernel: string | null
  readonly origin: 'cold' | 'snapshot' | null
  /** Whom it was handed to: the id of a caller, or of what runs for it. */
  readonly holder: string | null
  readonly age_ms: number
  readonly held_ms: number | null
  readonly idle_ms: number | null
  readonly memory_mb: number
  readonly cpus: number
  readonly processes: number
}

export interface SeenShare {
  readonly id: string
  /** Whoever made it. */
  readonly principal: string
  /** With which it is deleted. */
  readonly conversation: string
  /** group: callers of the group read it; link: whoever has its link. */
  readonly audience: 'group' | 'link'
  /** Under whose policy it was made. */
  readonly group: string
  readonly made_at: string
  readonly expires_at: string
  /** As its readers have it. */
  readonly title: string | null
  /** How many parts of the conversation are not in it. */
  readonly left_out: number
}

export interface SeenShareFacts {
  readonly id: string
  /** Whoever made it. */
  readonly principal: string
  /** With which it is deleted. */
  readonly conversation: string
  /** group: callers of the group read it; link: whoever has its link. */
  readonly audience: 'group' | 'link'
  /** Under whose policy it was made. */
  readonly group: string
  readonly made_at: string
  readonly expires_at: string
}

export interface SharesListAnswer {
  readonly data: readonly SeenShareFacts[]
  readonly next: string | null
}

export interface SharesListQuery {
  /** At most so many. */
  readonly limit?: number | undefined
  /** What the answer before has under next, to go on behind it. */
  readonly after?: string | undefined
  /** Those for groups, or links; both without it. */
  readonly audience?: 'group' | 'link' | undefined
  /** Under whose policy they were made. */
  readonly group?: string | undefined
  /** Whoever made them. */
  readonly principal?: string | undefined
}

export interface SharesReadRequest {
}

export interface SignInRequest {
  /** What stands behind link= in a link that signs in once. */
  readonly link?: string | undefined
  /** An API key, where there is no link. */
  readonly key?: string | undefined
}

export interface SourcesCheckRequest {
}

export interface SourcesListAnswer {
  readonly data: readonly OperatedSource[]
}

export interface Suspension {
  readonly id: string
  readonly kind: 'throttled' | 'suspended'
  /** The caller whose credential it is. */
  readonly principal: string
  /** Who is kept out: the caller, or user: and a digest for one person behind a key. */
  readonly subject: string
  readonly reason: 'operator' | 'refusals' | 'client-errors' | 'spend'
  readonly note: string | null
  readonly made: string
  /** The id of who suspended, local for the command line, automatic for nobody. */
  readonly made_by: string
  /** null where it does not end by itself. */
  readonly until: string | null
  readonly lifted: string | null
  readonly lifted_by: string | null
}

export interface SuspensionsAddRequest {
  /** The id of a key, or token-… of whoever has a token. */
  readonly principal: string
  /** One person for whom an application asks by that key, as it signs them. */
  readonly person?: string | undefined
  /** For operators; whoever is suspended does not read it. */
  readonly note?: string | undefined
  /** How long; until it is lifted where it is absent. */
  readonly lasts?: SuspensionsAddRequestLastsMilliseconds | SuspensionsAddRequestLastsUntil | undefined
}

export interface SuspensionsAddRequestLastsMilliseconds {
  readonly milliseconds: number
}

export interface SuspensionsAddRequestLastsUntil {
  readonly until: string
}

export interface SuspensionsListAnswer {
  readonly data: readonly Suspension[]
  readonly next: string | null
}

export interface SuspensionsListQuery {
  /** At most so many. */
  readonly limit?: number | undefined
  /** What the answer before has under next, to go on behind it; nothing begins with the first. */
  readonly after?: string | undefined
  /** Those in force, or those that are over as well. */
  readonly state?: 'in-force' | 'all' | undefined
}

export interface TraceFigures {
  /** Of its kernel, since its start. */
  readonly messages: number
  readonly bytes: number
  /** Bytes of what the relay told of it. */
  readonly told: number
  readonly alerts: number
  /** Alerts that were counted and not told. */
  readonly suppressed: number
  /** Messages that its kernel could not send, and those that could not be read. */
  readonly lost: number
  readonly malformed: number
}

export interface TunablePlace {
  readonly place: TuningPlace
  /** In force now. */
  readonly threshold: number
  /** Is that another one than the configuration’s? */
  readonly is_tuned: boolean
  readonly limits: TunablePlaceLimits
  /** Names and versions of those in force; scores of others are in no rate. */
  readonly detectors: string
}

export interface TunablePlaceLimits {
  readonly lowest: number
  readonly highest: number
}

export interface TuningAmount {
  /** null where labels say too little of it. */
  readonly value: number | null
  readonly low: number
  /** The true one lies from low to high with a confidence of 95 %. */
  readonly high: number
}

export interface TuningCanaryRequest {
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  /** Of the set that it rests on: needed where the threshold gets looser. */
  readonly digest?: string | undefined
  /** Of callers. */
  readonly share: number
}

export interface TuningCurvesAnswer {
  readonly place: TuningPlace
  /** In force now. */
  readonly threshold: number
  /** Is that another one than the configuration’s? */
  readonly is_tuned: boolean
  readonly limits: TuningCurvesAnswerLimits
  /** Names and versions of those in force; scores of others are in no rate. */
  readonly detectors: string
  /** null where labels are taken as they hold now. */
  readonly set: TuningCurvesAnswerSet | null
  /** texts: those of a file, which say nothing of traffic. */
  readonly of: 'traffic' | 'texts'
  /** Those that the recorded ones stand for. */
  readonly decisions: number
  readonly recorded: number
  /** Recorded decisions of other detectors, which are in no rate. */
  readonly others: number
  readonly labels: TuningCurvesAnswerLabels
  /** Why some rates are not known, and what would help; null where all may be. */
  readonly missing: TuningCurvesAnswerMissing | null
  /** The lowest threshold first. */
  readonly points: readonly OperatingPoint[]
  /** The lowest score first, without a text. */
  readonly labelled: readonly TuningCurvesAnswerLabelledItem[]
  /** Labelled decisions that are further from the threshold in force, and not shown. */
  readonly left: number
}

export interface TuningCurvesAnswerLabelledItem {
  readonly decision: string
  readonly score: number
  /** Is the score only known to be no lower? */
  readonly is_bound: boolean
  readonly truth: 'harmful' | 'harmless'
  readonly source: 'audit' | 'appeal' | 'thumb' | 'receipt' | 'import'
  readonly stratum: string
}

export interface TuningCurvesAnswerLabels {
  readonly harmful: number
  readonly harmless: number
  /** Those that speak for others: nobody has pointed at them. */
  readonly drawn: number
  readonly other_detectors: number
}

export interface TuningCurvesAnswerLimits {
  readonly lowest: number
  readonly highest: number
}

export interface TuningCurvesAnswerMissing {
  readonly reason: 'not-a-score' | 'one-class' | 'too-few-labels' | 'duplicated' | 'contradicting' | 'mixed-sources' | 'older-detectors' | 'changed-detectors' | 'lower-bounds' | 'no-traffic' | 'other-traffic' | 'out-of-reach' | 'too-much-missed' | 'undecided' | 'unchanged'
  readonly message: string
  readonly advice: string
}

export interface TuningCurvesAnswerSet {
  readonly name: string
  readonly version: number
  readonly digest: string
}

export interface TuningCurvesQuery {
  /** The group whose calls are meant. */
  readonly group?: string | undefined
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction?: 'inbound' | 'outbound' | undefined
  /** The category that the rule is written for. */
  readonly rule?: string | undefined
  /** A set, in the place of the labels of a place as they hold now. */
  readonly set?: string | undefined
  /** The newest where it is absent. */
  readonly version?: number | undefined
  /** Of recorded decisions, those from then on. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Thousandths from one threshold to the next; the one in force and the limits are there, too. */
  readonly step?: number | undefined
}

export interface TuningDismissRequest {
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
}

export interface TuningLabelRequest {
  readonly item: string
  readonly rule: string
  readonly truth: 'harmful' | 'harmless' | 'unsure'
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  /** The decision that it is about, where the item names none. */
  readonly decision?: string | undefined
}

export interface TuningPlace {
  readonly group: string
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction: 'inbound' | 'outbound'
  readonly rule: string
}

export interface TuningPlacesAnswer {
  readonly data: readonly TunablePlace[]
}

export interface TuningPromotionRequest {
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  /** Of the set that it rests on: needed where the threshold gets looser. */
  readonly digest?: string | undefined
}

export interface TuningProposal {
  readonly id: string
  readonly place: TuningPlace
  /** The threshold in force when it was proposed. */
  readonly from: number
  readonly to: number
  readonly set: TuningProposalSet
  readonly detectors: string
  readonly figures: { readonly [name: string]: JsonValue }
  readonly made: string
  readonly by: string
}

export interface TuningProposalSet {
  readonly name: string
  readonly version: number
  readonly digest: string
}

export interface TuningProposalsAnswer {
  readonly data: readonly TuningProposal[]
}

export interface TuningProposalsQuery {
  readonly limit?: number | undefined
}

export interface TuningProposeRequest {
  readonly set: string
  /** The newest where it is absent. */
  readonly version?: number | undefined
  /** The most of harmless texts that it may act on. */
  readonly false_positive_rate?: number | undefined
  /** How sure that has to be; 0.95 where it is absent. */
  readonly confidence?: 0.8 | 0.9 | 0.95 | 0.99 | undefined
  /** The most of the harmful ones that may be let pass for it; any where it is absent. */
  readonly most_recall_lost?: number | undefined
  /** What one of each costs, in one unit: the threshold is the one that costs least. */
  readonly costs?: TuningProposeRequestCosts | undefined
  /** Of recorded decisions that the labels speak for, those from then on. */
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** What one of each costs, in one unit: the threshold is the one that costs least. */
export interface TuningProposeRequestCosts {
  readonly false_block: number
  readonly miss: number
}

export interface TuningQueueAnswer {
  readonly data: readonly QueueItem[]
  /** How many more there are than are shown. */
  readonly left: number
}

export interface TuningQueueQuery {
  /** audit: decisions that are drawn; needs group, direction and rule. */
  readonly kind?: 'appeal' | 'thumb' | 'audit' | 'receipt' | undefined
  readonly group?: string | undefined
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction?: 'inbound' | 'outbound' | undefined
  readonly rule?: string | undefined
  /** Of complaints. */
  readonly state?: 'waiting' | 'labelled' | 'dismissed' | undefined
  /** At most so many of each kind. */
  readonly limit?: number | undefined
  /** By which decisions are drawn. */
  readonly seed?: number | undefined
}

export interface TuningRate {
  /** null where labels say too little of it. */
  readonly rate: number | null
  readonly low: number
  /** The true one lies from low to high with a confidence of 95 %. */
  readonly high: number
}

export interface TuningReadAnswer {
  readonly item: QueueItem
  readonly decision: RecordedDecision | null
  /** null where there is none, or it was not asked for. */
  readonly comment: string | null
  /** What the filter read, masked; null where none is kept or asked for. */
  readonly text: string | null
  readonly labels: readonly Label[]
}

export interface TuningReadRequest {
  /** With the comment of its caller and the masked text? */
  readonly values?: boolean | undefined
}

export interface TuningReportAnswer {
  readonly figures: { readonly [name: string]: JsonValue }
  readonly markdown: string
}

export interface TuningReportQuery {
  readonly group?: string | undefined
  /** A week ago where it is absent. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** What one costs, in unit. */
  readonly cost_false_block?: number | undefined
  /** As EUR. */
  readonly unit?: string | undefined
}

export interface TuningRollbackRequest {
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  /** Of the set that it rests on: needed where the threshold gets looser. */
  readonly digest?: string | undefined
}

export interface TuningRolloutAnswer {
  readonly rollout: Rollout
  /** By the clock of the storage. */
  readonly now: string
  readonly counts: readonly TuningRolloutAnswerCountsItem[]
}

export interface TuningRolloutAnswerCountsItem {
  readonly stage: 'shadow' | 'canary' | 'promoted'
  readonly arm: 'canary' | 'control'
  readonly requests: number
  /** By the threshold in force. */
  readonly acted_before: number
  /** By the one of the rollout. */
  readonly acted_after: number
  readonly only_before: number
  readonly only_after: number
  /** Of which it cannot be told, since a detector was left out. */
  readonly unknown: number
  readonly complaints: number
}

export interface TuningRolloutsAnswer {
  readonly data: readonly TuningRolloutsAnswerDataItem[]
}

export interface TuningRolloutsAnswerDataItem {
  readonly rollout: Rollout
  readonly proposal: TuningProposal | null
}

export interface TuningRolloutsQuery {
  /** The group whose calls are meant. */
  readonly group?: string | undefined
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction?: 'inbound' | 'outbound' | undefined
  /** The category that the rule is written for. */
  readonly rule?: string | undefined
}

export interface TuningSetItemsAnswer {
  readonly name: string
  readonly version: number
  readonly place: TuningPlace
  /** SHA-256 over its items in their order. */
  readonly digest: string
  readonly size: number
  readonly made: string
  readonly by: string
  readonly items: readonly TuningSetItemsAnswerItemsItem[]
}

export interface TuningSetItemsAnswerItemsItem {
  readonly decision: string
  readonly principal: string
  readonly score: number
  readonly is_bound: boolean
  readonly weight: number
  readonly stratum: string
  readonly detectors: string
  readonly truth: 'harmful' | 'harmless'
  readonly source: 'audit' | 'appeal' | 'thumb' | 'receipt' | 'import'
}

export interface TuningSetItemsQuery {
  /** The newest where it is absent. */
  readonly version?: number | undefined
}

export interface TuningSetRequest {
  readonly name: string
  /** The group whose calls are meant. */
  readonly group: string
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction: 'inbound' | 'outbound'
  /** The category that the rule is written for. */
  readonly rule: string
  /** Of decisions from then on. */
  readonly since?: string | undefined
  /** Of decisions before then. */
  readonly until?: string | undefined
}

export interface TuningSetsAnswer {
  readonly data: readonly EvaluationSet[]
}

export interface TuningShadowRequest {
  readonly proposal: string
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  readonly bounds?: TuningShadowRequestBounds | undefined
}

export interface TuningShadowRequestBounds {
  /** The candidate may act so many times as often. */
  readonly most_acted_ratio?: number | undefined
  /** And so much more often, as a share of requests. */
  readonly most_acted_increase?: number | undefined
  /** Complaints in a hundred decisions beyond the others. */
  readonly most_complaint_increase?: number | undefined
  /** The chance that a sound threshold is rolled back. */
  readonly error?: number | undefined
}

export interface TuningSimulateAnswer {
  readonly place: TuningPlace
  readonly from: number
  readonly to: number
  readonly figures: { readonly [name: string]: JsonValue }
}

export interface TuningSimulateQuery {
  readonly proposal?: string | undefined
  /** The group whose calls are meant. */
  readonly group?: string | undefined
  /** inbound: what a model is sent; outbound: what it says. */
  readonly direction?: 'inbound' | 'outbound' | undefined
  /** The category that the rule is written for. */
  readonly rule?: string | undefined
  readonly threshold?: number | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

export interface TuningStateAnswer {
  readonly revision: number
  readonly thresholds: readonly TuningStateAnswerThresholdsItem[]
  readonly rollouts: readonly Rollout[]
}

export interface TuningStateAnswerThresholdsItem {
  readonly place: TuningPlace
  readonly threshold: number
  readonly rollout: string
}

export interface TuningStopRequest {
  /** Why, in one line: for the history and the audit trail. */
  readonly why: string
  /** Of the set that it rests on: needed where the threshold gets looser. */
  readonly digest?: string | undefined
}

export interface WebFinishOidcQuery {
  readonly code?: string | undefined
  readonly state?: string | undefined
}

export interface WebLink {
  readonly object: 'web.link'
  readonly listener: 'service' | 'operators'
  /** Whoever opens it is signed in: give it to nobody else. */
  readonly url: string
  readonly expires_at: string
}

export interface WebLinksMakeRequest {
  /** service: the app for whoever asks; operators: the pages of operators, with the scopes of one. */
  readonly listener?: 'service' | 'operators' | undefined
}

export interface WebSession {
  readonly object: 'web.session'
  /** Who asks, as the audit trail has it. */
  readonly principal: string
  readonly group: string
  readonly scopes: readonly ('ask' | 'models' | 'sql' | 'execute' | 'sessions' | 'privacy' | 'metrics' | 'approve' | 'admin')[]
  /** Models that may be asked, by name. */
  readonly models: readonly string[]
  /** Data sources that may be asked, by name. */
  readonly sources: readonly string[]
  /** Names of the profiles of the group. */
  readonly profiles: WebSessionProfiles
  /** null for whoever sends an API key with each request. */
  readonly signed_in_by: 'link' | 'key' | 'oidc' | null
  /** When the session of the browser is over. */
  readonly expires_at: string | null
  /** What is said before every answer, as that the model is scripted. */
  readonly label: string | null
  /** What may be asked to begin with, for whoever does not know what to ask. */
  readonly questions: readonly string[]
  /** What this installation permits. */
  readonly permits: WebSessionPermits
}

/** What this installation permits. */
export interface WebSessionPermits {
  /** May a conversation be shared with a group? */
  readonly shares: boolean
  /** And with whoever has the link? */
  readonly anonymous_shares: boolean
}

/** Names of the profiles of the group. */
export interface WebSessionProfiles {
  /** Of everything that leaves. */
  readonly filter: string
  /** Of what is hidden from models of upstreams; null hides nothing. */
  readonly privacy: string | null
  /** Of the content of calls that are passed on; null filters nothing. */
  readonly calls: string | null
}

export interface WebSignIn {
  readonly object: 'web.sign_in'
  /** null where there is no identity provider. */
  readonly oidc: WebSignInOidc | null
}

export interface WebSignInOidc {
  /** For people. */
  readonly name: string
  /** The path where it begins. */
  readonly start: string
}

/** What each route takes and answers with, by its method and path. */
export interface OperatorRoutes {
  /** What the process that is asked has answered to callers lately, by its own counts, which end with it; other processes of the service have theirs. */
  readonly 'GET /admin/v1/overview': { readonly query: OverviewShowQuery; readonly body: null; readonly answer: OverviewShowAnswer }
  /** Suspensions, newest first. */
  readonly 'GET /admin/v1/suspensions': { readonly query: SuspensionsListQuery; readonly body: null; readonly answer: SuspensionsListAnswer }
  /** A suspension, which counts from the next request on. */
  readonly 'POST /admin/v1/suspensions': { readonly query: null; readonly body: SuspensionsAddRequest; readonly answer: Suspension }
  /** One suspension, in force or over. */
  readonly 'GET /admin/v1/suspensions/{id}': { readonly query: null; readonly body: null; readonly answer: Suspension }
  /** The suspension is over from the next request on. */
  readonly 'DELETE /admin/v1/suspensions/{id}': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** This document. */
  readonly 'GET /admin/v1/openapi.json': { readonly query: null; readonly body: null; readonly answer: { readonly [name: string]: JsonValue } }
  /** The keys, oldest first. */
  readonly 'GET /admin/v1/keys': { readonly query: KeysListQuery; readonly body: null; readonly answer: KeysListAnswer }
  /** A key that was made; the only answer, beside that of a rotation, with a key in it. */
  readonly 'POST /admin/v1/keys': { readonly query: null; readonly body: KeysCreateRequest; readonly answer: NewKey }
  /** What is kept of one key. */
  readonly 'GET /admin/v1/keys/{id}': { readonly query: null; readonly body: null; readonly answer: Key }
  /** The key is ended; the next request with it is refused. */
  readonly 'DELETE /admin/v1/keys/{id}': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** A key that was made in place of one. */
  readonly 'POST /admin/v1/keys/{id}/rotation': { readonly query: null; readonly body: KeysRotateRequest; readonly answer: NewKey }
  /** The groups in force, as they are configured. */
  readonly 'GET /admin/v1/groups': { readonly query: null; readonly body: null; readonly answer: GroupsListAnswer }
  /** How each limit of one caller stands. */
  readonly 'GET /admin/v1/limits': { readonly query: LimitsShowQuery; readonly body: null; readonly answer: LimitsShowAnswer }
  /** Where a request would go at this moment, by what the process that is asked knows; nothing is sent. */
  readonly 'POST /admin/v1/routes/explain': { readonly query: null; readonly body: RoutesExplainRequest; readonly answer: RoutesExplainAnswer }
  /** The sandboxes of the process that is asked, with what proves that they are in gVisor. */
  readonly 'GET /admin/v1/sandboxes': { readonly query: null; readonly body: null; readonly answer: SandboxesListAnswer }
  /** From now on the process hands out no sandbox: what is ready is removed, what somebody has lives on until they leave it. */
  readonly 'POST /admin/v1/sandboxes/drain': { readonly query: null; readonly body: SandboxesDrainRequest; readonly answer: SandboxesDrainAnswer }
  /** The process hands out sandboxes again. */
  readonly 'POST /admin/v1/sandboxes/resume': { readonly query: null; readonly body: SandboxesResumeRequest; readonly answer: SandboxesResumeAnswer }
  /** What detection has heard of a sandbox, be it over: its last alerts, and what its kernel has told. */
  readonly 'GET /admin/v1/sandboxes/{id}/trace': { readonly query: null; readonly body: null; readonly answer: SandboxesTraceAnswer }
  /** The sandbox is ended, whoever has it; what runs in it ends, and says that an operator ended it. */
  readonly 'DELETE /admin/v1/sandboxes/{id}': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** What somebody was asked to allow before it runs, of every group, newest first and without what would run. */
  readonly 'GET /admin/v1/approvals': { readonly query: ApprovalsListQuery; readonly body: null; readonly answer: ApprovalsListAnswer }
  /** One of them, opened: that somebody did is on the audit trail. */
  readonly 'POST /admin/v1/approvals/{id}/reading': { readonly query: null; readonly body: ApprovalsReadRequest; readonly answer: SeenApproval }
  /** What was asked may run once, or may not. Wants the scope approve beside admin. */
  readonly 'POST /admin/v1/approvals/{id}/decision': { readonly query: null; readonly body: ApprovalsDecideRequest; readonly answer: SeenApprovalFacts }
  /** Shares that there are, of everybody, newest first and without a word of what they show. */
  readonly 'GET /admin/v1/shares': { readonly query: SharesListQuery; readonly body: null; readonly answer: SharesListAnswer }
  /** One of them with its title, and nothing else that it shows: that somebody looked is on the audit trail. */
  readonly 'POST /admin/v1/shares/{id}/reading': { readonly query: null; readonly body: SharesReadRequest; readonly answer: SeenShare }
  /** Revokes a share, whoever made it: nobody opens it from the next request on. */
  readonly 'DELETE /admin/v1/shares/{id}': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** The rules in force in the process that is asked, and a question of each decision to begin a dry run with. */
  readonly 'GET /admin/v1/policy': { readonly query: null; readonly body: null; readonly answer: PolicyShowAnswer }
  /** What the rules in force say of a question; nothing of it happens, and it is neither recorded nor told. */
  readonly 'POST /admin/v1/policy/explain': { readonly query: null; readonly body: PolicyExplainRequest; readonly answer: PolicyExplainAnswer }
  /** Providers, their models and routes, with how each does by what the process that is asked has seen; nobody is asked. */
  readonly 'GET /admin/v1/models': { readonly query: null; readonly body: null; readonly answer: ModelsListAnswer }
  /** The data sources, each with what the process that is asked found when it last looked; none is asked. */
  readonly 'GET /admin/v1/sources': { readonly query: null; readonly body: null; readonly answer: SourcesListAnswer }
  /** Asks a data source now: does it answer, can its role only read, are the names of its policies there, how old is it? */
  readonly 'POST /admin/v1/sources/{id}/check': { readonly query: null; readonly body: SourcesCheckRequest; readonly answer: OperatedSource }
  /** Decisions of policy that are on the audit trail of this machine, oldest first unless order says otherwise. */
  readonly 'GET /admin/v1/decisions': { readonly query: DecisionsListQuery; readonly body: null; readonly answer: DecisionsListAnswer }
  /** Lines of the audit trail of this machine, oldest first unless order says otherwise. */
  readonly 'GET /admin/v1/audit': { readonly query: AuditSearchQuery; readonly body: null; readonly answer: AuditSearchAnswer }
  /** Whether the chain of the audit trail of this machine is whole. */
  readonly 'GET /admin/v1/audit/verification': { readonly query: AuditVerifyQuery; readonly body: null; readonly answer: AuditVerifyAnswerIntact | AuditVerifyAnswerBroken }
  /** Thresholds in force in the place of the configuration’s, and rollouts that are not at their end. */
  readonly 'GET /admin/v1/tuning': { readonly query: null; readonly body: null; readonly answer: TuningStateAnswer }
  /** Rates of what filters did, of complaints and of labels, by group and category. */
  readonly 'GET /admin/v1/tuning/report': { readonly query: TuningReportQuery; readonly body: null; readonly answer: TuningReportAnswer }
  /** Every rule of a group whose threshold may be tuned, with the threshold in force and its limits. */
  readonly 'GET /admin/v1/tuning/places': { readonly query: null; readonly body: null; readonly answer: TuningPlacesAnswer }
  /** What every threshold of a place comes to: ROC, PR and the confusion matrix, with intervals; nothing is changed. */
  readonly 'GET /admin/v1/tuning/curves': { readonly query: TuningCurvesQuery; readonly body: null; readonly answer: TuningCurvesAnswer }
  /** What waits for somebody to look at it: complaints, reports of values that were missed, and drawn decisions. */
  readonly 'GET /admin/v1/tuning/queue': { readonly query: TuningQueueQuery; readonly body: null; readonly answer: TuningQueueAnswer }
  /** One of the queue, opened: that somebody did is on the audit trail. */
  readonly 'POST /admin/v1/tuning/queue/{id}/reading': { readonly query: null; readonly body: TuningReadRequest; readonly answer: TuningReadAnswer }
  /** What somebody says of a text and a rule; the last label of both holds. */
  readonly 'POST /admin/v1/tuning/labels': { readonly query: null; readonly body: TuningLabelRequest; readonly answer: Label }
  /** A complaint is taken from the queue without a label. */
  readonly 'POST /admin/v1/tuning/queue/{id}/dismissal': { readonly query: null; readonly body: TuningDismissRequest; readonly answer: undefined }
  /** Evaluation sets, each version of them. */
  readonly 'GET /admin/v1/tuning/sets': { readonly query: null; readonly body: null; readonly answer: TuningSetsAnswer }
  /** The next version of a set, of the labels that there are of a place. */
  readonly 'POST /admin/v1/tuning/sets': { readonly query: null; readonly body: TuningSetRequest; readonly answer: EvaluationSet }
  /** One set with its items: scores and labels, without a text. */
  readonly 'GET /admin/v1/tuning/sets/{id}': { readonly query: TuningSetItemsQuery; readonly body: null; readonly answer: TuningSetItemsAnswer }
  /** Proposals, newest first. */
  readonly 'GET /admin/v1/tuning/proposals': { readonly query: TuningProposalsQuery; readonly body: null; readonly answer: TuningProposalsAnswer }
  /** A threshold that a set bears out, with its interval; nothing is changed by it. */
  readonly 'POST /admin/v1/tuning/proposals': { readonly query: null; readonly body: TuningProposeRequest; readonly answer: TuningProposal }
  /** What a threshold would have come to over recorded decisions. */
  readonly 'GET /admin/v1/tuning/simulation': { readonly query: TuningSimulateQuery; readonly body: null; readonly answer: TuningSimulateAnswer }
  /** Rollouts with what they rest on, newest first, ended ones too. */
  readonly 'GET /admin/v1/tuning/rollouts': { readonly query: TuningRolloutsQuery; readonly body: null; readonly answer: TuningRolloutsAnswer }
  /** A rollout: the proposed threshold is computed beside the one in force, and decides nothing. */
  readonly 'POST /admin/v1/tuning/rollouts': { readonly query: null; readonly body: TuningShadowRequest; readonly answer: Rollout }
  /** One rollout, and what was counted of it. */
  readonly 'GET /admin/v1/tuning/rollouts/{id}': { readonly query: null; readonly body: null; readonly answer: TuningRolloutAnswer }
  /** The threshold decides for a share of callers, always the same ones. */
  readonly 'POST /admin/v1/tuning/rollouts/{id}/canary': { readonly query: null; readonly body: TuningCanaryRequest; readonly answer: Rollout }
  /** The threshold decides for all. */
  readonly 'POST /admin/v1/tuning/rollouts/{id}/promotion': { readonly query: null; readonly body: TuningPromotionRequest; readonly answer: Rollout }
  /** What was in force before is in force again. */
  readonly 'POST /admin/v1/tuning/rollouts/{id}/rollback': { readonly query: null; readonly body: TuningRollbackRequest; readonly answer: Rollout }
  /** A rollout that decides nothing for all ends. */
  readonly 'POST /admin/v1/tuning/rollouts/{id}/stop': { readonly query: null; readonly body: TuningStopRequest; readonly answer: Rollout }
  /** A link that signs one browser in, once; shown this once. */
  readonly 'POST /admin/v1/web-links': { readonly query: null; readonly body: WebLinksMakeRequest; readonly answer: WebLink }
  /** How people sign in to the app. */
  readonly 'GET /admin/v1/web/sign-in': { readonly query: null; readonly body: null; readonly answer: WebSignIn }
  /** Who is signed in, and what they may ask. */
  readonly 'GET /admin/v1/web/session': { readonly query: null; readonly body: null; readonly answer: WebSession }
  /** Signs a browser in by a link or an API key: the session is a cookie of the answer. */
  readonly 'POST /admin/v1/web/session': { readonly query: null; readonly body: SignInRequest; readonly answer: WebSession }
  /** Signs the browser out. */
  readonly 'DELETE /admin/v1/web/session': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** Sends a browser to the identity provider. */
  readonly 'GET /admin/v1/web/oidc/start': { readonly query: null; readonly body: null; readonly answer: undefined }
  /** Where the identity provider sends a browser back to: it goes on to the app, signed in or told why not. */
  readonly 'GET /admin/v1/web/oidc/callback': { readonly query: WebFinishOidcQuery; readonly body: null; readonly answer: undefined }
}

# Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
"""Types and operations of the service."""

from __future__ import annotations

import http.client
from typing import Any, Iterator, List, Literal, Mapping, NotRequired, Optional, Sequence, TypedDict, Union

from ._transport import Call, CallOptions, FileInput, Transport, given, segment


class Model(TypedDict):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsListAnswer(TypedDict):
    object: Literal["list"]
    data: List[Model]


class ChatAnswerChoicesItemMessage(TypedDict):
    role: str
    content: NotRequired[Optional[str]]


class ChatAnswerChoicesItem(TypedDict):
    index: int
    message: ChatAnswerChoicesItemMessage
    finish_reason: NotRequired[Optional[str]]


class ChatUsage(TypedDict):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatRun(TypedDict):
    """How the run of the service’s own model ended."""

    ending: str
    steps: int
    duration_ms: float


class ChatAnswer(TypedDict):
    id: str
    created: int
    model: str
    object: Literal["chat.completion"]
    choices: List[ChatAnswerChoicesItem]
    usage: NotRequired[Optional[ChatUsage]]
    sallyport: NotRequired[ChatRun]


class ChatMessageContentItem(TypedDict):
    type: str


class ChatMessage(TypedDict):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: NotRequired[Optional[Union[str, Sequence[ChatMessageContentItem]]]]
    """A text, or a list of parts."""


class ChatChunkChoicesItemDelta(TypedDict):
    content: NotRequired[Optional[str]]


class ChatChunkChoicesItem(TypedDict):
    index: int
    delta: ChatChunkChoicesItemDelta
    finish_reason: NotRequired[Optional[str]]


class ChatChunk(TypedDict):
    id: str
    created: int
    model: str
    object: Literal["chat.completion.chunk"]
    choices: List[ChatChunkChoicesItem]
    usage: NotRequired[Optional[ChatUsage]]
    sallyport: NotRequired[ChatRun]


class TableColumnsItem(TypedDict):
    name: str
    type: str


class Table(TypedDict):
    columns: List[TableColumnsItem]
    rows: List[List[Any]]
    total_rows: int
    """Of the whole table; rows may hold fewer."""


class Displayed(TypedDict):
    is_main: bool
    """Is it the value of the last expression?"""
    text: NotRequired[str]
    html: NotRequired[str]
    markdown: NotRequired[str]
    svg: NotRequired[str]
    latex: NotRequired[str]
    png: NotRequired[str]
    """Base64; where links are delivered there is an address in its place."""
    png_url: NotRequired[str]
    """Where it can be had for some minutes, without a key."""
    jpeg: NotRequired[str]
    """Base64; where links are delivered there is an address in its place."""
    jpeg_url: NotRequired[str]
    """Where it can be had for some minutes, without a key."""
    json: NotRequired[Any]
    chart: NotRequired[Any]
    """A figure as data."""
    data: NotRequired[Table]


class ExecutionError(TypedDict):
    name: str
    value: str
    traceback: str


class ExecutionArtifactsItem(TypedDict):
    path: str
    bytes: int


class ExecutionTimings(TypedDict):
    queue_ms: float
    run_ms: float


class Finding(TypedDict):
    rule: str
    line: int
    column: int
    message: str


class MadeFile(TypedDict):
    path: str
    """Below /mnt/data."""
    media_type: str
    content: NotRequired[str]
    """Base64; where links are delivered there is an address in its place."""
    url: NotRequired[str]
    """Where it can be had for some minutes, without a key."""
    masked: bool
    """Did a filter change it?"""


class Execution(TypedDict):
    outcome: Literal["ok", "user-error", "timeout", "out-of-memory", "too-many-processes", "disk-full", "output-limit", "cancelled", "rejected", "sandbox-lost", "unavailable"]
    stdout: str
    stderr: str
    results: List[Displayed]
    error: Optional[ExecutionError]
    artifacts: List[ExecutionArtifactsItem]
    """Files that it made or changed."""
    timings: ExecutionTimings
    peak_memory_bytes: Optional[float]
    truncated: List[str]
    """Names of the caps that cut something."""
    session_alive: bool
    """Do its variables still exist?"""
    notice: Optional[str]
    findings: List[Finding]
    """What a filter replaced or cut."""
    files: List[MadeFile]
    missing: List[str]
    """A sentence for each file or picture that is not there."""
    ran_in: str
    renewed: Optional[str]
    """What was lost of the session before it began."""
    session: Optional[str]


class ExecutionEventOutput(TypedDict):
    type: Literal["output"]
    stream: Literal["stdout", "stderr"]
    text: str


class ExecutionEventResult(TypedDict):
    type: Literal["result"]
    result: Execution


class ProblemApproval(TypedDict):
    """What a person has to allow first."""

    id: str
    expires_at: str


class ProblemError(TypedDict):
    message: str
    type: str
    code: Optional[str]
    param: Optional[str]
    """The member of the request at fault."""


class Problem(TypedDict):
    type: str
    """urn:sallyport:error: and the code."""
    title: str
    status: int
    detail: str
    advice: NotRequired[str]
    """What the reader can do; absent where detail says it."""
    code: Literal["invalid-request", "payload-too-large", "unsupported-media-type", "not-found", "model-not-found", "method-not-allowed", "conflict", "wrong-replica", "request-in-flight", "idempotency-mismatch", "unauthenticated", "forbidden", "suspended", "approval-required", "identity-unavailable", "rate-limited", "quota-exceeded", "refused", "content-blocked", "invalid-config", "invalid-file", "sandbox-unavailable", "sandbox-busy", "sandbox-lost", "database-unavailable", "query-failed", "model-unavailable", "model-timeout", "model-rejected", "model-protocol", "model-overloaded", "model-busy", "model-refused", "endpoint-unavailable", "endpoint-timeout", "endpoint-protocol", "endpoint-busy", "deadline-exceeded", "cancelled", "shutting-down", "service-unavailable", "storage-unavailable", "internal"]
    resets_at: NotRequired[str]
    """When what is refused now is given again."""
    approval: NotRequired[ProblemApproval]
    """What a person has to allow first."""
    findings: NotRequired[List[Finding]]
    """Why a program or a statement was refused."""
    decision_id: NotRequired[str]
    """Of the content filter that blocked it."""
    appeal: NotRequired[str]
    """The path at which the caller may object to that decision."""
    request_id: str
    """By which the log has the rest."""
    message: str
    error: ProblemError


class ExecutionEventError(TypedDict):
    type: Literal["error"]
    problem: Problem
    findings: NotRequired[List[Finding]]


ExecutionEvent = Union[ExecutionEventOutput, ExecutionEventResult, ExecutionEventError]


class RowsColumnsItem(TypedDict):
    name: str
    type: str
    masked: NotRequired[Optional[Literal["policy", "filter"]]]
    """Are its values others than those of the data? By a rule of the policy, or where a filter replaced some."""


class Rows(TypedDict):
    source: str
    columns: List[RowsColumnsItem]
    rows: List[List[Any]]
    truncated: Optional[str]
    """What cut the rows; null where nothing did."""
    as_of: str
    """When they were read."""
    lag_ms: Optional[float]
    """How far behind the server was."""
    lag_estimated: bool
    time_zone: NotRequired[str]
    date_order: NotRequired[Optional[str]]
    """Null where dates as text are in no order of its own."""
    duration_ms: float
    findings: List[Finding]
    """What a filter replaced or cut."""
    canonical: NotRequired[str]
    """What ran, where the group may see it."""


class SqlVerdictMasksItem(TypedDict):
    position: int
    relation: str
    column: str
    how: str


class SqlVerdict(TypedDict):
    verdict: Literal["allow", "refuse"]
    findings: List[Finding]
    relations: NotRequired[List[str]]
    columns: NotRequired[List[str]]
    functions: NotRequired[List[str]]
    canonical: NotRequired[Optional[str]]
    masks: NotRequired[List[SqlVerdictMasksItem]]
    row_limit: NotRequired[int]


class Session(TypedDict):
    id: str
    object: Literal["session"]
    opened_at: str
    in_use: bool
    expires_at: Optional[str]
    sandbox: Mapping[str, float]


class SessionElsewhere(TypedDict):
    id: str
    opened_at: str
    replica: str


class SessionsListAnswer(TypedDict):
    object: Literal["list"]
    data: List[Session]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool
    elsewhere: NotRequired[List[SessionElsewhere]]
    """On the first page, where several replicas serve: sessions of the caller that are open at other ones."""


class SessionsOpenRequestSandbox(TypedDict):
    wall_ms: NotRequired[int]
    """Wall time of a run, milliseconds."""
    cpus: NotRequired[float]
    """Processors."""
    memory_mb: NotRequired[int]
    """Memory of one program, MiB."""
    processes: NotRequired[int]
    """Processes and threads."""
    open_files: NotRequired[int]
    """Open files per process."""
    file_mb: NotRequired[int]
    """Size of one file, MiB."""
    data_mb: NotRequired[int]
    """Size of /mnt/data, MiB."""
    temporary_mb: NotRequired[int]
    """Size of /tmp, MiB."""
    output_kb: NotRequired[int]
    """Text kept of each of stdout and stderr, KiB."""


class StoredFile(TypedDict):
    id: str
    object: Literal["file"]
    bytes: int
    created_at: int
    expires_at: Optional[int]
    filename: str
    purpose: str
    status: Literal["processed"]
    media_type: str
    preview: Any
    """What a table holds: rows, columns with their types and kinds of personal data, first rows."""
    origins: List[Literal["operator", "user", "model", "tool", "row", "file", "web", "unknown"]]
    """What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed."""


class FilesListAnswer(TypedDict):
    object: Literal["list"]
    data: List[StoredFile]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool


class FilesDeleteAnswer(TypedDict):
    id: str
    object: Literal["file"]
    deleted: Literal[True]


class FilesLinkAnswer(TypedDict):
    object: Literal["file.link"]
    id: str
    url: str


class Conversation(TypedDict):
    id: str
    object: Literal["conversation"]
    created_at: int
    metadata: Mapping[str, str]
    title: Optional[str]
    used_at: int


class ConversationsListAnswer(TypedDict):
    object: Literal["list"]
    data: List[Conversation]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool


class ConversationsCreateRequestItemsItemContentItem(TypedDict):
    type: Literal["input_text", "output_text", "text"]
    text: str


class ConversationsCreateRequestItemsItem(TypedDict):
    type: NotRequired[Literal["message"]]
    role: Literal["user", "assistant", "system", "developer"]
    content: Union[str, Sequence[ConversationsCreateRequestItemsItemContentItem]]


class ConversationsDeleteAnswer(TypedDict):
    id: str
    object: Literal["conversation.deleted"]
    deleted: Literal[True]


class ConversationItem(TypedDict):
    id: str
    type: str
    status: str
    made_at: str
    """When it was kept: for a call of a tool when it had ended."""
    duration_ms: NotRequired[float]
    """How long a call of a tool took; of other items there is none."""
    origins: List[Literal["operator", "user", "model", "tool", "row", "file", "web", "unknown"]]
    """What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed."""


class ConversationsItemsAnswer(TypedDict):
    object: Literal["list"]
    data: List[ConversationItem]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool


class ConversationsAddAnswer(TypedDict):
    object: Literal["list"]
    data: List[ConversationItem]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool


class ConversationsAddRequestItemsItemContentItem(TypedDict):
    type: Literal["input_text", "output_text", "text"]
    text: str


class ConversationsAddRequestItemsItem(TypedDict):
    type: NotRequired[Literal["message"]]
    role: Literal["user", "assistant", "system", "developer"]
    content: Union[str, Sequence[ConversationsAddRequestItemsItemContentItem]]


class ConversationsReplayAnswer(TypedDict):
    id: str
    object: Literal["response"]
    status: str
    output: List[Any]


class ConversationsReplayRequestApprovals(TypedDict):
    calls: NotRequired[Literal["rules", "on-write", "always"]]
    """Calls that somebody has to allow: those of rules alone, programs that can write files as well, or every one."""
    wait_ms: NotRequired[int]
    """How long a call waits for a decision before it ends the answer."""


class RunExplanationCallsItemReadsItem(TypedDict):
    id: str
    call: Optional[int]
    tool: Optional[str]
    origin: Literal["operator", "user", "model", "tool", "row", "file", "web", "unknown"]


class RunExplanationCallsItem(TypedDict):
    call: Optional[int]
    """From 1 on, in the order of the run."""
    tool: str
    outcome: Literal["asked", "refused", "planned", "put-back"]
    rules: List[str]
    sentence: str
    """What was asked, by which data, and what came of it."""
    ran: bool
    reads: List[RunExplanationCallsItemReadsItem]
    """What the model had read that the call may come of, as on the audit trail; `call` is the one that gave it."""


class RunExplanationLineageItem(TypedDict):
    id: str
    kind: Literal["read", "sandbox", "file", "artifact", "turn"]
    origins: List[Literal["operator", "user", "model", "tool", "row", "file", "web", "unknown"]]
    """What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed."""
    made_of: List[str]


class RunExplanation(TypedDict):
    id: str
    object: Literal["run.explanation"]
    conversation: str
    status: Literal["running", "completed", "incomplete", "failed", "cancelled", "interrupted"]
    calls: List[RunExplanationCallsItem]
    lineage: Optional[List[RunExplanationLineageItem]]
    """What everything in the run was made of; null where the run has not ended."""


class FilePreviewColumnsItem(TypedDict):
    name: str
    type: str
    pii: List[str]
    """Kinds of personal data that values of its first rows are of."""


class FilePreview(TypedDict):
    id: str
    object: Literal["file.preview"]
    filename: str
    rows: Optional[int]
    """Null where that is not known."""
    columns: List[FilePreviewColumnsItem]
    first_rows: List[List[Optional[str]]]
    """Screened as any output is: what the profile of the group hides is replaced."""
    notes: List[str]
    """How it was read, where another reader might read it otherwise."""
    unreadable: Optional[str]
    """Why there is no table; null where there is one."""


class RunTableFactsColumnsItem(TypedDict):
    name: str
    type: str
    masked: Optional[Literal["policy", "filter"]]
    """Are its values others than those of the data? By a rule of the policy, or where a filter replaced some."""


class RunTableFacts(TypedDict):
    run: str
    object: Literal["run.table"]
    call: int
    """Its place among the calls of the run, from 1: what a mark of an answer names as `run`."""
    tool: str
    statement: Optional[str]
    """What ran; null where the group may not see it."""
    file: Optional[str]
    """The file below /mnt/data that programs of the session find it in."""
    columns: List[RunTableFactsColumnsItem]
    rows: int
    """Rows that can be had here."""
    total_rows: int
    """Rows that the call came to."""
    truncated: Optional[Literal["rows", "bytes", "characters"]]
    """Which limit cut it: of rows, of bytes of a source, or of what filters look at. Null where none did."""
    as_of: Optional[str]
    """The state of the data; null for what was not read of a source."""
    findings: List[Finding]
    """What a filter replaced or cut in all that the call came to."""
    note: str
    """All of that in one line: "1,247 rows · email masked · truncated at 10,000 rows"."""


class RunsTablesAnswer(TypedDict):
    object: Literal["list"]
    data: List[RunTableFacts]


class RunTableColumnsItem(TypedDict):
    name: str
    type: str
    masked: Optional[Literal["policy", "filter"]]
    """Are its values others than those of the data? By a rule of the policy, or where a filter replaced some."""


class RunTable(TypedDict):
    run: str
    object: Literal["run.table"]
    call: int
    """Its place among the calls of the run, from 1: what a mark of an answer names as `run`."""
    tool: str
    statement: Optional[str]
    """What ran; null where the group may not see it."""
    file: Optional[str]
    """The file below /mnt/data that programs of the session find it in."""
    columns: List[RunTableColumnsItem]
    rows: int
    """Rows that can be had here."""
    total_rows: int
    """Rows that the call came to."""
    truncated: Optional[Literal["rows", "bytes", "characters"]]
    """Which limit cut it: of rows, of bytes of a source, or of what filters look at. Null where none did."""
    as_of: Optional[str]
    """The state of the data; null for what was not read of a source."""
    findings: List[Finding]
    """What a filter replaced or cut in all that the call came to."""
    note: str
    """All of that in one line: "1,247 rows · email masked · truncated at 10,000 rows"."""
    offset: int
    data: List[List[Any]]
    """Rows from `offset` on, as they were screened when the run came to them."""
    has_more: bool


class RunChartColumnsItem(TypedDict):
    name: str
    title: str
    """For people."""
    type: Literal["quantitative", "temporal", "nominal"]


class RunChart(TypedDict):
    run: str
    object: Literal["run.chart"]
    number: int
    """From 1, in the order of the run."""
    call: Optional[int]
    """The call of the run that drew it, as tables name theirs."""
    title: Optional[str]
    kind: Literal["bar", "line", "scatter", "pie", "box", "layers", "vega-lite", "refused"]
    picture: Optional[str]
    """The file that is its picture: GET /v1/files/{id}/content."""
    spec: Optional[Mapping[str, Any]]
    """Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns."""
    columns: List[RunChartColumnsItem]
    rows: List[List[Any]]
    truncated: bool
    """Were rows left out, because there are too many?"""
    masked: bool
    """Did a filter replace something in what its call came to?"""
    refused: Optional[str]
    """Why it is not here as data; null where it is."""


class RunsChartsAnswer(TypedDict):
    object: Literal["list"]
    data: List[RunChart]


class ConversationsSearchAnswerDataItemMatchesItem(TypedDict):
    item: Optional[str]
    """Null for the title."""
    where: Literal["title", "question", "answer", "instructions", "code", "result", "file"]
    excerpt: str
    start: int
    """Where it stands in the excerpt, in UTF-16 units."""
    length: int


class ConversationsSearchAnswerDataItem(TypedDict):
    conversation: Conversation
    matches: List[ConversationsSearchAnswerDataItemMatchesItem]


class ConversationsSearchAnswer(TypedDict):
    object: Literal["list"]
    data: List[ConversationsSearchAnswerDataItem]
    searched: int
    """Conversations that were looked at for this answer."""
    last_id: Optional[str]
    """The last of them; null where all were looked at."""
    has_more: bool
    """Are there conversations that were not looked at?"""


class ShareAudiencesLink(TypedDict):
    group: str
    """Under whose policy links are made."""
    days: int


class ShareAudiences(TypedDict):
    object: Literal["share.audiences"]
    groups: List[str]
    """For callers of these the caller may make shares."""
    days: int
    """Longest life of a share for a group."""
    link: Optional[ShareAudiencesLink]
    """null where nobody may make links."""


class ShareFacts(TypedDict):
    id: str
    object: Literal["share"]
    title: Optional[str]
    audience: Literal["group", "link"]
    group: str
    """Under whose policy it was made."""
    is_mine: bool
    conversation: Optional[str]
    """For whoever made it; null for all others."""
    made_at: str
    expires_at: str
    left_out: int
    """How many parts are not in it."""


class SharesListAnswer(TypedDict):
    object: Literal["list"]
    data: List[ShareFacts]
    first_id: Optional[str]
    last_id: Optional[str]
    has_more: bool


class SharedMarkSourcesItemCell(TypedDict):
    row: int
    """From 0."""
    column: str


class SharedMarkSourcesItem(TypedDict):
    part: int
    """The place of a call among the items, from 0."""
    cell: Optional[SharedMarkSourcesItemCell]
    """In the first table of the call; null where it has none."""


class SharedMark(TypedDict):
    start: int
    """In the text, in UTF-16 units."""
    end: int
    verdict: Literal["cell", "computed", "contradicted", "unsupported"]
    """cell: it is the value of the cell; computed: of the cells; contradicted: they give another value; unsupported: nothing gives it."""
    sources: List[SharedMarkSourcesItem]


class SharedPartMessage(TypedDict):
    type: Literal["message"]
    role: Literal["user", "assistant", "system"]
    text: str
    """Markdown of somebody nobody vouches for."""
    marks: List[SharedMark]
    """Figures of an answer that rest on parts of the share; none where nothing was looked at."""


class SharedPartPlanStepsItem(TypedDict):
    text: str
    status: Literal["pending", "in_progress", "completed"]


class SharedPartPlan(TypedDict):
    type: Literal["plan"]
    steps: List[SharedPartPlanStepsItem]


class SharedPartCallSource(TypedDict):
    language: Literal["sql", "python", "javascript", "shell"]
    text: str


class SharedPartCallTablesItemColumnsItem(TypedDict):
    name: str
    type: str


class SharedPartCallTablesItem(TypedDict):
    columns: List[SharedPartCallTablesItemColumnsItem]
    rows: List[List[Any]]
    total_rows: int
    """Of the whole table; it may hold fewer."""
    hidden: List[str]
    """Columns whose values policy hides from its audience."""


class SharedChartColumnsItem(TypedDict):
    name: str
    title: str
    """For people."""


class SharedChart(TypedDict):
    title: Optional[str]
    spec: Mapping[str, Any]
    """Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns."""
    columns: List[SharedChartColumnsItem]
    rows: List[List[Any]]


class SharedPartCall(TypedDict):
    type: Literal["call"]
    tool: str
    source: Optional[SharedPartCallSource]
    """What ran, as far as its audience may see it."""
    outcome: Literal["result", "refusal", "failure"]
    summary: str
    output: Optional[str]
    """What a program said."""
    tables: List[SharedPartCallTablesItem]
    charts: List[SharedChart]


class SharedPartChart(TypedDict):
    type: Literal["chart"]
    chart: SharedChart


class SharedPartFile(TypedDict):
    type: Literal["file"]
    name: str
    media_type: str
    text: str


class SharedPartLeftOut(TypedDict):
    type: Literal["left-out"]
    what: Literal["message", "plan", "call", "file", "picture"]
    name: Optional[str]
    """Of a tool or a file."""
    why: Literal["policy", "made-of-it", "unknown", "names", "filter", "picture", "unread", "size", "gone"]
    sentence: str
    """The same for people."""


SharedPart = Union[SharedPartMessage, SharedPartPlan, SharedPartCall, SharedPartChart, SharedPartFile, SharedPartLeftOut]


class MadeShare(TypedDict):
    id: str
    object: Literal["share"]
    title: Optional[str]
    audience: Literal["group", "link"]
    group: str
    """Under whose policy it was made."""
    is_mine: bool
    conversation: Optional[str]
    """For whoever made it; null for all others."""
    made_at: str
    expires_at: str
    left_out: int
    """How many parts are not in it."""
    items: List[SharedPart]
    secret: Optional[str]
    """What belongs behind the # of a link: told once. null for a group."""


class Share(TypedDict):
    id: str
    object: Literal["share"]
    title: Optional[str]
    audience: Literal["group", "link"]
    group: str
    """Under whose policy it was made."""
    is_mine: bool
    conversation: Optional[str]
    """For whoever made it; null for all others."""
    made_at: str
    expires_at: str
    left_out: int
    """How many parts are not in it."""
    items: List[SharedPart]


class SharesRevokeAnswer(TypedDict):
    id: str
    object: Literal["share.deleted"]
    deleted: Literal[True]


class ApprovalFacts(TypedDict):
    id: str
    object: Literal["approval"]
    state: Literal["pending", "allowed", "refused", "used", "expired"]
    principal: str
    group: str
    tool: str
    language: Optional[str]
    source: Optional[str]
    digest: str
    rules: List[str]
    asked_at: str
    expires_at: str
    decided_by: Optional[str]


class ApprovalsListAnswer(TypedDict):
    object: Literal["list"]
    data: List[ApprovalFacts]


class Approval(TypedDict):
    id: str
    object: Literal["approval"]
    state: Literal["pending", "allowed", "refused", "used", "expired"]
    principal: str
    group: str
    tool: str
    language: Optional[str]
    source: Optional[str]
    digest: str
    rules: List[str]
    asked_at: str
    expires_at: str
    decided_by: Optional[str]
    reason: str
    text: str
    """All of what would run."""
    editable: Optional[str]
    """What the caller may write anew, with the verdict edit; null where that is nothing."""
    changed_to: Optional[str]
    """What whoever asked wrote in place of it; null where they did not."""


class GivenFeedback(TypedDict):
    id: str
    """cmp_…"""
    object: Literal["feedback"]
    answer: Optional[str]
    """The answer that it is about; null for a decision."""
    decision: Optional[str]
    """The decision of a content filter that it is about, where one is recorded."""
    verdict: Literal["up", "down"]
    reason: Literal["harmless", "harmful", "needed", "wrong", "other"]
    made_at: str


class Appeal(TypedDict):
    id: str
    """cmp_…"""
    object: Literal["appeal"]
    decision: Optional[str]
    reason: Literal["harmless", "harmful", "needed", "wrong", "other"]
    state: Literal["waiting", "labelled", "dismissed"]
    """labelled: a person has looked; dismissed: nobody will."""
    outcome: Optional[Literal["upheld", "rejected", "undecided"]]
    """upheld: the filter was wrong; rejected: it was right; undecided: whoever looked could not say; null as long as nobody has."""
    made_at: str


ShownValue = TypedDict("ShownValue", {
    # recipients[0]
    "path": "str",
    "value": "str",
    # What of the person’s stands for it; null where only a person can.
    "ground": "Optional[Literal[\"said\", \"own\", \"named\", \"named-member\", \"named-place\", \"all-at-named-place\", \"left-open\", \"filled\"]]",
    # Ids of the reads in which it stands.
    "from": "List[str]",
})


class ActionRead(TypedDict):
    id: str
    tool: str
    origin: Literal["operator", "user", "model", "tool", "row", "file", "web"]
    trusted: bool


class ActionCheckAnswer(TypedDict):
    object: Literal["action-check"]
    id: str
    """Of the decision, as the audit trail and the log have it."""
    decision: Literal["allow", "ask", "refuse"]
    rule: Literal["nothing-read", "reading", "planned", "handed-over", "unread-words", "only-mentioned", "unproven-value", "no-target", "again", "after-refusal", "undeclared", "not-planned", "not-asked-for", "malformed"]
    sentence: Optional[str]
    """For the person; null where the call simply runs."""
    shown: List[ShownValue]
    """All values of the call where a person is asked, what nothing stands for first."""
    reads: List[ActionRead]
    """What was read before it."""
    notes: List[str]
    """What the declarations of the offered tools lack."""


class ActionCheckToolsItem(TypedDict):
    type: str


class WrittenFunction(TypedDict):
    name: str
    arguments: str
    """JSON, as a model writes it."""


class WrittenCall(TypedDict):
    function: WrittenFunction


class NamedCall(TypedDict):
    name: str
    arguments: Mapping[str, Any]


class Models:
    """Of the operations `models.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, options: Optional[CallOptions] = None) -> ModelsListAnswer:
        """The models that the key may ask, as OpenAI’s API lists them; as Anthropic’s with its header."""
        answer: ModelsListAnswer = self._transport.json(Call("GET", "/v1/models"), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> Model:
        """One model."""
        answer: Model = self._transport.json(Call("GET", f"/v1/models/{segment(id)}"), options)
        return answer


class Chat:
    """Of the operations `chat.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def complete(self, *, model: str, messages: Sequence[ChatMessage], session: Optional[str] = None, files: Optional[Sequence[str]] = None, max_cost: Optional[int] = None, conversation: Optional[str] = None, store: Optional[bool] = None, more: Optional[Mapping[str, Any]] = None, options: Optional[CallOptions] = None) -> ChatAnswer:
        """OpenAI’s Chat Completions: the service’s own analyst, or a model of an upstream."""
        answer: ChatAnswer = self._transport.json(Call("POST", "/v1/chat/completions", body={**(more or {}), **given(**{"model": model, "messages": messages, "session": session, "files": files, "max_cost": max_cost, "conversation": conversation, "store": store})}), options)
        return answer

    def complete_stream(self, *, model: str, messages: Sequence[ChatMessage], session: Optional[str] = None, files: Optional[Sequence[str]] = None, max_cost: Optional[int] = None, conversation: Optional[str] = None, store: Optional[bool] = None, more: Optional[Mapping[str, Any]] = None, options: Optional[CallOptions] = None) -> Iterator[ChatChunk]:
        """OpenAI’s Chat Completions: the service’s own analyst, or a model of an upstream. Its events as they come; leaving the loop ends it."""
        return self._transport.events(Call("POST", "/v1/chat/completions", body={**(more or {}), **given(**{"model": model, "messages": messages, "session": session, "files": files, "max_cost": max_cost, "conversation": conversation, "store": store}), "stream": True}), options, "[DONE]")


class Programs:
    """Of the operations `programs.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def execute(self, *, code: str, language: Optional[Literal["python", "javascript", "typescript", "shell"]] = None, session: Optional[str] = None, timeout_ms: Optional[int] = None, files: Optional[bool] = None, deliver: Optional[Literal["links", "base64"]] = None, options: Optional[CallOptions] = None) -> Execution:
        """Runs a program of the caller’s own in a sandbox; however it ends, its outcome is in the answer. Wants a key with the scope execute."""
        answer: Execution = self._transport.json(Call("POST", "/v1/execute", body={**given(**{"language": language, "code": code, "session": session, "timeout_ms": timeout_ms, "files": files, "deliver": deliver})}, is_idempotent=True), options)
        return answer

    def execute_stream(self, *, code: str, language: Optional[Literal["python", "javascript", "typescript", "shell"]] = None, session: Optional[str] = None, timeout_ms: Optional[int] = None, files: Optional[bool] = None, deliver: Optional[Literal["links", "base64"]] = None, options: Optional[CallOptions] = None) -> Iterator[ExecutionEvent]:
        """Runs a program of the caller’s own in a sandbox; however it ends, its outcome is in the answer. Wants a key with the scope execute. Its events as they come; leaving the loop ends it."""
        return self._transport.events(Call("POST", "/v1/execute", body={**given(**{"language": language, "code": code, "session": session, "timeout_ms": timeout_ms, "files": files, "deliver": deliver}), "stream": True}, is_idempotent=True), options, "result")


class Sql:
    """Of the operations `sql.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def run(self, *, statement: str, source: Optional[str] = None, max_rows: Optional[int] = None, options: Optional[CallOptions] = None) -> Rows:
        """Runs one SELECT of the caller’s own on a data source, through the gate. Wants a key with the scope sql."""
        answer: Rows = self._transport.json(Call("POST", "/v1/sql", body={**given(**{"statement": statement, "source": source, "max_rows": max_rows})}, is_idempotent=True), options)
        return answer

    def check(self, *, statement: str, source: Optional[str] = None, options: Optional[CallOptions] = None) -> SqlVerdict:
        """The verdict of the gate on a statement; nothing runs. Wants a key with the scope sql."""
        answer: SqlVerdict = self._transport.json(Call("POST", "/v1/sql/check", body={**given(**{"statement": statement, "source": source})}), options)
        return answer


class Sessions:
    """Of the operations `sessions.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: Optional[int] = None, order: Optional[Literal["asc", "desc"]] = None, after: Optional[str] = None, options: Optional[CallOptions] = None) -> SessionsListAnswer:
        """The caller’s open sessions, oldest first, and which of them other replicas have. Wants a key with the scope sessions."""
        answer: SessionsListAnswer = self._transport.json(Call("GET", "/v1/sessions", query=given(**{"limit": limit, "order": order, "after": after})), options)
        return answer

    def open(self, *, sandbox: Optional[SessionsOpenRequestSandbox] = None, options: Optional[CallOptions] = None) -> Session:
        """Opens a session, which keeps a sandbox with its variables and files from request to request. Wants a key with the scope sessions."""
        answer: Session = self._transport.json(Call("POST", "/v1/sessions", body={**given(**{"sandbox": sandbox})}), options)
        return answer

    def close(self, id: str, options: Optional[CallOptions] = None) -> None:
        """Closes a session; what runs in it is cancelled. Wants a key with the scope sessions."""
        return self._transport.nothing(Call("DELETE", f"/v1/sessions/{segment(id)}"), options)


class Files:
    """Of the operations `files.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: Optional[int] = None, order: Optional[Literal["asc", "desc"]] = None, after: Optional[str] = None, purpose: Optional[str] = None, options: Optional[CallOptions] = None) -> FilesListAnswer:
        """The caller’s files, newest first. Wants a key with the scope sessions."""
        answer: FilesListAnswer = self._transport.json(Call("GET", "/v1/files", query=given(**{"limit": limit, "order": order, "after": after, "purpose": purpose})), options)
        return answer

    def create(self, *, purpose: Literal["user_data", "assistants", "vision", "batch", "fine-tune", "evals"], file: FileInput, expires_after_anchor: Optional[Literal["created_at"]] = None, expires_after_seconds: Optional[int] = None, options: Optional[CallOptions] = None) -> StoredFile:
        """Keeps a file that comes as multipart/form-data: one file and its purpose. Wants a key with the scope sessions."""
        answer: StoredFile = self._transport.json(Call("POST", "/v1/files", form={**given(**{"purpose": purpose, "expires_after[anchor]": expires_after_anchor, "expires_after[seconds]": expires_after_seconds, "file": file})}), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> StoredFile:
        """One file. Wants a key with the scope sessions."""
        answer: StoredFile = self._transport.json(Call("GET", f"/v1/files/{segment(id)}"), options)
        return answer

    def delete(self, id: str, options: Optional[CallOptions] = None) -> FilesDeleteAnswer:
        """Deletes a file for good. Wants a key with the scope sessions."""
        answer: FilesDeleteAnswer = self._transport.json(Call("DELETE", f"/v1/files/{segment(id)}"), options)
        return answer

    def content(self, id: str, options: Optional[CallOptions] = None) -> http.client.HTTPResponse:
        """What a file holds. Wants a key with the scope sessions."""
        return self._transport.content(Call("GET", f"/v1/files/{segment(id)}/content"), options)

    def link(self, id: str, options: Optional[CallOptions] = None) -> FilesLinkAnswer:
        """An address at which whoever has it may read the file for a short time. Wants a key with the scope sessions."""
        answer: FilesLinkAnswer = self._transport.json(Call("POST", f"/v1/files/{segment(id)}/link"), options)
        return answer

    def preview(self, id: str, options: Optional[CallOptions] = None) -> FilePreview:
        """What a file holds as a table: its columns, kinds of personal data in them, and first rows. Wants a key with the scope sessions."""
        answer: FilePreview = self._transport.json(Call("GET", f"/v1/files/{segment(id)}/preview"), options)
        return answer


class Conversations:
    """Of the operations `conversations.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: Optional[int] = None, order: Optional[Literal["asc", "desc"]] = None, after: Optional[str] = None, options: Optional[CallOptions] = None) -> ConversationsListAnswer:
        """The caller’s conversations, newest first. Wants a key with the scope sessions."""
        answer: ConversationsListAnswer = self._transport.json(Call("GET", "/v1/conversations", query=given(**{"limit": limit, "order": order, "after": after})), options)
        return answer

    def create(self, *, items: Optional[Sequence[ConversationsCreateRequestItemsItem]] = None, metadata: Optional[Mapping[str, str]] = None, title: Optional[str] = None, options: Optional[CallOptions] = None) -> Conversation:
        """Makes a conversation. Wants a key with the scope sessions."""
        answer: Conversation = self._transport.json(Call("POST", "/v1/conversations", body={**given(**{"items": items, "metadata": metadata, "title": title})}), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> Conversation:
        """One conversation. Wants a key with the scope sessions."""
        answer: Conversation = self._transport.json(Call("GET", f"/v1/conversations/{segment(id)}"), options)
        return answer

    def change(self, id: str, *, metadata: Optional[Mapping[str, str]] = None, title: Optional[str] = None, options: Optional[CallOptions] = None) -> Conversation:
        """Says something else of a conversation. Wants a key with the scope sessions."""
        answer: Conversation = self._transport.json(Call("POST", f"/v1/conversations/{segment(id)}", body={**given(**{"metadata": metadata, "title": title})}), options)
        return answer

    def delete(self, id: str, options: Optional[CallOptions] = None) -> ConversationsDeleteAnswer:
        """Deletes a conversation for good, with its runs and the files that they made. Wants a key with the scope sessions."""
        answer: ConversationsDeleteAnswer = self._transport.json(Call("DELETE", f"/v1/conversations/{segment(id)}"), options)
        return answer

    def export(self, id: str, *, format: Literal["ipynb", "md", "html"], options: Optional[CallOptions] = None) -> http.client.HTTPResponse:
        """All of a conversation as a file that does nothing by being opened. Wants a key with the scope sessions."""
        return self._transport.content(Call("GET", f"/v1/conversations/{segment(id)}/export", query=given(**{"format": format})), options)

    def items(self, id: str, *, limit: Optional[int] = None, order: Optional[Literal["asc", "desc"]] = None, after: Optional[str] = None, options: Optional[CallOptions] = None) -> ConversationsItemsAnswer:
        """What was said, the last first where nothing else is asked. Wants a key with the scope sessions."""
        answer: ConversationsItemsAnswer = self._transport.json(Call("GET", f"/v1/conversations/{segment(id)}/items", query=given(**{"limit": limit, "order": order, "after": after})), options)
        return answer

    def add(self, id: str, *, items: Sequence[ConversationsAddRequestItemsItem], options: Optional[CallOptions] = None) -> ConversationsAddAnswer:
        """Adds messages. Wants a key with the scope sessions."""
        answer: ConversationsAddAnswer = self._transport.json(Call("POST", f"/v1/conversations/{segment(id)}/items", body={**given(**{"items": items})}), options)
        return answer

    def replay(self, id: str, *, model: Optional[str] = None, container: Optional[str] = None, session: Optional[str] = None, approvals: Optional[ConversationsReplayRequestApprovals] = None, options: Optional[CallOptions] = None) -> ConversationsReplayAnswer:
        """Runs again, in order, what ran in a conversation, until one does not come to what it came to before. Wants a key with the scope sessions."""
        answer: ConversationsReplayAnswer = self._transport.json(Call("POST", f"/v1/conversations/{segment(id)}/replay", body={**given(**{"model": model, "container": container, "session": session, "approvals": approvals})}), options)
        return answer

    def remove(self, id: str, item: str, options: Optional[CallOptions] = None) -> Conversation:
        """Takes an item out. Wants a key with the scope sessions."""
        answer: Conversation = self._transport.json(Call("DELETE", f"/v1/conversations/{segment(id)}/items/{segment(item)}"), options)
        return answer

    def search(self, *, text: str, limit: Optional[int] = None, after: Optional[str] = None, options: Optional[CallOptions] = None) -> ConversationsSearchAnswer:
        """In which of the caller’s conversations something was said, newest first. Wants a key with the scope sessions."""
        answer: ConversationsSearchAnswer = self._transport.json(Call("POST", "/v1/conversations/searches", body={**given(**{"text": text, "limit": limit, "after": after})}), options)
        return answer


class Runs:
    """Of the operations `runs.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def explain(self, id: str, options: Optional[CallOptions] = None) -> RunExplanation:
        """Why calls of a run were asked about or refused, in a sentence each, and what everything in it was made of. Wants a key with the scope sessions."""
        answer: RunExplanation = self._transport.json(Call("GET", f"/v1/runs/{segment(id)}/explanation"), options)
        return answer

    def tables(self, id: str, options: Optional[CallOptions] = None) -> RunsTablesAnswer:
        """What the calls of a run have come to as tables, without their rows. Wants a key with the scope sessions."""
        answer: RunsTablesAnswer = self._transport.json(Call("GET", f"/v1/runs/{segment(id)}/tables"), options)
        return answer

    def table(self, id: str, call: str, *, offset: Optional[int] = None, limit: Optional[int] = None, options: Optional[CallOptions] = None) -> RunTable:
        """Rows of a table of a run, as they were screened when the run came to them. Wants a key with the scope sessions."""
        answer: RunTable = self._transport.json(Call("GET", f"/v1/runs/{segment(id)}/tables/{segment(call)}", query=given(**{"offset": offset, "limit": limit})), options)
        return answer

    def download(self, id: str, call: str, *, format: Literal["csv", "parquet"], options: Optional[CallOptions] = None) -> http.client.HTTPResponse:
        """All of a table of a run as a file of CSV or Parquet. Wants a key with the scope sessions."""
        return self._transport.content(Call("GET", f"/v1/runs/{segment(id)}/tables/{segment(call)}/content", query=given(**{"format": format})), options)

    def charts(self, id: str, options: Optional[CallOptions] = None) -> RunsChartsAnswer:
        """What the calls of a run have drawn, as data: Vega-Lite with its rows. Wants a key with the scope sessions."""
        answer: RunsChartsAnswer = self._transport.json(Call("GET", f"/v1/runs/{segment(id)}/charts"), options)
        return answer


class Shares:
    """Of the operations `shares.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def audiences(self, options: Optional[CallOptions] = None) -> ShareAudiences:
        """For whom the caller may make shares, and for how long. Wants a key with the scope sessions."""
        answer: ShareAudiences = self._transport.json(Call("GET", "/v1/shares/audiences"), options)
        return answer

    def list(self, *, limit: Optional[int] = None, after: Optional[str] = None, of: Optional[Literal["mine", "group"]] = None, options: Optional[CallOptions] = None) -> SharesListAnswer:
        """Shares that the caller made, or that are for its group, newest first. Wants a key with the scope sessions."""
        answer: SharesListAnswer = self._transport.json(Call("GET", "/v1/shares", query=given(**{"limit": limit, "after": after, "of": of})), options)
        return answer

    def make(self, *, audience: Literal["group", "link"], conversation: Optional[str] = None, run: Optional[str] = None, group: Optional[str] = None, days: Optional[int] = None, options: Optional[CallOptions] = None) -> MadeShare:
        """Makes a version of a conversation, or of one answer, for others: anew under their policy, without what was restored for its author. It does not change any more. Wants a key with the scope sessions."""
        answer: MadeShare = self._transport.json(Call("POST", "/v1/shares", body={**given(**{"conversation": conversation, "run": run, "audience": audience, "group": group, "days": days})}), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> Share:
        """A share, for whoever made it and for callers of its group. Wants a key with the scope sessions."""
        answer: Share = self._transport.json(Call("GET", f"/v1/shares/{segment(id)}"), options)
        return answer

    def revoke(self, id: str, options: Optional[CallOptions] = None) -> SharesRevokeAnswer:
        """Revokes a share: nobody opens it any more. Wants a key with the scope sessions."""
        answer: SharesRevokeAnswer = self._transport.json(Call("DELETE", f"/v1/shares/{segment(id)}"), options)
        return answer

    def open(self, id: str, *, secret: str, options: Optional[CallOptions] = None) -> Share:
        """A share by the secret of its link, which is the permission."""
        answer: Share = self._transport.json(Call("POST", f"/v1/shares/{segment(id)}/open", body={**given(**{"secret": secret})}), options)
        return answer


class Approvals:
    """Of the operations `approvals.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, options: Optional[CallOptions] = None) -> ApprovalsListAnswer:
        """What waits for a person, newest first."""
        answer: ApprovalsListAnswer = self._transport.json(Call("GET", "/v1/approvals"), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> Approval:
        """One approval, with all that would run."""
        answer: Approval = self._transport.json(Call("GET", f"/v1/approvals/{segment(id)}"), options)
        return answer

    def decide(self, id: str, *, verdict: Literal["allow", "refuse", "edit"], text: Optional[str] = None, options: Optional[CallOptions] = None) -> ApprovalFacts:
        """Allows or refuses what somebody of the caller’s group asked, or changes what the caller itself asked. Wants a key with the scope approve."""
        answer: ApprovalFacts = self._transport.json(Call("POST", f"/v1/approvals/{segment(id)}", body={**given(**{"verdict": verdict, "text": text})}), options)
        return answer


class Feedback:
    """Of the operations `feedback.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def give(self, *, about: str, verdict: Literal["up", "down"], reason: Optional[Literal["harmless", "harmful", "needed", "wrong", "other"]] = None, comment: Optional[str] = None, options: Optional[CallOptions] = None) -> GivenFeedback:
        """Says of an answer or a decision of the caller’s own whether it is well, and why not."""
        answer: GivenFeedback = self._transport.json(Call("POST", "/v1/feedback", body={**given(**{"about": about, "verdict": verdict, "reason": reason, "comment": comment})}), options)
        return answer


class Appeals:
    """Of the operations `appeals.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def make(self, *, decision: str, reason: Literal["harmless", "harmful", "needed", "wrong", "other"], comment: Optional[str] = None, options: Optional[CallOptions] = None) -> Appeal:
        """Objects to what a content filter withheld or changed of a call of the caller’s own."""
        answer: Appeal = self._transport.json(Call("POST", "/v1/appeals", body={**given(**{"decision": decision, "reason": reason, "comment": comment})}), options)
        return answer

    def show(self, id: str, options: Optional[CallOptions] = None) -> Appeal:
        """How an appeal of the caller’s own stands, and what came of it."""
        answer: Appeal = self._transport.json(Call("GET", f"/v1/appeals/{segment(id)}"), options)
        return answer


class Actions:
    """Of the operations `actions.*`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check(self, *, messages: Sequence[ChatMessage], call: Union[WrittenCall, NamedCall], tools: Optional[Sequence[ActionCheckToolsItem]] = None, options: Optional[CallOptions] = None) -> ActionCheckAnswer:
        """May a call run that a model of the caller’s wants to make? Nothing is called. Wants a key with the scope models."""
        answer: ActionCheckAnswer = self._transport.json(Call("POST", "/v1/actions/check", body={**given(**{"messages": messages, "tools": tools, "call": call})}), options)
        return answer


class Operations:
    """What the service offers, by the names of its OpenAPI document."""

    def __init__(self, transport: Transport) -> None:
        self.models = Models(transport)
        self.chat = Chat(transport)
        self.programs = Programs(transport)
        self.sql = Sql(transport)
        self.sessions = Sessions(transport)
        self.files = Files(transport)
        self.conversations = Conversations(transport)
        self.runs = Runs(transport)
        self.shares = Shares(transport)
        self.approvals = Approvals(transport)
        self.feedback = Feedback(transport)
        self.appeals = Appeals(transport)
        self.actions = Actions(transport)

/**
 * Node types of the grammar that no statement may hold, by the reason a reader of the refusal gets. A type that is
 * neither here nor in `allowedNodes` is denied as well; a test holds that every type of the installed grammar stands in
 * exactly one of the two, so that a new grammar version is looked at before it is used.
 */
const writes = `InsertStmt DeleteStmt UpdateStmt MergeStmt MergeAction MergeWhenClause MergeSupportFunc ReturningOption
  ReturningClause ReturningExpr InferClause InferenceElem OnConflictClause OnConflictExpr MultiAssignRef SetToDefault
  CopyStmt TruncateStmt RefreshMatViewStmt CreateTableAsStmt IntoClause NextValueExpr`

const definitions = `CreateSchemaStmt AlterTableStmt AlterTableCmd ATAlterConstraint ReplicaIdentityStmt AlterCollationStmt
  AlterDomainStmt CreateStmt Constraint CreateTableSpaceStmt DropTableSpaceStmt AlterTableSpaceOptionsStmt
  AlterTableMoveAllStmt CreateExtensionStmt AlterExtensionStmt AlterExtensionContentsStmt CreateFdwStmt AlterFdwStmt
  CreateForeignServerStmt AlterForeignServerStmt CreateForeignTableStmt CreateUserMappingStmt AlterUserMappingStmt
  DropUserMappingStmt ImportForeignSchemaStmt CreatePolicyStmt AlterPolicyStmt CreateAmStmt CreateTrigStmt
  CreateEventTrigStmt AlterEventTrigStmt CreatePLangStmt CreateSeqStmt AlterSeqStmt DefineStmt CreateDomainStmt
  CreateOpClassStmt CreateOpClassItem CreateOpFamilyStmt AlterOpFamilyStmt DropStmt CommentStmt SecLabelStmt IndexStmt
  CreateStatsStmt StatsElem AlterStatsStmt CreateFunctionStmt FunctionParameter AlterFunctionStmt RenameStmt
  AlterObjectDependsStmt AlterObjectSchemaStmt AlterOwnerStmt AlterOperatorStmt AlterTypeStmt RuleStmt CompositeTypeStmt
  CreateEnumStmt CreateRangeStmt AlterEnumStmt ViewStmt CreateConversionStmt CreateCastStmt CreateTransformStmt
  AlterTSDictionaryStmt AlterTSConfigurationStmt TableLikeClause IndexElem PartitionElem PartitionSpec
  PartitionBoundSpec PartitionRangeDatum PartitionCmd TriggerTransition ObjectWithArgs`

const administration = `GrantStmt AccessPriv GrantRoleStmt AlterDefaultPrivilegesStmt CreateRoleStmt AlterRoleStmt
  AlterRoleSetStmt DropRoleStmt RoleSpec DropOwnedStmt ReassignOwnedStmt CreatedbStmt AlterDatabaseStmt
  AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt DropdbStmt AlterSystemStmt ClusterStmt VacuumStmt VacuumRelation
  CheckPointStmt ReindexStmt LoadStmt PublicationTable PublicationObjSpec CreatePublicationStmt AlterPublicationStmt
  CreateSubscriptionStmt AlterSubscriptionStmt DropSubscriptionStmt`

const session = `VariableSetStmt VariableShowStmt TransactionStmt DeclareCursorStmt ClosePortalStmt FetchStmt
  CurrentOfExpr PrepareStmt ExecuteStmt DeallocateStmt DiscardStmt LockStmt LockingClause ConstraintsSetStmt NotifyStmt
  ListenStmt UnlistenStmt ExplainStmt DoStmt InlineCodeBlock CallStmt CallContext DefElem RawStmt`

const xml = 'XmlExpr XmlSerialize RangeTableFunc RangeTableFuncCol TableFunc'

/** SQL/JSON query functions, which the canonical text cannot be printed with. */
const jsonQueries = 'JsonFuncExpr JsonTable JsonTableColumn JsonTablePathSpec JsonArgument JsonBehavior'

/** Made by the analyzer or by other interfaces of the parser; a raw statement never holds them. */
const neverParsed = `ParseResult ScanResult OidList IntList Var Param Aggref WindowFunc WindowFuncRunCondition
  SubscriptingRef FuncExpr OpExpr DistinctExpr NullIfExpr ScalarArrayOpExpr SubPlan AlternativeSubPlan FieldSelect
  FieldStore RelabelType CoerceViaIO ArrayCoerceExpr ConvertRowtypeExpr CaseTestExpr CollateExpr ArrayExpr RowCompareExpr
  JsonConstructorExpr JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin CoerceToDomain CoerceToDomainValue
  TargetEntry RangeTblRef FromExpr Query RangeTblEntry RTEPermissionInfo RangeTblFunction TableSampleClause
  WithCheckOption SortGroupClause WindowClause RowMarkClause SetOperationStmt ReturnStmt PLAssignStmt ScanToken
  SummaryResult Table Function FilterColumn`

const families: readonly (readonly [string, string])[] = [
  [writes, 'It writes; only reading is allowed.'],
  [definitions, 'It changes the schema; only reading is allowed.'],
  [administration, 'It administers the server; only reading is allowed.'],
  [session, 'It changes or inspects the session or runs other statements; only one plain SELECT is allowed.'],
  ['ParamRef', 'Nobody gives parameters a value here: write the value itself.'],
  [xml, 'XML is not allowed. Use the JSON functions.'],
  [jsonQueries, 'Use jsonb_path_query, jsonb_to_recordset or the operators -> and ->> instead.'],
  [neverParsed, 'It is no part of a statement.'],
]

export const deniedNodes: Readonly<Record<string, string>> = Object.fromEntries(
  families.flatMap(([names, reason]) => names.split(/\s+/).map((name) => [name, reason])),
)

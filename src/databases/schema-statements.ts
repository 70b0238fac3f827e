import type { Session } from './session.ts'

/** Objects outside the system's own schemas and not members of an extension's own. */
const ours = (namespace: string): string =>
  `${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname !~ '^pg_'`

const schemas = `
  SELECT pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname)
  FROM pg_catalog.pg_namespace n WHERE ${ours('n')} ORDER BY n.nspname COLLATE "C"`

/** A shadow that has an extension makes its types, functions and operators by it; what follows fails there, and may. */
const extensions = `
  SELECT pg_catalog.format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, n.nspname)
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  WHERE ${ours('n')} ORDER BY e.oid`

/**
 * For a shadow without the extension, its type is replaced by one that takes any text: its literals are not checked,
 * and with the operators and casts below a statement resolves to the same functions as in the database. A shadow whose
 * role may not make such a type gets a composite type without members, with which nothing resolves.
 */
const extensionTypes = `
  SELECT pg_catalog.unnest(ARRAY[
           pg_catalog.format('CREATE TYPE %1$I.%2$I', n.nspname, t.typname),
           pg_catalog.format('CREATE FUNCTION %1$I.%3$I(cstring) RETURNS %1$I.%2$I LANGUAGE internal IMMUTABLE STRICT AS %4$L',
             n.nspname, t.typname, i.proname, 'textin'),
           pg_catalog.format('CREATE FUNCTION %1$I.%3$I(%1$I.%2$I) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS %4$L',
             n.nspname, t.typname, o.proname, 'textout'),
           pg_catalog.format('CREATE TYPE %1$I.%2$I (INPUT = %1$I.%3$I, OUTPUT = %1$I.%4$I, LIKE = pg_catalog.text, CATEGORY = %5$L, PREFERRED = %6$s, COLLATABLE = %7$s)',
             n.nspname, t.typname, i.proname, o.proname, t.typcategory, t.typispreferred::pg_catalog.text,
             (t.typcollation <> 0)::pg_catalog.text),
           pg_catalog.format('CREATE TYPE %1$I.%2$I AS ()', n.nspname, t.typname)])
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       JOIN pg_catalog.pg_proc i ON i.oid = t.typinput JOIN pg_catalog.pg_proc o ON o.oid = t.typoutput
  WHERE ${ours('n')} AND t.typtype = 'b' AND t.typcategory <> 'A' AND t.typisdefined`

const ranges = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s)', n.nspname, t.typname,
           pg_catalog.format_type(r.rngsubtype, NULL))
  FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} ORDER BY t.oid`

const enums = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
           (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
            FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} AND t.typtype = 'e'
  ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"`

/**
 * Domains come without their CHECK constraints, since a shadow holds no values to check, and in the order of their
 * oids, since a domain can rest on another.
 */
const domains = `
  SELECT pg_catalog.format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname,
           pg_catalog.format_type(t.typbasetype, t.typtypmod))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} AND t.typtype = 'd' ORDER BY t.oid`

const composites = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname,
                     pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE ${ours('n')} AND t.typtype = 'c' AND c.relkind = 'c' ORDER BY t.oid`

/**
 * Every relation as a table, without the modifiers of an extension's types, which only the extension understands: to the analyzer a view is its columns, and what a statement reads is the view itself. The
 * primary key goes with it, since GROUP BY on it lets the other columns stand ungrouped.
 */
const relations = `
  SELECT pg_catalog.format('CREATE TABLE %I.%I (%s%s)', n.nspname, c.relname,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname,
                     pg_catalog.format_type(a.atttypid, CASE WHEN b.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
                                                             THEN a.atttypmod END)), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type b ON b.oid = a.atttypid
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT pg_catalog.format(', PRIMARY KEY (%s)', pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '
                     ORDER BY k.position))
            FROM pg_catalog.pg_constraint p
                 CROSS JOIN LATERAL pg_catalog.unnest(p.conkey) WITH ORDINALITY AS k(number, position)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = k.number
            WHERE p.conrelid = c.oid AND p.contype = 'p' GROUP BY p.oid))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ours('n')} AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

/** Signatures only, an extension's too: a shadow analyzes calls and never makes one. Window functions are left out. */
const functions = `
  SELECT pg_catalog.format('CREATE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql %s AS %L', n.nspname, p.proname,
           pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid),
           CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END, 'BEGIN END')
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
  WHERE ${ours('n')} AND p.prokind = 'f' AND r.typname NOT IN ('trigger', 'event_trigger')
  ORDER BY p.oid`

/** Each aggregate is built over a function of its own, because its real parts may take types that only C can. */
const aggregates = `
  SELECT pg_catalog.unnest(ARRAY[
           'CREATE SCHEMA IF NOT EXISTS "parts of aggregates"',
           pg_catalog.format('CREATE FUNCTION "parts of aggregates".%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', 'of ' || p.oid,
             pg_catalog.concat_ws(', ', pg_catalog.format_type(p.prorettype, NULL), NULLIF((
               SELECT pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.position)
               FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a(type, position)
               WHERE a.position > g.aggnumdirectargs), '')),
             pg_catalog.format_type(p.prorettype, NULL), 'BEGIN END'),
           pg_catalog.format('CREATE AGGREGATE %I.%I(%s) (SFUNC = "parts of aggregates".%I, STYPE = %s%s)', n.nspname, p.proname,
             COALESCE(NULLIF(pg_catalog.pg_get_function_arguments(p.oid), ''), '*'), 'of ' || p.oid,
             pg_catalog.format_type(p.prorettype, NULL), CASE g.aggkind WHEN 'h' THEN ', HYPOTHETICAL' END)])
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid
  WHERE ${ours('n')} AND p.prokind = 'a'
  ORDER BY p.oid`

/**
 * Operators and casts are functions by another name, and one of the schema's own goes before the built-in one where it
 * fits better: without them a statement would resolve to another function than the database runs.
 */
const operators = `
  SELECT pg_catalog.format('CREATE OPERATOR %I.%s (FUNCTION = %I.%I%s%s)', n.nspname, o.oprname, f.nspname, p.proname,
           CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || pg_catalog.format_type(o.oprleft, NULL) END,
           CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || pg_catalog.format_type(o.oprright, NULL) END)
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
       JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
  WHERE ${ours('n')} ORDER BY o.oid`

const casts = `
  SELECT pg_catalog.format('CREATE CAST (%s AS %s) %s%s', pg_catalog.format_type(c.castsource, NULL),
           pg_catalog.format_type(c.casttarget, NULL),
           CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
             ELSE pg_catalog.format('WITH FUNCTION %I.%I(%s)', f.nspname, p.proname,
                    pg_catalog.oidvectortypes(p.proargtypes)) END,
           CASE c.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' END)
  FROM pg_catalog.pg_cast c LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
       LEFT JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
  WHERE c.oid >= 16384 ORDER BY c.oid`

const statementsInOrder = [
  schemas,
  extensions,
  extensionTypes,
  enums,
  ranges,
  domains,
  composites,
  relations,
  functions,
  aggregates,
  operators,
  casts,
]

/**
 * DDL that remakes a schema without its rows, in an order that works; a statement may fail where one before it did the
 * same. The session's search_path must be empty, so that
 * every type prints with its schema.
 */
export async function schemaStatements(session: Session): Promise<string[]> {
  const statements: string[] = []
  for (const query of statementsInOrder) {
    const { rows } = await session.run(query)
    statements.push(...rows.map((row) => row[0] ?? ''))
  }
  return statements
}

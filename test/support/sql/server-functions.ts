/** The built-in functions of a server: rows as `selectFunctions` takes them. */
export const serverFunctions = `
  SELECT p.proname AS name, oidvectortypes(p.proargtypes) AS arguments,
         EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid)
           OR EXISTS (SELECT FROM pg_cast c WHERE c.castfunc = p.oid) AS implicit,
         p.proretset AS "returnsSet", p.provolatile AS volatility
  FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace`

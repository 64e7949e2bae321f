-- Which of these tables are not any more what the snapshot has: one row a table, with its place.
--
-- %(schemas)s, %(tables)s  text[]  the tables, pairwise, which have been read and are therefore locked
--
-- A snapshot does not cover everything: after a TRUNCATE or an ALTER TABLE that writes the table anew, a table looks
-- empty to whoever began before; a name may lead to another table, and a partition may be gone. Functions that take an
-- oid or a name see how things are, the catalogs how they were.
WITH RECURSIVE absent (inhdetachpending) AS (VALUES (false)),  -- the column's default where there is none, before 14
asked AS MATERIALIZED (
    SELECT a.place, c.oid, c.relkind, c.relkind = 'p' OR c.relhassubclass AS branches,
           pg_catalog.format('%%I.%%I', a.schema, a.name) AS name
    FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::pg_catalog.text[]), pg_catalog.unnest(%(tables)s::pg_catalog.text[]))
         WITH ORDINALITY AS a (schema, name, place)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = a.schema
    JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = a.name
),
-- only what has children is asked for them: leaves may be many, and pg_inherits has no statistics when it is new
tree (root, oid, branches) AS (
    SELECT oid, oid, branches FROM asked
    UNION
    SELECT tree.root, child.oid, child.branches
    FROM tree
    CROSS JOIN absent
    CROSS JOIN LATERAL (
        SELECT c.oid, c.relkind = 'p' OR c.relhassubclass AS branches
        FROM pg_catalog.pg_inherits AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = tree.oid AND NOT inhdetachpending
        OFFSET 0
    ) AS child
    WHERE tree.branches
)
SELECT a.place::pg_catalog.int4
FROM asked AS a
WHERE pg_catalog.to_regclass(a.name)::pg_catalog.oid IS DISTINCT FROM a.oid
   OR EXISTS (
       SELECT FROM tree AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.oid
       WHERE t.root = a.oid AND c.relkind IN ('r', 'm')
         AND c.relfilenode <> 0  -- the server keeps that of pg_class and a few others elsewhere
         AND pg_catalog.pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode
   )
   OR a.relkind = 'p'
  AND ARRAY(SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(a.oid) AS p ORDER BY 1)
      <> ARRAY(SELECT t.oid FROM tree AS t WHERE t.root = a.oid ORDER BY 1)
ORDER BY a.place

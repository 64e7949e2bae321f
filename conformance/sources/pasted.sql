-- The structure of a database in one JSON value, taken by whoever may connect to it, without any tool: paste this into
-- psql or any other client, or
--
--     psql -XAtq -f THIS_FILE 'postgresql://USER@HOST:PORT/DBNAME' > astra.json
--
-- and judge it elsewhere: conformance check astra.json
--
-- It reads the system catalogs and no row of any table, writes nothing, and runs nobody's code: every name in it is
-- PostgreSQL's own, also where a search_path leads elsewhere. What it sets holds until the transaction ends, which for a
-- statement alone is at once. The value holds no password, and its digest shows whether it arrived as it was taken.
SELECT pg_catalog.json_build_object(
    'format', '{format}', 'version', {version},
    'digest', pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(taken.document, 'UTF8')), 'hex'),
    'document', taken.document) AS snapshot
FROM (
    SELECT pg_catalog.json_build_object(
        'taken', pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.clock_timestamp()), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'tool', {tool},
        'search_path', was.search_path,
        'path', was.path,
        'schema', {schema},
        'schema_is_there', was.schema_is_there,
        'version', was.version,
        'encoding', was.encoding,
        'host', was.host,
        'port', was.port,
        'database', was.database,
        'session_user', was.session_user,
        'current_user', was.current_user,
        'in_recovery', was.in_recovery,
        'is_superuser', was.is_superuser,
        'replication_role', was.replication_role,
        'found', pg_catalog.convert_from(pg_catalog.decode(read.hex, 'hex'), 'UTF8')::pg_catalog.json
    )::pg_catalog.text AS document
    FROM (
        SELECT seen.search_path, seen.version, seen.encoding, seen.host, seen.port, seen.database, seen.session_user,
               seen.current_user, seen.in_recovery, seen.is_superuser, seen.replication_role, seen.schema_is_there,
               COALESCE({path}::pg_catalog.text[], ARRAY(
                   SELECT CASE WHEN named.name OPERATOR(pg_catalog.=) '$user'::pg_catalog.text THEN seen.current_user
                          ELSE named.name END
                   FROM pg_catalog.regexp_matches(seen.search_path,
                            $re$\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)$re$, 'g') WITH ORDINALITY AS m (parts, place)
                   CROSS JOIN LATERAL (
                       SELECT COALESCE(pg_catalog.replace(m.parts[1], '""', '"'), pg_catalog.lower(m.parts[2])) AS name
                       OFFSET 0
                   ) AS named
                   WHERE named.name OPERATOR(pg_catalog.<>) ''::pg_catalog.text
                   ORDER BY m.place)) AS path
        FROM (
            SELECT pg_catalog.current_setting('search_path') AS search_path,
                   pg_catalog.current_setting('server_version') AS version,
                   pg_catalog.current_setting('server_encoding') AS encoding,
                   pg_catalog.host(pg_catalog.inet_server_addr()) AS host,
                   pg_catalog.inet_server_port() AS port,
                   pg_catalog.current_database()::pg_catalog.text AS database,
                   session_user::pg_catalog.text AS session_user,
                   current_user::pg_catalog.text AS current_user,
                   pg_catalog.pg_is_in_recovery() AS in_recovery,
                   pg_catalog.current_setting('is_superuser') AS is_superuser,
                   pg_catalog.current_setting('session_replication_role') AS replication_role,
                   EXISTS (SELECT FROM pg_catalog.pg_namespace AS n
                           WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) {schema}::pg_catalog.text)
                       AS schema_is_there
            OFFSET 0
        ) AS seen
        OFFSET 0
    ) AS was
    -- what is looked up from here on is looked up in pg_catalog
    CROSS JOIN LATERAL (
        SELECT {settings} AS done
        WHERE was.path IS NOT NULL
        OFFSET 0
    ) AS set
    -- Of PostgreSQL's own functions, in every build, only ts_stat runs a text as a statement: so the names in the text
    -- are looked up now, and not where the session's search_path led. It gives words, in which the value travels as
    -- numbered pieces.
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(pg_catalog.substr(s.word, 9), '' ORDER BY s.word COLLATE pg_catalog."C") AS hex
        FROM pg_catalog.ts_stat(pg_catalog.replace($statement${statement}$statement$,
                 '%(path)s', pg_catalog.quote_literal(was.path::pg_catalog.text))) AS s
        WHERE set.done IS NOT NULL
        OFFSET 0
    ) AS read
    OFFSET 0
) AS taken;

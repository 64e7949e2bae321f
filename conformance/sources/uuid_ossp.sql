-- What stands in for the extension uuid-ossp on a throw-away server that lacks it: its functions, made of PostgreSQL's
-- own, and recorded as an extension's, so that they are told from a stranger's as the real ones are.
--
-- uuid_generate_v1() and uuid_generate_v1mc() are random and hold no time. For uuid_generate_v5() a SHA-1 would be
-- needed: it says that the extension is not available.
DO $stand_in$
DECLARE
    home pg_catalog.name := COALESCE({schema}, pg_catalog.current_schema());
    made pg_catalog.oid;
    declared pg_catalog.text;
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'uuid-ossp') THEN
        IF {repeatable} THEN
            RETURN;
        END IF;
        RAISE duplicate_object USING MESSAGE = 'extension "uuid-ossp" already exists';
    END IF;
    IF home IS NULL THEN
        RAISE invalid_schema_name USING MESSAGE = 'no schema has been selected to create in';
    END IF;
    made := pg_catalog.pg_nextoid('pg_catalog.pg_extension', 'oid', 'pg_catalog.pg_extension_oid_index');
    INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT made, 'uuid-ossp', r.oid, n.oid, true, '{version}'
    FROM pg_catalog.pg_namespace AS n, pg_catalog.pg_roles AS r
    WHERE n.nspname = home AND r.rolname = current_user;
    FOREACH declared IN ARRAY ARRAY[
        $f$uuid_generate_v4() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
           AS 'SELECT pg_catalog.gen_random_uuid()'$f$,
        $f$uuid_generate_v1() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
           AS 'SELECT pg_catalog.overlay(pg_catalog.gen_random_uuid()::text, ''1'', 15, 1)::uuid'$f$,
        $f$uuid_generate_v1mc() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
           AS 'SELECT pg_catalog.overlay(pg_catalog.gen_random_uuid()::text, ''1'', 15, 1)::uuid'$f$,
        $f$uuid_generate_v3(namespace uuid, name text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT pg_catalog.overlay(pg_catalog.overlay(m.hex, ''3'', 13, 1),
                   pg_catalog.substr(''89ab'', (pg_catalog.strpos(''0123456789abcdef'', pg_catalog.substr(m.hex, 17, 1)) - 1) % 4 + 1, 1),
                   17, 1)::uuid
               FROM (SELECT pg_catalog.md5(pg_catalog.uuid_send($1) || pg_catalog.convert_to($2, ''UTF8''))) AS m (hex)'$f$,
        $f$uuid_generate_v5(namespace uuid, name text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
           AS 'BEGIN RAISE feature_not_supported USING MESSAGE =
               ''extension "uuid-ossp" is not available, and what stands in for it has no uuid_generate_v5()''; END'$f$,
        $f$uuid_nil() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT ''00000000-0000-0000-0000-000000000000''::uuid'$f$,
        $f$uuid_ns_dns() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT ''6ba7b810-9dad-11d1-80b4-00c04fd430c8''::uuid'$f$,
        $f$uuid_ns_url() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT ''6ba7b811-9dad-11d1-80b4-00c04fd430c8''::uuid'$f$,
        $f$uuid_ns_oid() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT ''6ba7b812-9dad-11d1-80b4-00c04fd430c8''::uuid'$f$,
        $f$uuid_ns_x500() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
           AS 'SELECT ''6ba7b814-9dad-11d1-80b4-00c04fd430c8''::uuid'$f$
    ] LOOP
        EXECUTE pg_catalog.format('CREATE FUNCTION %I.%s', home, declared);
        EXECUTE pg_catalog.format('ALTER EXTENSION "uuid-ossp" ADD FUNCTION %I.%s',
                                  home, pg_catalog.split_part(declared, ' RETURNS', 1));
    END LOOP;
END
$stand_in$

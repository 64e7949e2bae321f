"""Functions of PostgreSQL's own of which is known that they change no structure; a server is asked in the tests."""

from __future__ import annotations

_READING = frozenset(
    """abs acos age area array_agg array_dims array_fill array_length array_lower array_ndims array_position
    array_positions array_remove array_replace array_to_json array_to_string array_upper array_append array_prepend
    array_cat ascii asin atan atan2 avg bit_and bit_or bit_length bool_and bool_or btrim cardinality cbrt ceil ceiling
    char_length character_length chr coalesce col_description concat concat_ws convert convert_from convert_to corr cos
    count covar_pop covar_samp cume_dist current_database current_schema current_schemas current_setting current_user
    date_bin date_part date_trunc daterange decode degrees dense_rank div encode every exp extract factorial
    first_value floor format format_type gcd generate_series generate_subscripts get_bit get_byte greatest
    has_schema_privilege has_table_privilege host initcap int4range int8range isempty isfinite json_agg
    json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
    json_each_text json_extract_path json_extract_path_text json_object json_object_agg json_object_keys
    json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof
    jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
    jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
    jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first
    jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
    jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm lead
    least left length ln log log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp
    make_timestamptz max md5 min mod mode now nth_value ntile nullif num_nonnulls num_nulls numrange obj_description
    octet_length overlay parse_ident percent_rank percentile_cont percentile_disc pg_column_size pg_get_constraintdef
    pg_get_expr pg_get_indexdef pg_get_serial_sequence pg_typeof phraseto_tsquery pi plainto_tsquery position pow power
    quote_ident quote_literal quote_nullable radians rank regexp_count regexp_instr regexp_like regexp_match
    regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right
    round row_number row_to_json rpad rtrim setweight sha224 sha256 sha384 sha512 sign sin split_part sqrt starts_with
    statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strpos substr substring
    sum tan text to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regnamespace to_regproc to_regtype
    to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trim_scale trunc ts_headline ts_rank
    ts_rank_cd tsrange tstzrange txid_current unnest upper upper_inc upper_inf var_pop var_samp variance version
    websearch_to_tsquery width_bucket xmlagg xpath any_value bit_xor current_time current_timestamp date date_add
    date_subtract hashtext hashtextextended inet_client_addr inet_server_addr localtime localtimestamp pg_backend_pid
    pg_current_xact_id pg_get_functiondef pg_get_triggerdef pg_get_viewdef pg_has_role pg_size_pretty range_agg
    has_column_privilege""".split()
)
_OF_ROWS = frozenset(
    """clock_timestamp currval gen_random_uuid lastval nextval pg_advisory_lock pg_advisory_unlock
    pg_advisory_unlock_all pg_advisory_xact_lock pg_notify pg_sleep pg_try_advisory_lock
    pg_try_advisory_xact_lock random setseed setval
    timeofday uuidv4 uuidv7""".split()
)
_BROUGHT = frozenset(
    """uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 crypt gen_salt digest hmac gen_random_bytes similarity
    unaccent levenshtein""".split()
)
HARMLESS = _READING | _OF_ROWS | _BROUGHT
"""What is volatile among them changes rows, sequences, or what others wait for; `_BROUGHT` is of extensions."""

EXECUTING = frozenset(
    """set_config query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema
    table_to_xml table_to_xml_and_xmlschema schema_to_xml schema_to_xml_and_xmlschema database_to_xml
    database_to_xml_and_xmlschema ts_stat ts_rewrite pg_reload_conf pg_import_system_collations""".split()
)
"""PostgreSQL's own that run what they are given, or change what a session is."""

SYNTAX = frozenset(
    """in any all some exists over filter within values partition and or not where from select on using as distinct by
    row rows array lateral with set when then else case is isnull notnull between like ilike similar limit offset
    returning group grouping sets rollup cube order having union intersect except conflict insert into update delete
    merge perform return if elsif elseif while loop exit assert call raise notice exception warning info debug log
    materialized tablesample key constraint check unique primary references foreign default at collate cast treat
    normalize xmlelement xmlforest xmlconcat xmlparse xmlserialize xmlroot xmlpi only escape to for query
    json json_exists json_query json_value json_table json_scalar json_serialize overlaps operator
    char character varchar numeric decimal dec float bit varying timestamp timestamptz time timetz interval
    cursor precision zone national nchar bpchar vector halfvec json_array
    json_arrayagg json_objectagg bernoulli system join""".split()
)
"""Words that may stand in front of a parenthesis and call nothing, types with modifiers among them."""

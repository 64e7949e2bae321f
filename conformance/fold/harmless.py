"""Functions of PostgreSQL's own of which is known that they change no structure; a server is asked in the tests."""

from __future__ import annotations

_READING = frozenset(
    """abs acos acosd acosh age any_value area array_agg array_append array_cat array_dims array_fill array_length
    array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse
    array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d
    atand atanh avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or broadcast btrim cardinality
    casefold cbrt ceil ceiling char_length character_length chr coalesce col_description concat concat_ws convert
    convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist
    current_database current_schema current_schemas current_setting current_time current_timestamp current_user date
    date_add date_bin date_part date_subtract date_trunc datemultirange daterange decode degrees dense_rank div
    encode enum_first enum_last enum_range erf erfc every exp extract factorial first_value floor format format_type
    gamma gcd generate_series generate_subscripts get_bit get_byte get_current_ts_config greatest
    has_any_column_privilege has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
    has_function_privilege has_language_privilege has_largeobject_privilege has_parameter_privilege
    has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege
    has_type_privilege hashtext hashtextextended host hostmask inet_client_addr inet_client_port inet_server_addr
    inet_server_port initcap int4multirange int4range int8multirange int8range is_normalized isempty isfinite
    json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array
    json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
    json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys
    json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector
    json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length
    jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text
    jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
    jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match
    jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
    jsonb_path_query_first_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset
    jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector
    jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm lead least left length lgamma ln
    localtime localtimestamp log log10 lower lower_inc lower_inf lpad ltrim macaddr8_set7bit make_date make_interval
    make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod mode multirange netmask now
    nth_value ntile nullif num_nonnulls num_nulls nummultirange numnode numrange obj_description octet_length
    overlay parse_ident percent_rank percentile_cont percentile_disc pg_backend_pid pg_basetype pg_char_to_encoding
    pg_client_encoding pg_column_compression pg_column_size pg_current_snapshot pg_current_xact_id
    pg_current_xact_id_if_assigned pg_encoding_to_char pg_function_is_visible pg_get_acl pg_get_constraintdef
    pg_get_expr pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments
    pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef pg_get_object_address
    pg_get_partition_constraintdef pg_get_partkeydef pg_get_replica_identity_index pg_get_ruledef
    pg_get_serial_sequence pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role pg_input_error_info
    pg_input_is_valid pg_my_temp_schema pg_partition_root pg_postmaster_start_time pg_size_bytes pg_size_pretty
    pg_snapshot_xmax pg_snapshot_xmin pg_table_is_visible pg_trigger_depth pg_type_is_visible pg_typeof
    pg_visible_in_snapshot pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset phraseto_tsquery pi
    plainto_tsquery position pow power querytree quote_ident quote_literal quote_nullable radians range_agg
    range_intersect_agg range_merge rank regexp_count regexp_instr regexp_like regexp_match regexp_matches
    regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number
    row_security_active row_to_json rpad rtrim set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512
    shobj_description sign sin sind sinh split_part sqrt starts_with statement_timestamp stddev stddev_pop
    stddev_samp string_agg string_to_array string_to_table strpos substr substring sum tan tand tanh text to_ascii
    to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace
    to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery
    to_tsvector transaction_timestamp translate trim trim_array trim_scale trunc ts_delete ts_filter ts_headline
    ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange tstzmultirange tstzrange tsvector_to_array
    txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xmax txid_snapshot_xmin
    txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf
    uuid_extract_timestamp uuid_extract_version var_pop var_samp variance version websearch_to_tsquery width_bucket
    xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext
    xpath xpath_exists""".split()
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

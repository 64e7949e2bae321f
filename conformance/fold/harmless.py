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
_RARELY = frozenset(
    """acosd acosh array_reverse array_sort array_to_tsvector asind asinh atan2d atand atanh bit_count broadcast
    casefold cosd cosh cot cotd crc32 crc32c datemultirange enum_first enum_last enum_range erf erfc gamma
    get_current_ts_config has_any_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
    has_function_privilege has_language_privilege has_largeobject_privilege has_parameter_privilege
    has_sequence_privilege has_server_privilege has_tablespace_privilege has_type_privilege hostmask
    inet_client_port inet_server_port int4multirange int8multirange is_normalized json_agg_strict
    json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_to_tsvector jsonb_agg_strict
    jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_path_exists_tz
    jsonb_path_match_tz jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_populate_record_valid
    jsonb_to_tsvector lgamma macaddr8_set7bit masklen min_scale multirange netmask nummultirange numnode pg_basetype
    pg_char_to_encoding pg_client_encoding pg_column_compression pg_current_snapshot pg_current_xact_id_if_assigned
    pg_encoding_to_char pg_function_is_visible pg_get_acl pg_get_function_arg_default pg_get_function_arguments
    pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_object_address
    pg_get_partition_constraintdef pg_get_partkeydef pg_get_replica_identity_index pg_get_ruledef pg_get_userbyid
    pg_input_error_info pg_input_is_valid pg_my_temp_schema pg_partition_root pg_postmaster_start_time pg_size_bytes
    pg_snapshot_xmax pg_snapshot_xmin pg_table_is_visible pg_trigger_depth pg_type_is_visible pg_visible_in_snapshot
    pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset querytree range_intersect_agg range_merge regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy row_security_active set_bit
    set_byte set_masklen shobj_description sind sinh tand tanh to_ascii to_bin to_oct to_regcollation to_regoper
    to_regoperator to_regprocedure to_regrole to_regtypemod trim_array ts_delete ts_filter ts_lexize tsmultirange
    tsquery_phrase tstzmultirange tsvector_to_array txid_current_if_assigned txid_current_snapshot
    txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr
    uuid_extract_timestamp uuid_extract_version xml_is_well_formed xml_is_well_formed_content
    xml_is_well_formed_document xmlcomment xmlexists xmltext xpath_exists""".split()
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
HARMLESS = _READING | _RARELY | _OF_ROWS | _BROUGHT
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

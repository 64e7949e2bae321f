"""The parameters of database URLs: what each key means to whom, and what becomes of it.

What libpq knows is kept as it is. What changes the meaning (a schema, TLS, which of several servers) is put into
libpq's words; what is of a driver or of its pool is left out, and said. A key that makes libpq read a file with other
people's passwords or settings is refused, and so is one that nobody here knows, or that is given twice.

Sources: the manuals of libpq 18, SQLAlchemy 2, asyncpg, pg8000, pgJDBC 42.7, Prisma 6, pgx 5, node-postgres 8, Rails 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import quote

from conformance.errors import UsageError
from conformance.model.record import Record
from conformance.model.search_path import split_path

LIBPQ = frozenset("""
    application_name channel_binding client_encoding connect_timeout dbname fallback_application_name gssdelegation
    gssencmode gsslib host hostaddr keepalives keepalives_count keepalives_idle keepalives_interval krbsrvname
    load_balance_hosts max_protocol_version min_protocol_version oauth_client_id oauth_client_secret oauth_issuer
    oauth_scope options password port replication require_auth requirepeer scram_client_key scram_server_key sslcert
    sslcertmode sslcompression sslcrl sslcrldir sslkey sslkeylogfile ssl_max_protocol_version ssl_min_protocol_version
    sslmode sslnegotiation sslpassword sslrootcert sslsni target_session_attrs tcp_user_timeout user
""".split())  # fmt: skip
_READS_FILES = frozenset({"passfile", "service", "servicefile", "sslkeylogfile"})
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

_OF_DRIVERS = frozenset("""
    adaptive_fetch advisory_locks ApplicationName allowEncodingChanges assumeMinServerVersion async_fallback
    autosave binaryTransfer binaryTransferDisable binaryTransferEnable cancelSignalTimeout checkout_timeout
    cleanupSavepoints command_timeout conn_health_checks conn_max_age connection_limit connectionTimeoutMillis
    connectTimeout databaseMetadataCacheFields databaseMetadataCacheFieldsMiB default_query_exec_mode
    defaultRowFetchSize description_cache_capacity disableColumnSanitiser encoding escapeSyntaxCallMode
    executemany_batch_page_size executemany_mode extra_float_digits fetch_size group_limit groupStartupParameters
    hideUnprivilegedObjects hostRecheckSeconds idle_timeout idleTimeoutMillis keepAlive
    keepAliveInitialDelayMillis lock_timeout idle_in_transaction_session_timeout logServerErrorDetail loginTimeout
    logUnclosedConnections max max_cacheable_statement_size max_cached_statement_lifetime max_lifetime
    maxResultBuffer maxSendBufferSize maxUses min min_messages native_prepared_statements pgbouncer pool
    pool_max_conn_idle_time
    pool_max_conn_lifetime pool_max_conn_lifetime_jitter pool_max_conns pool_min_conns pool_min_idle_conns
    pool_health_check_period pool_size pool_timeout poolSize preferQueryMode prefer_simple_protocol
    prepare_threshold prepared_statement_cache_size prepared_statement_name_func prepared_statements
    preparedStatementCacheQueries preparedStatementCacheSizeMiB prepareThreshold queryTimeout query_timeout
    quoteReturningIdentifiers readOnly readOnlyMode reaping_frequency receiveBufferSize reWriteBatchedInserts
    sendBufferSize server_side_cursors single_query socketFactory socketFactoryArg socketTimeout socket_timeout
    sslidentity statement_cache_capacity statement_cache_mode statement_cache_size statement_timeout stringtype
    tcpKeepAlive tcpNoDelay timeout unknownLength uselibpqcompat use_libpq_compat use_native_hstore use_native_uuid
    use_native_unicode variables xmlFactoryFactory
""".split())  # fmt: skip
"""Of pools, caches, time-outs and the like: what they say is of no account to one short session of ours."""


class Taken(Record):
    """What a parameter becomes: pairs for libpq, schemas to look in."""

    pairs: tuple[tuple[str, str], ...] = ()
    schemas: tuple[str, ...] = ()


Meaning = Callable[[str], Taken]


def _kept(key: str) -> Meaning:
    return lambda value: Taken(pairs=((key, value),))


def _one_of(key: str, words: Mapping[str, str]) -> Meaning:
    """A value that libpq calls something else under `key`."""

    def taken(value: str) -> Taken:
        if value.lower() not in words:
            raise UsageError(f"the database URL asks for {key} with a value that is not known: {', '.join(words)} are")
        return Taken(pairs=((key, words[value.lower()]),))

    return taken


def _schemas(value: str) -> Taken:
    return Taken(schemas=split_path(value, current_user=""))


def _one_schema(value: str) -> Taken:
    return Taken(schemas=(value,))


_TRANSLATED = ("sslmode", "target_session_attrs")
_SAME = {mode: mode for mode in _MODES}
_PLAIN_TLS = {"false": "disable", "0": "disable", "no-verify": "require", "prefer": "prefer"}
_SERVERS = {
    "any": "any", "primary": "primary", "master": "primary", "secondary": "standby", "slave": "standby",
    "prefersecondary": "prefer-standby", "preferslave": "prefer-standby",
}  # fmt: skip
_OF_ALL: Mapping[str, Meaning] = {
    "schema": _one_schema,
    "currentSchema": _schemas,
    "search_path": _schemas,
    "schema_search_path": _schemas,
    "sslmode": _one_of("sslmode", {**_SAME, "no-verify": "require"}),
    "sslaccept": lambda value: Taken(pairs=(("sslmode", "verify-full"),) if value == "strict" else ()),
    "username": _kept("user"),
    "database": _kept("dbname"),
    "targetServerType": _one_of("target_session_attrs", _SERVERS),
    "gssEncMode": _kept("gssencmode"),
    "channelBinding": _kept("channel_binding"),
    "sslfactory": _one_of("sslmode", {"org.postgresql.ssl.nonvalidatingfactory": "require",
                                      "org.postgresql.ssl.jdbc4.libpqfactory": "verify-full",
                                      "org.postgresql.ssl.libpqfactory": "verify-full"}),
}  # fmt: skip
_SSL: Mapping[str, Meaning] = {
    "libpq": _one_of("sslmode", {"true": "require", "1": "require", **_SAME, **_PLAIN_TLS}),
    "SQLAlchemy": _one_of("sslmode", {"true": "verify-full", "1": "verify-full", **_SAME, **_PLAIN_TLS}),
    "JDBC": _one_of("sslmode", {"true": "verify-full", "": "verify-full", **_PLAIN_TLS}),
}
"""What `ssl=` means, by whose URL it is."""


class Query(Record):
    """The parameters of a URL in libpq's words, the schemas that it names, and what is to be said."""

    pairs: tuple[tuple[str, str], ...]
    schemas: tuple[str, ...]
    said: tuple[str, ...]

    def text(self) -> str:
        return "&".join(f"{key}={quote(value, safe='/:,')}" for key, value in self.pairs)


def read(pairs: Iterable[tuple[str, str]], family: str) -> Query:
    """What the decoded parameters of a URL come to. Raises `UsageError`; a value or an unknown key is never told."""
    meanings = {**_OF_ALL, "ssl": _SSL[family]}
    given: dict[str, str] = {}
    schemas: tuple[str, ...] = ()
    translated: dict[str, list[str]] = {}
    dropped: list[str] = []
    seen: set[str] = set()
    for at, (key, value) in enumerate(pairs, start=1):
        if key in seen:
            raise UsageError(f"the database URL gives {_shown(key, at)} twice; leave one out")
        seen.add(key)
        if key in _READS_FILES:
            raise UsageError(f"the database URL has {key}=, which makes libpq use a file of this machine;"
                             " leave it out, or give a keyword string (host=… dbname=…) instead")  # fmt: skip
        if key in _OF_DRIVERS or key == "replication":
            dropped.append(key)
            continue
        if key not in meanings and key not in LIBPQ:
            raise UsageError(_unknown(key, at, meanings))
        taken = meanings[key](value) if key in meanings else Taken(pairs=((key, value),))
        schemas = taken.schemas or schemas
        for name, meant in taken.pairs:
            if name in _TRANSLATED and (name, meant) != (key, value):
                translated.setdefault(name, []).append(key)
            given[name] = _stronger(given.get(name), meant) if name == "sslmode" else meant
    said = [_translation(keys, name, given[name]) for name, keys in translated.items()]
    if dropped:
        said.append(f"left out of the URL, being of a driver and not of the database: {', '.join(dropped)}")
    return Query(pairs=tuple(given.items()), schemas=schemas, said=tuple(said))


def _translation(keys: Sequence[str], name: str, meant: str) -> str:
    unverified = ", which does not verify the server's certificate" if meant == "require" else ""
    were = "was" if len(keys) == 1 else "were"
    return f"the URL's {' and '.join(keys)} {were} taken as {name}={meant}{unverified}"


def _stronger(one: str | None, other: str) -> str:
    """Of two ways to ask for TLS the one that asks for more: what a driver demanded is never weakened."""
    ranked = [mode for mode in (one, other) if mode in _MODES]
    return max(ranked, key=_MODES.index) if len(ranked) == 2 else other


def _shown(key: str, at: int) -> str:
    """A key, where it is one that is known: another may be a piece of a password."""
    known = key in LIBPQ or key in _OF_DRIVERS or key in _OF_ALL or key == "ssl"
    return key if known else f"its parameter number {at}"


def _unknown(key: str, at: int, meanings: Mapping[str, Meaning]) -> str:
    near = get_close_matches(key, [*sorted(LIBPQ), *sorted(meanings)], n=1, cutoff=0.8)
    meant = f"; is {near[0]} meant?" if near else "; see libpq's manual for those that there are."
    return (f"the database URL's parameter number {at} (behind the ?) is not known{meant}"
            " If a ? of the password stands there, write it as %3F")  # fmt: skip

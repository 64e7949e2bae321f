"""Forms of database URLs, as people have them in their environment, and what becomes of each.

The password of each is the canary, or `pa ss` where a form has to encode one.
"""

from dataclasses import dataclass

CANARY = "c4n4ry"


@dataclass(frozen=True)
class Form:
    """A form that is understood: what libpq is told, the schemas that are looked in, and what a word is said about."""

    family: str
    text: str
    told: dict[str, str]
    schemas: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A form that is refused, with words that the message has."""

    family: str
    text: str
    words: str


def _address(**more: str) -> dict[str, str]:
    return {"user": "u", "password": CANARY, "host": "db", "dbname": "astra", **more}


P = CANARY
LEFT_OUT = "left out of the URL, being of a driver and not of the database: "
UNVERIFIED = ", which does not verify the server's certificate"

FORMS = [
    Form("libpq", f"postgresql://u:{P}@db:5432/astra", _address(port="5432")),
    Form("libpq", f"postgres://u:{P}@db/astra", _address()),
    Form("libpq", f"postgresql://u%40x:{P}%40%2F%3A%3F%23%25@db/as%20tra",
         _address(user="u@x", password=f"{P}@/:?#%", dbname="as tra")),
    Form("libpq", f"postgresql://u:{P}#x@db/astra", _address(password=f"{P}#x")),
    Form("libpq", "postgresql://u@[::1]:5432/astra", {"user": "u", "host": "::1", "port": "5432", "dbname": "astra"}),
    Form("libpq", "postgresql:///astra?host=/var/run/postgresql", {"host": "/var/run/postgresql", "dbname": "astra"}),
    Form("libpq", "postgresql://u@%2Frun%2Fpg/astra", {"user": "u", "host": "/run/pg", "dbname": "astra"}),
    Form("libpq", "postgresql://one:5432,two:5433/astra?target_session_attrs=primary",
         {"host": "one,two", "port": "5432,5433", "dbname": "astra", "target_session_attrs": "primary"}),
    Form("libpq", f"postgresql://u:{P}@db/astra?sslmode=verify-full&sslrootcert=/etc/ca.pem&options=-c%20geqo%3Doff",
         _address(sslmode="verify-full", sslrootcert="/etc/ca.pem", options="-c geqo=off")),
    Form("libpq", f"host=db dbname=astra user=u password='{P} \\' x'", _address(password=f"{P} ' x")),
    Form("libpq", "service=astra", {"service": "astra"}),
    Form("libpq", f"postgresql://u:{P}@db/astra?ssl=true", _address(sslmode="require"),
         said=(f"the URL's ssl was taken as sslmode=require{UNVERIFIED}",)),
    Form("SQLAlchemy", f"postgresql+psycopg://u:{P}@db/astra", _address()),
    Form("SQLAlchemy", f"postgresql+psycopg2://u:{P}@db/astra?sslmode=require", _address(sslmode="require")),
    Form("SQLAlchemy", "postgresql+psycopg:///astra?host=/run/pg", {"host": "/run/pg", "dbname": "astra"}),
    Form("SQLAlchemy", f"postgresql+asyncpg://u:{P}@db/astra?ssl=require&prepared_statement_cache_size=0",
         _address(sslmode="require"), said=(f"the URL's ssl was taken as sslmode=require{UNVERIFIED}",
                                            f"{LEFT_OUT}prepared_statement_cache_size")),
    Form("SQLAlchemy", f"postgresql+asyncpg://u:{P}@db/astra?ssl=true", _address(sslmode="verify-full"),
         said=("the URL's ssl was taken as sslmode=verify-full",)),
    Form("SQLAlchemy", f"postgresql+pg8000://u:{P}%40@db/astra", _address(password=f"{P}@")),
    Form("SQLAlchemy", f"postgresql+psycopg://db/astra?user=u&password={P}+%2B", _address(password=f"{P} +")),
    Form("JDBC", f"jdbc:postgresql://db:5433/astra?user=u&password={P}%26&ssl=true&currentSchema=app,public",
         _address(port="5433", password=f"{P}&", sslmode="verify-full"), schemas=("app", "public"),
         said=("the URL's ssl was taken as sslmode=verify-full",)),
    Form("JDBC", f"jdbc:postgresql://db/astra?user=u&password={P}&ssl=true"
         "&sslfactory=org.postgresql.ssl.NonValidatingFactory",
         _address(sslmode="verify-full"), said=("the URL's ssl and sslfactory were taken as sslmode=verify-full",)),
    Form("JDBC", f"jdbc:postgresql://db/astra?user=u&password={P}&sslmode=require&ApplicationName=x&prepareThreshold=0",
         _address(sslmode="require"), said=(f"{LEFT_OUT}ApplicationName, prepareThreshold",)),
    Form("JDBC", "jdbc:postgresql://one,two:5433/astra?targetServerType=preferSecondary",
         {"host": "one,two", "port": ",5433", "dbname": "astra", "target_session_attrs": "prefer-standby"},
         said=("the URL's targetServerType was taken as target_session_attrs=prefer-standby",)),
    Form("JDBC", "jdbc:postgresql:astra", {"host": "localhost", "dbname": "astra"}),
    Form("JDBC", "jdbc:postgresql:///astra", {"host": "localhost", "dbname": "astra"}),
    Form("Prisma", f"postgresql://u:{P}@db/astra?schema=App", _address(), schemas=("App",)),
    Form("Prisma", f"postgresql://u:{P}@db:6543/astra?pgbouncer=true&connection_limit=1", _address(port="6543"),
         said=(f"{LEFT_OUT}pgbouncer, connection_limit",)),
    Form("Prisma", f"postgresql://u:{P}@db/astra?sslmode=require&sslaccept=strict", _address(sslmode="verify-full"),
         said=("the URL's sslaccept was taken as sslmode=verify-full",)),
    Form("pgx", f"postgres://u:{P}@db/astra?pool_max_conns=10&search_path=app,public", _address(),
         schemas=("app", "public"), said=(f"{LEFT_OUT}pool_max_conns",)),
    Form("node-postgres", f"postgres://u:{P}@db/astra?sslmode=no-verify", _address(sslmode="require"),
         said=(f"the URL's sslmode was taken as sslmode=require{UNVERIFIED}",)),
    Form("node-postgres", f"postgres://u:{P}@db/astra?ssl=false", _address(sslmode="disable"),
         said=("the URL's ssl was taken as sslmode=disable",)),
    Form("Rails", f"postgresql://u:{P}@db/astra?pool=5&prepared_statements=false", _address(),
         said=(f"{LEFT_OUT}pool, prepared_statements",)),
    Form("GeoDjango", f"postgis://u:{P}@db/astra", _address()),
    Form("Timescale", f"timescaledb://u:{P}@db/astra", _address()),
    Form("CockroachDB", "cockroachdb://u@db:26257/astra?sslmode=disable",
         {"user": "u", "host": "db", "port": "26257", "dbname": "astra", "sslmode": "disable"}),
    Form("Heroku", f"postgres://u:{P}@ec2-1-2-3-4.compute-1.amazonaws.com:5432/d1abc",
         {"user": "u", "password": P, "host": "ec2-1-2-3-4.compute-1.amazonaws.com", "port": "5432", "dbname": "d1abc"}),
    Form("Supabase", f"postgresql://postgres.ref:{P}@aws-0-eu.pooler.supabase.com:6543/postgres",
         {"user": "postgres.ref", "password": P, "host": "aws-0-eu.pooler.supabase.com", "port": "6543",
          "dbname": "postgres"}),
    Form("Neon", f"postgresql://u:{P}@ep-x-pooler.neon.tech/astra?sslmode=require&channel_binding=require",
         _address(host="ep-x-pooler.neon.tech", sslmode="require", channel_binding="require")),
    Form("Neon", f"postgresql://u:{P}@db/astra?options=endpoint%3Dep-x", _address(options="endpoint=ep-x")),
    Form("RDS, IAM token", f"postgresql://u:db%3A5432%2F%3FAction%3Dconnect%26X-Amz-Signature%3D{P}@db/astra",
         _address(password=f"db:5432/?Action=connect&X-Amz-Signature={P}")),
    Form("Cloud SQL", f"postgresql://u:{P}@/astra?host=/cloudsql/p:r:i", _address(host="/cloudsql/p:r:i")),
    Form("Azure", f"postgresql://u%40srv:{P}@srv.postgres.database.azure.com/astra?sslmode=require",
         _address(user="u@srv", host="srv.postgres.database.azure.com", sslmode="require")),
]  # fmt: skip

REFUSALS = [
    Refusal("other", "", "is empty"),
    Refusal("other", "   ", "is empty"),
    Refusal("other", " postgresql://u@db/astra", "begins or ends with a blank"),
    Refusal("other", "postgresql://u@db/astra\n", "begins or ends with a blank"),
    Refusal("other", "'postgresql://u@db/astra'", "quotes around it"),
    Refusal("other", '"postgresql://u@db/astra"', "quotes around it"),
    Refusal("other", "postgresql://u@db/astra\x00", "NUL"),
    Refusal("other", f"mysql://u:{P}@db/astra", "'mysql' is not a scheme of PostgreSQL"),
    Refusal("other", f"mongodb+srv://u:{P}@db/astra", "'mongodb+srv' is not a scheme of PostgreSQL"),
    Refusal("other", f"sqlite:///{P}", "'sqlite' is not a scheme"),
    Refusal("other", f"u:{P}@db://astra", "what stands before the : is not a scheme"),
    Refusal("other", "db.example.com", "neither a database URL nor a libpq keyword string"),
    Refusal("other", f"db/{P}", "neither a database URL nor a libpq keyword string"),
    Refusal("libpq", f"POSTGRESQL://u:{P}@db/astra", "must be in lower case"),
    Refusal("libpq", f"postgresql:/u:{P}@db/astra", "followed by no //"),
    Refusal("libpq", f"postgresql:u:{P}@db/astra", "followed by no //"),
    Refusal("libpq", f"postgresql://u:{P}@{P}@db/astra", "more than one @"),
    Refusal("libpq", f"postgresql://u:{P}/{P}@db/astra", "more than one @"),
    Refusal("libpq", f"postgresql://u:{P}?{P}@db/astra", "malformed"),
    Refusal("libpq", f"postgresql://u:{P}%zz@db/astra", "% that starts no percent-encoding"),
    Refusal("libpq", f"postgresql://u:{P}%@db/astra", "% that starts no percent-encoding"),
    Refusal("libpq", f"postgresql://u:{P}%ff@db/astra", "percent-encoding that is no UTF-8"),
    Refusal("libpq", f"postgresql://u:{P}%00@db/astra", "NUL"),
    Refusal("SQLAlchemy", f"postgresql+psycopg://u@db/{P}%ff", "percent-encoding that is no UTF-8"),
    Refusal("libpq", f"host=db password={P}\udcff", "is no UTF-8"),
    Refusal("libpq", f"postgresql://u:{P} {P}@db/astra", "has a blank in it"),
    Refusal("libpq", "postgresql://u@db:port/astra", "malformed"),
    Refusal("libpq", "postgresql://u@db:65536/astra", "outside 1…65535"),
    Refusal("libpq", "postgresql://u@db:0/astra", "outside 1…65535"),
    Refusal("libpq", "postgresql://u@::1/astra", "malformed"),
    Refusal("libpq", f"postgresql://u:{P}@db/astra?sslmode=require&sslmode=disable", "gives sslmode twice"),
    Refusal("libpq", f"host=db password={P} sslmode=require sslmode=disable", "gives sslmode twice"),
    Refusal("libpq", f"postgresql://u@db/astra?passfile=/{P}", "libpq use a file of this machine"),
    Refusal("libpq", f"postgresql://u@db/astra?service={P}", "libpq use a file of this machine"),
    Refusal("libpq", f"postgresql://u@db/astra?slmode={P}", "is sslmode meant?"),
    Refusal("libpq", f"postgresql://u@db/astra?{P}=x", "parameter number 1"),
    Refusal("libpq", f"postgresql://u@db/astra?sslmode={P}", "asks for sslmode with a value that is not known"),
    Refusal("libpq", f"postgresql://u@db/astra?{P}", "not all KEY=VALUE"),
    Refusal("SQLAlchemy", f"postgresql+psycopg://u:{P}@{P}@db/astra", "more than one @"),
    Refusal("SQLAlchemy", f"PostgreSQL+psycopg://u:{P}@db/astra", "not in lower case"),
    Refusal("JDBC", f"jdbc:postgresql://u:{P}@db/astra", "no user before its host"),
    Refusal("JDBC", f"jdbc:postgresql://db/astra?ssl={P}", "asks for sslmode with a value that is not known"),
    Refusal("JDBC", f"jdbc:mysql://db/astra?password={P}", "'jdbc' is"),
    Refusal("JDBC", f"jdbc:postgresql://db/astra?user=u&password={P}&x{P}=1", "parameter number 3"),
    Refusal("RDS, IAM token", f"postgresql://u:db:5432/?Action=connect&X-Amz-Signature={P}@db/astra", "malformed"),
    Refusal("Cloud SQL", f"postgresql://u:{P}@%2Fcloudsql%2Fp:r:i/astra", "…/DBNAME?host=/FOLDER"),
    Refusal("Azure", f"postgresql://u@srv:{P}@srv.postgres.database.azure.com/astra", "more than one @"),
]

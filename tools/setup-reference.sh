#!/usr/bin/env bash
# The products that `make reference` measures, and Python's libraries for them. Only Debian has them all under these names; their
# services are not started.
. "$(dirname "$0")/lib.sh"

packages=()
for package in nginx haproxy postgresql pgbouncer patroni etcd-server redis-server redis-sentinel rabbitmq-server \
    python3-psycopg2 python3-redis python3-pika python3-etcd; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q "ok installed" || packages+=("$package")
done
# With this level Debian's packages start no service while they are set up.
export RUNLEVEL=1
[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"

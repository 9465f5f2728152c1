"""PostgreSQL under Patroni, with one etcd; each node reaches etcd over a wire of its own, which can be cut."""

import json
import os
import random
import threading
import time
import urllib.error
import urllib.request

import psycopg2

from common import free_port, kill_with_children, run, version, wait_for
from wire import wire

BIN = "/usr/lib/postgresql/15/bin/"
SHORT = {"ttl": 10, "loop_wait": 2, "retry_timeout": 3}


class Node:
    def __init__(self, place, name, etcd):
        self.place, self.name = place, name
        self.port, self.api = free_port(), free_port()
        self.etcd, self.wire = wire(place, etcd, 0.0)
        self.home = place.folder_of(name, "postgres")
        self.process = None

    def config(self, settings):
        return json.dumps({
            "scope": "measured", "name": self.name,
            "restapi": {"listen": f"127.0.0.1:{self.api}", "connect_address": f"127.0.0.1:{self.api}"},
            # (Else it would ask etcd for its address, and go there.)
            "etcd3": {"hosts": [f"127.0.0.1:{self.etcd}"], "use_proxies": True},
            "bootstrap": {"dcs": {**settings, "postgresql": {"use_pg_rewind": True}},
                          "initdb": [{"auth": "trust"}, "no-sync", "data-checksums"],
                          "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]},
            "postgresql": {"listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}",
                           "data_dir": str(self.home / "data"), "bin_dir": BIN, "pgpass": str(self.home / "pgpass"),
                           "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "postgres"},
                                              "rewind": {"username": "postgres"}},
                           "parameters": {"unix_socket_directories": str(self.home), "dynamic_shared_memory_type": "mmap"}},
        })

    def start(self, settings):
        self.place.write(f"{self.name}.yml", self.config(settings))
        self.process = self.place.start("/usr/bin/patroni", self.place.folder / f"{self.name}.yml", user="postgres")

    def kill(self):
        """Kills Patroni and PostgreSQL at once."""
        self.place.signal(self.process, "KILL")
        self.kill_postgres()
        self.process.wait()

    def kill_postgres(self):
        try:
            kill_with_children(int((self.home / "data" / "postmaster.pid").read_text().split()[0]))
        except OSError:
            pass

    def cursor(self):
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", connect_timeout=1)
        connection.autocommit = True
        return connection.cursor()

    def is_primary(self):
        try:
            cursor = self.cursor()
            cursor.execute("SELECT NOT pg_is_in_recovery()")
            return cursor.fetchone()[0]
        except psycopg2.Error:
            return False

    def state(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api}/patroni", timeout=1) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as answer:
            return json.load(answer)


class Cluster:
    def __init__(self, place, count, **settings):
        self.settings = {**SHORT, **settings}
        client, peer = free_port(), free_port()
        place.start("/usr/bin/etcd", "--data-dir", place.folder / "etcd", "--unsafe-no-fsync",
                    "--listen-client-urls", f"http://127.0.0.1:{client}", "--advertise-client-urls", f"http://127.0.0.1:{client}",
                    "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-cluster", f"default=http://127.0.0.1:{peer}",
                    "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}", port=client)
        self.nodes = [Node(place, f"n{i}", client) for i in range(count)]
        self.nodes[0].start(self.settings)
        wait_for(self.nodes[0].is_primary)
        for node in self.nodes[1:]:
            node.start(self.settings)
        self.whole()

    def leader(self):
        return next(node for node in self.nodes if node.is_primary())

    def whole(self):
        """Waits until there is a leader and all others stream from it."""
        def streaming():
            cursor = self.leader().cursor()
            cursor.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
            return cursor.fetchone()[0] >= len(self.nodes) - 1
        wait_for(streaming, 90, 0.2)
        # (As long as it takes until everybody has said so, and not always at the same moment of the loop.)
        time.sleep(random.uniform(3, 3 + self.settings["loop_wait"]))

    def promoted(self, former, since):
        """When another node takes writes, in seconds."""
        others = [node for node in self.nodes if node is not former]
        return round(wait_for(lambda: any(node.is_primary() for node in others), 60) - since, 2)


def found(settings, load, result):
    product = version("/usr/bin/patroni", "--version").replace("patroni", "Patroni")
    return {"product": f"{product}, {version(BIN + 'postgres', '--version')}, etcd 3.4", "settings": settings, "load": load,
            "result": result}


@run
def patroni_kill(place):
    cluster, runs = Cluster(place, 2), []
    for _ in range(12):
        leader = cluster.leader()
        killed = time.monotonic()
        leader.kill()
        runs.append(cluster.promoted(leader, killed))
        leader.start(cluster.settings)
        cluster.whole()
    return found(cluster.settings, "kill -9 of the leader's Patroni and PostgreSQL, 12 times; until the other takes writes",
                 {"promoted_after_s": runs, "mean_s": round(sum(runs) / len(runs), 2)})


@run
def patroni_postgres_killed(place):
    cluster, runs = Cluster(place, 2), []
    for _ in range(6):
        leader = cluster.leader()
        killed = time.monotonic()
        leader.kill_postgres()
        back = wait_for(lambda: any(node.is_primary() for node in cluster.nodes), 60) - killed
        runs.append({"back_after_s": round(back, 2), "same_node": cluster.leader() is leader})
        cluster.whole()
    return found(cluster.settings, "kill -9 of the leader's PostgreSQL only, 6 times; until somebody takes writes", {"runs": runs})


@run
def patroni_cut_from_etcd(place):
    cluster, runs = Cluster(place, 2), []
    for _ in range(6):
        leader = cluster.leader()
        cut = time.monotonic()
        place.signal(leader.wire, "STOP")
        moments = {}
        thread = threading.Thread(target=lambda: moments.update(promoted=cluster.promoted(leader, cut)))
        thread.start()
        moments["demoted"] = round(wait_for(lambda: not leader.is_primary(), 60) - cut, 2)
        thread.join()
        place.signal(leader.wire, "CONT")
        runs.append(dict(moments))
        cluster.whole()
    return found(cluster.settings, "the leader's way to etcd swallows what is sent, 6 times; nodes reach each other",
                 {"seconds": runs})


@run
def patroni_sync_standby_dead(place):
    cluster, runs = Cluster(place, 3, synchronous_mode=True), []
    names = "SHOW synchronous_standby_names"
    for _ in range(6):
        leader = cluster.leader()
        cursor = leader.cursor()
        wait_for(lambda: cursor.execute(names) or cursor.fetchone()[0].strip('"') in ("n0", "n1", "n2"))
        cursor.execute("CREATE TABLE IF NOT EXISTS t (id serial)")
        cursor.execute(names)
        name = cursor.fetchone()[0].strip('"')
        standby = next(node for node in cluster.nodes if node.name == name)
        killed = time.monotonic()
        standby.kill()
        cursor.execute("INSERT INTO t DEFAULT VALUES")
        runs.append(round(time.monotonic() - killed, 2))
        standby.start(cluster.settings)
        cluster.whole()
    return found(cluster.settings, "three nodes; kill -9 of the synchronous standby, 6 times; how long the next commit takes",
                 {"commit_took_s": runs, "mean_s": round(sum(runs) / len(runs), 2)})


@run
def patroni_no_standby(place):
    result = {}
    for strict in (False, True):
        cluster = Cluster(place, 2, synchronous_mode=True, synchronous_mode_strict=strict)
        leader = cluster.leader()
        cursor = leader.cursor()
        cursor.execute("CREATE TABLE IF NOT EXISTS t (id serial)")
        standby = next(node for node in cluster.nodes if node is not leader)
        killed = time.monotonic()
        standby.kill()
        threading.Timer(20, standby.start, [cluster.settings]).start()
        cursor.execute("INSERT INTO t DEFAULT VALUES")
        result["strict" if strict else "not strict"] = {"commit_took_s": round(time.monotonic() - killed, 2)}
        for process in list(place.processes):
            if process.poll() is None:
                place.signal(process, "TERM")
        time.sleep(2)
        for node in cluster.nodes:
            node.kill()
            os.rename(node.home, f"{node.home}-{strict}")
        os.rename(place.folder / "etcd", place.folder / f"etcd-{strict}")
    return found(SHORT, "two nodes, synchronous_mode; kill -9 of the standby, which is back after 20 s", result)

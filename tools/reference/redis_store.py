"""Redis as a cache and as a store."""

import bisect
import itertools
import random
import threading
import time

import redis

from common import free_port, poisson, run, sleep_until, version, wait_for
from wire import wire


class Server:
    def __init__(self, place, *options, port=None, folder=None):
        self.place, self.port = place, port or free_port()
        self.folder = folder or place.folder_of(f"redis-{self.port}", 0)
        self.options = options
        self.start()

    def start(self):
        self.process = self.place.start("/usr/bin/redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "",
                                        "--dir", self.folder, *self.options)
        self.client = redis.Redis(port=self.port)
        wait_for(lambda: self.client.ping() and not self.client.info("persistence")["loading"])

    def config(self, **settings):
        for name, value in settings.items():
            self.client.config_set(name.replace("_", "-"), value)


def found(settings, load, result):
    words = version("/usr/bin/redis-server", "--version").split()
    return {"product": f"Redis {words[2].removeprefix('v=')}", "settings": settings, "load": load, "result": result}


class Zipf:
    """Keys by a law of popularity."""

    def __init__(self, keys, exponent, seed=1):
        self.generator = random.Random(seed)
        self.sums = list(itertools.accumulate((i + 1) ** -exponent for i in range(keys)))

    def key(self):
        return f"key:{bisect.bisect(self.sums, self.generator.random() * self.sums[-1])}"


VALUE = "x" * 400


def cache(place, policy, memory, rate, duration, ttl, warm, values=lambda: {}):
    """A cache in front of something: GET, and SET what was not there; hits after a time to warm up."""
    server = Server(place, "--maxmemory-policy", policy, "--maxmemory", memory)
    client, zipf = server.client, Zipf(10000, 1.0)
    start, hits, held, errors = time.monotonic() + 0.1, [], [], 0
    for i in range(int(rate * duration)):
        came = i / rate
        sleep_until(start + came)
        key = zipf.key()
        hit = client.get(key) is not None
        if not hit:
            try:
                client.set(key, VALUE, **(values() or ({"px": int(ttl * 1000)} if ttl else {})))
            except redis.ResponseError:
                errors += 1
        if came >= warm:
            hits.append(hit)
            if i % 500 == 0:
                held.append(client.dbsize())
    return {"hit_ratio": round(sum(hits) / len(hits), 4), "keys_held": round(sum(held) / len(held)), "lookups": len(hits),
            "expired": client.info("stats")["expired_keys"], "evicted": client.info("stats")["evicted_keys"], "errors": errors}


@run
def redis_lfu_ttl(place):
    result = {}
    for policy in ("allkeys-lfu", "allkeys-lru", "allkeys-random"):
        for ttl in (None, 10.0, 2.0):
            name = f"{policy}, {'no TTL' if ttl is None else f'TTL {ttl:g} s'}"
            result[name] = cache(place, policy, "1800k", 1000, 45, ttl, 15)
    return found("maxmemory 1800k, maxmemory-samples 5",
                 "10000 keys, Zipf 1.0, values of 400 bytes, 1000 look-ups/s for 45 s, SET after a miss; hits from 15 s on", result)


@run
def redis_volatile_ttl(place):
    generator = random.Random(2)
    values = lambda: {"px": generator.choice([5000, 60000])}
    result = {policy: cache(place, policy, "1800k", 1000, 45, None, 15, values)
              for policy in ("volatile-ttl", "volatile-lru", "volatile-random")}
    return found("maxmemory 1800k, maxmemory-samples 5", "as redis-lfu-ttl, TTL 5 or 60 s, equally likely", result)


@run
def redis_active_expiry(place):
    server = Server(place)
    client, start, held = server.client, time.monotonic() + 0.1, []
    for i, came in enumerate(poisson(1000, 40)):
        sleep_until(start + came)
        client.set(f"key:{i}", VALUE, px=5000)
        if i % 200 == 0 and came > 15:
            held.append(client.dbsize())
    return found("hz 10, active-expire-effort 1", "SETs of new keys, Poisson 1000/s for 40 s, TTL 5 s, nobody reads",
                 {"live": 5000, "held_mean": round(sum(held) / len(held)), "held_max": max(held)})


@run
def redis_min_replicas(place):
    result = {}
    for fault in ("killed", "parted"):
        for max_lag in (2, 10):
            runs = []
            for _ in range(4):
                master = Server(place, "--min-replicas-to-write", 1, "--min-replicas-max-lag", max_lag)
                port, way = wire(place, master.port, 0.0)
                replica = Server(place, "--replicaof", "127.0.0.1", port)
                wait_for(lambda: replica.client.info("replication")["master_link_status"] == "up")
                wait_for(lambda: master.client.set("key", 1))
                time.sleep(random.uniform(2, 3))
                lost = time.monotonic()
                if fault == "killed":
                    place.kill(replica.process)
                else:
                    place.signal(way, "STOP")
                runs.append(round(refused(master.client) - lost, 2))
                for process in (replica.process, way, master.process):
                    place.kill(process)
            result[f"{fault}, max-lag {max_lag}"] = runs
    return found("min-replicas-to-write 1", "a replica is killed, or the way to it swallows everything; seconds to the first NOREPLICAS",
                 result)


def refused(client):
    """When a write was first refused."""
    def is_refused():
        try:
            client.set("key", 1)
        except redis.ResponseError:
            return True
        return False
    return wait_for(is_refused, 60, 0.01)


@run
def redis_min_replicas_lost(place):
    """What min-replicas-to-write saves of a master that is parted from everybody but its own clients."""
    master = Server(place, "--min-replicas-to-write", 1, "--min-replicas-max-lag", 2)
    port, way = wire(place, master.port, 0.0)
    replica = Server(place, "--replicaof", "127.0.0.1", port)
    wait_for(lambda: replica.client.info("replication")["master_link_status"] == "up")
    wait_for(lambda: master.client.set("first", 1))
    start, acknowledged, refusals = time.monotonic() + 0.1, 0, 0
    for i, came in enumerate(poisson(100, 30)):
        sleep_until(start + came)
        if came > 10 and way.poll() is None and acknowledged and not refusals and not hasattr(place, "parted"):
            place.signal(way, "STOP")
            place.parted, before = True, acknowledged
        try:
            master.client.set(f"key:{i}", 1)
            acknowledged += 1
        except redis.ResponseError:
            refusals += 1
    replica.client.replicaof("no", "one")
    kept = replica.client.dbsize() - 1
    return found("min-replicas-to-write 1, min-replicas-max-lag 2", "SETs, Poisson 100/s for 30 s, parted from the replica at 10 s",
                 {"acknowledged": acknowledged, "refused": refusals, "kept_by_replica": kept, "lost": acknowledged - kept,
                  "acknowledged_before": before})


def restarted(place, *options):
    runs = []
    for _ in range(5):
        server, count = Server(place, *options), 0
        start, end = time.monotonic() + 0.1, random.uniform(4, 6)
        killed = threading.Timer(end, lambda server=server: place.kill(server.process))
        killed.start()
        for i, came in enumerate(poisson(300, 8)):
            sleep_until(start + came)
            try:
                server.client.set(f"key:{i}", 1)
                count += 1
            except redis.RedisError:
                break
        killed.join()
        server.process.wait()
        server.start()
        runs.append({"acknowledged": count, "lost": count - server.client.dbsize()})
        place.kill(server.process)
    return runs


@run
def redis_kill_persistence(place):
    result = {"appendfsync everysec": restarted(place, "--appendonly", "yes"),
              "save 1 100": restarted(place, "--save", "1 100"),
              "none": restarted(place)}
    return found("appendonly yes with appendfsync everysec; save 1 100 (RDB); none",
                 "SETs, Poisson 300/s, kill -9 after 4 to 6 s, started again; 5 times", result)

"""nginx with one worker process before three backends."""

import time

from common import at, free_port, run, version
from web import backend, figures, load

NAMES = "abc"


class Nginx:
    """nginx, and ports for backends, some of which are started."""

    def __init__(self, place, servers, location="", balancer="", workers=1, upstream=""):
        self.place, self.port = place, free_port()
        self.ports = dict(zip(NAMES, (free_port() for _ in NAMES)))
        self.upstream = balancer + " ".join(f"server {name}{options};" for name, options in zip(NAMES, servers)) + upstream
        self.location, self.workers = location, workers

    def config(self):
        upstream = self.upstream
        for name, port in self.ports.items():
            upstream = upstream.replace(f"server {name}", f"server 127.0.0.1:{port}")
        reuse = " reuseport" if self.workers > 1 else ""
        return f"""
daemon off; worker_processes {self.workers}; pid {self.place.folder}/pid; error_log {self.place.folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    upstream up {{ {upstream} }}
    server {{
        listen 127.0.0.1:{self.port}{reuse} backlog=1024;
        location / {{ proxy_pass http://up; {self.location}
            add_header X-Tried $upstream_addr always; add_header X-Worker $pid always; }}
    }}
}}"""

    def start(self):
        self.place.start("/usr/sbin/nginx", "-p", self.place.folder, "-c", self.place.write("nginx.conf", self.config()),
                         port=self.port)

    def backend(self, name, mean, *options):
        return backend(self.place, self.ports[name], name, mean, *options)

    def tried(self, answers, name):
        """Requests that met a backend, in order."""
        return [answer for answer in answers if str(self.ports[name]) in answer.headers.get("x-tried", "")]

    def found(self, load, result):
        location = " ".join(self.location.split())
        return {"product": version("/usr/sbin/nginx", "-v").replace("nginx version: nginx/", "nginx "), "upstream": self.upstream,
                "location": "proxy_pass http://up; " + location, "workers": self.workers, "load": load, "result": result}


def tries(nginx, answers, name):
    met = nginx.tried(answers, name)
    return {"count": len(met), "at_s": [round(answer.came, 2) for answer in met][:60]}


@run
def nginx_b_least_conn(place):
    nginx = Nginx(place, ["", "", ""], balancer="least_conn; ")
    for name, mean in zip(NAMES, [0.02, 0.1, 0.3]):
        nginx.backend(name, mean, "--exponential")
    nginx.start()
    return nginx.found("Poisson 60/s for 60 s, exponential 20/100/300 ms", figures(load(nginx.port, 60, 60)))


@run
def nginx_o_flaky(place):
    nginx = Nginx(place, ["", "", ""])
    for name in NAMES:
        nginx.backend(name, 0.05, "--breaks", 0.005)
    nginx.start()
    return nginx.found("Poisson 60/s for 90 s, constant 50 ms, each backend breaks 0.5 % of its connections",
                       figures(load(nginx.port, 60, 90)))


@run
def nginx_weights_max_conns(place):
    nginx = Nginx(place, [" weight=4 max_conns=3", " weight=2 max_conns=3", " weight=1 max_conns=3"], balancer="least_conn; ")
    for name, mean in zip(NAMES, [0.05, 0.1, 0.2]):
        nginx.backend(name, mean, "--exponential")
    nginx.start()
    return nginx.found("Poisson 80/s for 90 s, exponential 50/100/200 ms", figures(load(nginx.port, 80, 90)))


@run
def nginx_flaky_max_fails_3(place):
    nginx = Nginx(place, [" max_fails=3 fail_timeout=5s"] * 3)
    for name in NAMES:
        nginx.backend(name, 0.05, "--breaks", 0.02)
    nginx.start()
    answers = load(nginx.port, 60, 180)
    broken = sum(answer.headers.get("x-tried", "").count("127.0.0.1") - answer.ok for answer in answers)
    return nginx.found("Poisson 60/s for 180 s, constant 50 ms, each backend breaks 2 % of its connections",
                       {**figures(answers), "broken": broken})


@run
def nginx_sinkhole_remedy(place):
    nginx = Nginx(place, ["", "", ""], "proxy_next_upstream error timeout http_500;", "least_conn; ")
    nginx.backend("a", 0.1, "--exponential")
    nginx.backend("b", 0.1, "--exponential")
    nginx.backend("c", 0.001, "--status", 500)
    nginx.start()
    answers = load(nginx.port, 60, 66)
    return nginx.found("Poisson 60/s for 66 s, a and b exponential 100 ms, c answers 500 after 1 ms",
                       {**figures(answers), "tries_of_c": tries(nginx, answers, "c")})


@run
def nginx_tries_2_two_dead(place):
    nginx = Nginx(place, [" max_fails=0"] * 3, "proxy_next_upstream_tries 2;")
    nginx.backend("a", 0.05)
    nginx.start()
    answers = load(nginx.port, 60, 30)
    return nginx.found("Poisson 60/s for 30 s, constant 50 ms, b and c refuse connections", figures(answers))


@run
def nginx_random_tries_2_two_dead(place):
    nginx = Nginx(place, [" max_fails=0"] * 3, "proxy_next_upstream_tries 2;", "random; ")
    nginx.backend("a", 0.05)
    nginx.start()
    answers = load(nginx.port, 60, 45)
    return nginx.found("Poisson 60/s for 45 s, constant 50 ms, b and c refuse connections", figures(answers))


@run
def nginx_next_timeout_two_hang(place):
    nginx = Nginx(place, [" max_fails=0"] * 3, "proxy_read_timeout 400ms; proxy_next_upstream_timeout 600ms;")
    nginx.backend("a", 0.05)
    nginx.backend("b", 0.05, "--hangs")
    nginx.backend("c", 0.05, "--hangs")
    nginx.start()
    answers = load(nginx.port, 60, 60)
    late = {str(n): sum(a.headers.get("x-tried", "").count("127.0.0.1") == n for a in answers) for n in (1, 2, 3)}
    return nginx.found("Poisson 60/s for 60 s, constant 50 ms, b and c take connections and never answer",
                       {**figures(answers), "by_tries": late})


def two_workers(place, upstream):
    nginx = Nginx(place, ["", "", ""], workers=2, upstream=upstream)
    nginx.backend("a", 0.05)
    nginx.backend("b", 0.05)
    nginx.start()
    answers = load(nginx.port, 60, 66)
    by_worker = {}
    for answer in answers:
        by_worker[answer.headers.get("x-worker")] = by_worker.get(answer.headers.get("x-worker"), 0) + 1
    return nginx.found("Poisson 60/s for 66 s, constant 50 ms, c refuses connections, reuseport",
                       {**figures(answers), "requests_of_workers": sorted(by_worker.values()),
                        "tries_of_c": tries(nginx, answers, "c")})


@run
def nginx_two_workers(place):
    return two_workers(place, "")


@run
def nginx_two_workers_zone(place):
    return two_workers(place, " zone up 64k;")


@run
def nginx_backup_max_fails_2(place):
    nginx = Nginx(place, [" max_fails=2 fail_timeout=5s", " max_fails=2 fail_timeout=5s", " backup"])
    kept = {name: nginx.backend(name, 0.05) for name in NAMES}
    nginx.start()
    start = time.monotonic() + 0.2
    at(start, 5, lambda: place.kill(kept["a"]))
    at(start, 8, lambda: place.kill(kept["b"]))
    at(start, 20, lambda: nginx.backend("a", 0.05))
    at(start, 20, lambda: nginx.backend("b", 0.05))
    answers = load(nginx.port, 60, 36, start=start)
    backup = [answer.came for answer in answers if answer.backend == "c"]
    after = [answer.came for answer in answers if answer.came > 20 and answer.backend in ("a", "b")]
    failed_tries = sum(a.headers.get("x-tried", "").count("127.0.0.1") - a.ok for a in answers)
    return nginx.found("Poisson 60/s for 36 s, constant 50 ms, a killed at 5 s, b at 8 s, both back at 20 s",
                       {**figures(answers), "backup_first_s": round(min(backup), 2), "backup_last_s": round(max(backup), 2),
                        "primary_first_again_s": round(min(after), 2), "failed_tries": failed_tries})


@run
def nginx_keepalive_2(place):
    nginx = Nginx(place, ["", "", ""], 'proxy_http_version 1.1; proxy_set_header Connection "";', upstream=" keepalive 2;")
    for name in NAMES:
        nginx.backend(name, 0.05, "--exponential")
    nginx.start()
    answers = load(nginx.port, 60, 60)
    opened = {name: max(int(a.headers["x-connections"]) for a in answers if a.backend == name) - 1 for name in NAMES}
    return nginx.found("Poisson 60/s for 60 s, exponential 50 ms", {**figures(answers), "connections_opened": opened,
                       "share_of_requests_that_opened_one": round(sum(opened.values()) / len(answers), 4)})


@run
def nginx_hash_weights(place):
    nginx = Nginx(place, [" weight=3", " weight=2", ""], balancer="hash $arg_u; ")
    kept = {name: nginx.backend(name, 0.001) for name in NAMES}
    nginx.start()
    user = lambda i: f"/?u=user{i % 3000}"
    before = load(nginx.port, 150, 25, path=user)[:3000]
    place.kill(kept["a"])
    after = load(nginx.port, 150, 25, path=user)[:3000]
    pairs = [(b.backend, a.backend) for b, a in zip(before, after)]
    moved = {name: sum(pair == ("a", name) for pair in pairs) for name in "bc"}
    others = sum(b != "a" and a != b for b, a in pairs)
    return nginx.found("3000 users come once, then a is killed and they come again",
                       {"before": figures(before)["counts"], "users_of_a_went_to": moved, "others_that_moved": others,
                        "statuses": figures(after)["statuses"], "tries_of_a": len(nginx.tried(after, "a"))})

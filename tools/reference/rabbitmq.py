"""RabbitMQ with consumers that sleep, as one node and as three of one machine."""

import random
import threading
import time

import pika

from common import free_port, poisson, run, sleep_until, summary, version, wait_for

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


class Brokers:
    """Some nodes, a cluster if there are several; names are told by an epmd of their own."""

    def __init__(self, place, count=1, config="", advanced="[]."):
        self.place, self.epmd = place, free_port()
        self.home = place.folder_of("rabbit", "rabbitmq")
        place.start("/usr/bin/epmd", "-port", self.epmd, "-address", "127.0.0.1", port=self.epmd)
        lines = ["loopback_users = none", config]
        if count > 1:
            lines += [f"cluster_formation.classic_config.nodes.{i + 1} = r{i}@localhost" for i in range(count)]
        place.write("rabbitmq.conf", "\n".join(lines) + "\n")
        place.write("advanced.config", advanced + "\n")
        self.ports = [free_port() for _ in range(count)]
        self.distribution = [free_port() for _ in range(count)]
        self.processes = [None] * count
        for i in range(count):
            self.start(i)

    def start(self, i):
        folder, home = self.place.folder, str(self.home)
        environment = {
            "HOME": home, "ERL_EPMD_PORT": str(self.epmd), "RABBITMQ_NODENAME": f"r{i}@localhost", "RABBITMQ_NODE_PORT": str(self.ports[i]),
            "RABBITMQ_DIST_PORT": str(self.distribution[i]), "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_MNESIA_BASE": home,
            "RABBITMQ_LOG_BASE": home, "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"), "RABBITMQ_PID_FILE": f"{home}/r{i}.pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none",
        }
        self.processes[i] = self.place.start(SERVER, user="rabbitmq", env=environment)
        wait_for(lambda: self.channel(i).connection.close() or True, 90, 0.2)

    def channel(self, i=0):
        address = pika.ConnectionParameters("127.0.0.1", self.ports[i], heartbeat=0, blocked_connection_timeout=60, socket_timeout=5)
        return pika.BlockingConnection(address).channel()


def declare(channel, name, durable=False, **arguments):
    named = {f"x-{key.replace('_', '-')}": value for key, value in arguments.items()}
    channel.queue_declare(name, durable=durable, arguments=named)


class Consumer(threading.Thread):
    """Sleeps for each message and acknowledges it; notes how long each took from publishing to the acknowledgement."""

    def __init__(self, brokers, queue, mean, prefetch, node=0, exponential=True, handle=None):
        super().__init__(daemon=True)
        self.channel, self.queue, self.mean = brokers.channel(node), queue, mean
        self.exponential, self.handle = exponential, handle
        self.channel.basic_qos(prefetch_count=prefetch)
        self.done, self.redelivered, self.going, self.error = [], 0, True, None
        self.start()

    def run(self):
        try:
            for method, properties, body in self.channel.consume(self.queue, inactivity_timeout=0.2):
                if not self.going:
                    break
                if method is None:
                    continue
                self.redelivered += method.redelivered
                time.sleep(random.expovariate(1 / self.mean) if self.exponential else self.mean)
                if self.handle and self.handle(self.channel, method, body):
                    continue
                self.channel.basic_ack(method.delivery_tag)
                self.done.append((float(body), time.monotonic() - float(body), properties.priority or 0))
        except (pika.exceptions.AMQPError, OSError) as error:
            self.error = repr(error)


def publish(channel, moments, queue="jobs", exchange="", key=None, **properties):
    """Publishes at these moments; how many, and how many of them were refused (with confirms)."""
    start, refused = time.monotonic() + 0.1, 0
    for i, came in enumerate(moments):
        sleep_until(start + came)
        named = {name: value(i) if callable(value) else value for name, value in properties.items()}
        try:
            channel.basic_publish(exchange, key(i) if key else queue, str(time.monotonic()), pika.BasicProperties(**named))
        except pika.exceptions.NackError:
            refused += 1
    return len(moments), refused


def settled(consumers, seconds=3.0):
    """Waits until nobody has done anything for a while."""
    before = -1
    while before != (now := sum(len(consumer.done) for consumer in consumers)):
        before = now
        time.sleep(seconds)
    for consumer in consumers:
        consumer.going = False


def found(settings, load, result):
    # (Its own tools would leave a daemon behind.)
    product = version("dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server")
    return {"product": f"RabbitMQ {product}, Erlang 25", "settings": settings, "load": load, "result": result}


def delays(consumer, priority=None):
    return summary([took for _, took, of in consumer.done if priority in (None, of)])


@run
def rabbit_a_prefetch_10(place):
    brokers = Brokers(place)
    channel = brokers.channel()
    declare(channel, "jobs")
    consumers = [Consumer(brokers, "jobs", mean, 10) for mean in (0.02, 0.1, 0.1)]
    published, _ = publish(channel, poisson(40, 60))
    settled(consumers)
    return found("classic queue, prefetch 10", "Poisson 40/s for 60 s; consumers exponential 20, 100, 100 ms",
                 {"published": published, "per_consumer": [len(consumer.done) for consumer in consumers],
                  "delivery": summary([took for consumer in consumers for _, took, _ in consumer.done])})


@run
def rabbit_ttl_prefetch_10(place):
    brokers = Brokers(place)
    channel = brokers.channel()
    declare(channel, "dead")
    declare(channel, "jobs", message_ttl=300, dead_letter_exchange="", dead_letter_routing_key="dead")
    consumer = Consumer(brokers, "jobs", 0.02, 10)
    published, _ = publish(channel, poisson(59, 60))
    settled([consumer])
    dead = channel.queue_declare("dead", passive=True).method.message_count
    return found("x-message-ttl 300, prefetch 10, dead letters", "Poisson 59/s for 60 s, one consumer, exponential 20 ms",
                 {"published": published, "expired": dead, "expired_share": round(dead / published, 4), "delivery": delays(consumer)})


@run
def rabbit_priority_prefetch_10(place):
    brokers = Brokers(place)
    channel = brokers.channel()
    declare(channel, "jobs", max_priority=5)
    consumer = Consumer(brokers, "jobs", 0.02, 10)
    published, _ = publish(channel, poisson(43, 90), priority=lambda _: 5 if random.random() < 0.2 else 0)
    settled([consumer])
    return found("x-max-priority 5, prefetch 10", "Poisson 43/s for 90 s, a fifth of priority 5; one consumer, exponential 20 ms",
                 {"published": published, "high": delays(consumer, 5), "low": delays(consumer, 0)})


@run
def rabbit_reject_two_consumers(place):
    brokers = Brokers(place)
    channel = brokers.channel()
    channel.confirm_delivery()
    declare(channel, "jobs", max_length=10, overflow="reject-publish")
    consumers = [Consumer(brokers, "jobs", 0.05, 5) for _ in range(2)]
    published, refused = publish(channel, poisson(50, 90))
    settled(consumers)
    return found("x-max-length 10, reject-publish, prefetch 5, confirms",
                 "Poisson 50/s for 90 s; two consumers, exponential 50 ms",
                 {"published": published, "nacked": refused, "nacked_share": round(refused / published, 4),
                  "delivery": summary([took for consumer in consumers for _, took, _ in consumer.done])})


@run
def rabbit_consumer_timeout(place):
    brokers = Brokers(place, advanced="[{rabbit, [{consumer_timeout, 3000}, {channel_tick_interval, 1000}]}].")
    channel, runs = brokers.channel(), []
    declare(channel, "jobs")
    for _ in range(6):
        mine = brokers.channel()
        mine.basic_qos(prefetch_count=3)
        for i in range(5):
            channel.basic_publish("", "jobs", str(i))
        got, error = [], None
        try:
            for method, _, _ in mine.consume("jobs", inactivity_timeout=0.05):
                if method:
                    got.append(time.monotonic())
        except pika.exceptions.ChannelClosedByBroker as closed:
            error = closed.reply_text[:60]
        runs.append({"closed_after_s": round(time.monotonic() - got[0], 2), "held": len(got), "error": error})
        time.sleep(0.2)
        runs[-1]["ready_again"] = channel.queue_declare("jobs", passive=True).method.message_count
        channel.queue_purge("jobs")
    return found("consumer_timeout 3000, channel_tick_interval 1000, prefetch 3", "5 messages, nobody acknowledges", {"runs": runs})


@run
def rabbit_ttl_behind(place):
    brokers = Brokers(place)
    channel, runs = brokers.channel(), []
    declare(channel, "dead")
    declare(channel, "jobs", dead_letter_exchange="", dead_letter_routing_key="dead")
    dead = Consumer(brokers, "dead", 0.0, 1, exponential=False)
    for long, short in ((3000, 500), (3000, 500), (500, 3000)):
        for expiration in (long, short):
            channel.basic_publish("", "jobs", str(time.monotonic()), pika.BasicProperties(expiration=str(expiration)))
        time.sleep(4)
        runs.append({"expirations_ms": [long, short], "expired_after_s": [round(took, 3) for _, took, _ in dead.done[-2:]]})
    return found("classic queue, per-message TTL, dead letters", "two messages, the second of another TTL than the first; no consumer", {"runs": runs})


@run
def rabbit_delivery_limit(place):
    brokers = Brokers(place)
    channel, deliveries = brokers.channel(), {}
    declare(channel, "dead")
    declare(channel, "jobs", durable=True, queue_type="quorum", delivery_limit=3, dead_letter_exchange="", dead_letter_routing_key="dead")
    channel.confirm_delivery()
    poison, rejected, at_once = set(), [None], []

    def handle(of, method, body):
        deliveries[body] = deliveries.get(body, 0) + 1
        if rejected[0] and deliveries[rejected[0]] <= 4 - (rejected[0] != body):
            at_once.append(rejected[0] == body)
        rejected[0] = body if hash(body) % 10 == 0 else None
        if hash(body) % 10 == 0:
            poison.add(body)
            of.basic_reject(method.delivery_tag, requeue=True)
            return True
        return False

    consumer = Consumer(brokers, "jobs", 0.02, 1, handle=handle)
    published, _ = publish(channel, poisson(25, 180))
    settled([consumer])
    dead = channel.queue_declare("dead", passive=True).method.message_count
    counts = sorted({deliveries[body] for body in poison})
    return found("quorum queue, x-delivery-limit 3, prefetch 1, dead letters",
                 "Poisson 25/s for 180 s, a tenth always rejected with requeue; one consumer, exponential 20 ms",
                 {"published": published, "poison": len(poison), "dead": dead, "deliveries_of_a_poison_message": counts,
                  "redelivered": consumer.redelivered,
                  "came_again_at_once": round(sum(at_once) / len(at_once), 4), "delivery_of_others": delays(consumer)})


@run
def rabbit_topic(place):
    brokers = Brokers(place)
    channel = brokers.channel()
    channel.exchange_declare("events", "topic")
    bindings = {"all": "#", "orders": "order.*", "created": "*.created"}
    for queue, key in bindings.items():
        declare(channel, queue)
        channel.queue_bind(queue, "events", key)
    consumers = {queue: Consumer(brokers, queue, 0.02, 1) for queue in bindings}
    keys = random.choices(["order.created", "order.paid", "user.created", "user.login"], [0.4, 0.3, 0.2, 0.1], k=10000)
    published, _ = publish(channel, poisson(40, 60), exchange="events", key=lambda i: keys[i])
    settled(list(consumers.values()))
    return found("topic exchange; queues bound to #, order.*, *.created; prefetch 1",
                 "Poisson 40/s for 60 s, 0.4 order.created, 0.3 order.paid, 0.2 user.created, 0.1 user.login; consumers exponential 20 ms",
                 {"published": published, "share_of_queue": {queue: round(len(it.done) / published, 4) for queue, it in consumers.items()},
                  "delivery": {queue: delays(it) for queue, it in consumers.items()}})

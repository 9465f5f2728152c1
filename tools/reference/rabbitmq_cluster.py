"""RabbitMQ as three nodes of one machine."""

import threading
import time

import pika

from common import at, poisson, run, sleep_until, summary
from rabbitmq import Brokers, Consumer, declare, found, settled


def leader_killed(place, publisher_at, consumer_at):
    brokers, runs = Brokers(place, 3), []
    for turn in range(4):
        leader = turn % 3
        name = f"jobs{turn}"
        declare(brokers.channel(leader), name, durable=True, queue_type="quorum")
        time.sleep(2)
        channel = brokers.channel((leader + publisher_at) % 3)
        channel.confirm_delivery()
        consumer = Consumer(brokers, name, 0.02, 20, (leader + consumer_at) % 3, exponential=False)
        confirmed, going = [], time.monotonic() + 20
        at(time.monotonic(), 5, lambda leader=leader: place.kill(brokers.processes[leader]))
        number = 0
        while time.monotonic() < going:
            number += 1
            channel.basic_publish("", name, str(time.monotonic()), pika.BasicProperties(delivery_mode=2))
            confirmed.append(time.monotonic())
            time.sleep(0.02)
        consumers = [consumer]
        if consumer_at == 0:
            consumers.append(Consumer(brokers, name, 0.02, 20, (leader + 2) % 3, exponential=False))
        settled(consumers)
        gaps = [later - earlier for earlier, later in zip(confirmed, confirmed[1:])]
        done = [sent for one in consumers for sent, _, _ in one.done]
        runs.append({"without_confirms_s": round(max(gaps), 2), "confirmed": number, "consumed": len(set(done)),
                     "twice": len(done) - len(set(done)), "redelivered": sum(one.redelivered for one in consumers), "consumer": consumer.error,
                     "longest_delivery_s": round(max(took for _, took, _ in consumer.done), 2)})
        brokers.start(leader)
        time.sleep(8)
    return runs


@run
def rabbit_quorum_leader(place):
    return found("quorum queue at three nodes, prefetch 20",
                 "one after another published with confirms, 20 ms pause; consumer 20 ms; both at other nodes; the leader is killed at 5 s",
                 {"runs": leader_killed(place, 1, 2)})


@run
def rabbit_quorum_leader_of_consumer(place):
    return found("quorum queue at three nodes, prefetch 20",
                 "as rabbit-quorum-leader, but the consumer is connected to the leader; another one takes what is left at 20 s",
                 {"runs": leader_killed(place, 1, 0)})


def confirming(brokers, queue, persistent, rate, duration, node=0):
    """Publishers that wait for their confirms, twenty at a time."""
    took = []

    def publisher():
        channel = brokers.channel(node)
        channel.confirm_delivery()
        start = time.monotonic() + 0.5
        for came in poisson(rate / 20, duration):
            sleep_until(start + came)
            begun = time.monotonic()
            channel.basic_publish("", queue, "x" * 100, pika.BasicProperties(delivery_mode=2 if persistent else 1))
            took.append(time.monotonic() - begun)

    threads = [threading.Thread(target=publisher) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return summary(took)


@run
def rabbit_confirms(place):
    brokers, result = Brokers(place, 3), {}
    declare(brokers.channel(0), "classic", durable=True)
    declare(brokers.channel(0), "quorum", durable=True, queue_type="quorum")
    time.sleep(3)
    for queue, persistent in (("classic", False), ("classic", True), ("quorum", True)):
        for rate in (5, 100, 1000):
            name = f"{queue}, {'persistent' if persistent else 'not persistent'}, {rate}/s"
            result[name] = confirming(brokers, queue, persistent, rate, 15)
    return found("three nodes, files in memory", "twenty publishers with confirms, Poisson, together 5, 100 and 1000 a second for 15 s", result)

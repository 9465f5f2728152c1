//! The broker: publishing, queues and consumers.

use std::collections::VecDeque;

use disk::Disk;

use super::{
    cause::Cause,
    consumer::ConsumerState,
    context::Context,
    post::Reply,
    topology::{
        Broker, BrokerId, ConsumerId, InstanceId, MemberId, Overflow, PublicationId, Queue, QueueId, QueueKind,
        Topology,
    },
    visit::{Outcome, Phase, Stage, Stored, VisitId},
};
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    stats::{headcount::Headcount, tally::Tally, time_weighted::TimeWeighted},
};

pub use backlog::{Backlog, Life, Message, Trail};
pub use dead_letters::{DeadLetterCounts, Reason};

mod backlog;
mod dead_letters;
mod disk;
mod nodes;
mod publications;
mod quorum;

/// The most messages that wait in a queue without a limit of its own: what a browser's memory bears.
const MESSAGES_MAX: usize = 10_000_000;

/// The state of a broker.
#[derive(Clone, Debug)]
pub struct BrokerState {
    /// Times from publishing to standing in the queue.
    pub latency: Tally,
    /// What is counted of messages for which no single queue stands.
    pub counts: BrokerCounts,
    /// Times from publishing to being confirmed.
    pub confirmed: Tally,
    /// What is told of it.
    pub tells: BrokerTells,
    publications: Stream,
    failures: Stream,
    /// How hard messages are to handle.
    grains: Stream,
    syncs: Stream,
    ways: Stream,
    elections: Stream,
}

impl BrokerState {
    /// A broker to which nothing has been published.
    pub fn new(seed: u64, broker: &Broker) -> Self {
        let stream = |purpose| Stream::new(seed, &broker.name, purpose);
        Self {
            latency: Tally::new(3),
            counts: BrokerCounts::default(),
            confirmed: Tally::new(3),
            tells: BrokerTells::default(),
            publications: stream("publications"),
            failures: stream("failures"),
            grains: stream("grains"),
            syncs: stream("syncs"),
            ways: stream("ways between nodes"),
            elections: stream("elections"),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self) {
        self.latency.restart();
        self.confirmed.restart();
        self.counts = BrokerCounts::default();
    }
}

/// Of what a report tells of a broker: what its configuration has ever asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerTells {
    /// Of messages that lead nowhere.
    pub unroutable: bool,
    /// Of messages that are lost without anybody knowing.
    pub unnoticed: bool,
    /// Of how long it takes until a message is safe.
    pub confirms: bool,
}

/// What is counted of messages that are published to exchanges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerCounts {
    /// Those whose publishing failed, but for those that a queue refused.
    pub failed: u64,
    /// Those that no binding led anywhere.
    pub unroutable: u64,
    /// Those that were published without confirms and have got to no queue, or not to all of theirs.
    pub unnoticed: u64,
}

/// The state of a queue.
#[derive(Clone, Debug)]
pub struct QueueState {
    pub(super) backlog: Backlog,
    /// Messages that wait, over time.
    pub size: TimeWeighted,
    /// Messages delivered and not yet consumed.
    pub unacknowledged: u64,
    /// Consumers at work, over time.
    pub busy: TimeWeighted,
    /// Times from publishing to the end of consumption.
    pub delivery: Tally,
    /// The same by priority, where the queue knows priorities.
    pub delivery_by_priority: Vec<Tally>,
    /// What is counted.
    pub counts: QueueCounts,
    /// Position among its consumers of the one that was served last.
    turn: u32,
    /// Consumers that can take a message now.
    pub(super) open: u32,
    /// Consumers it has ever had.
    pub(super) consumers_made: u32,
    /// Number of its consumers, over time.
    pub headcount: Headcount,
    /// What is told of it.
    pub tells: Tells,
    /// When its head is looked at, as it may have expired.
    due: Option<SimTime>,
    /// Recognises the look that counts.
    due_turn: u32,
    /// Whether it has ever had a message with a time to live of its own.
    has_lives: bool,
    /// Whether it has ever had messages that die with their node, though it is durable.
    may_lose: bool,
    /// The node that serves it, or will as soon as it can.
    pub leader: MemberId,
    /// Whether its members elect another leader.
    is_electing: bool,
    /// Recognises the election that counts.
    election: u32,
    /// Whether somebody may wait until it can take messages again.
    is_waited_for: bool,
    /// Whether somebody serves it, over time.
    pub served: TimeWeighted,
}

/// Of what a report and the series tell of a queue: what its configuration has ever asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tells {
    /// Of messages that expired.
    pub expired: bool,
    /// Of consumers that failed at messages.
    pub failures: bool,
    /// Of messages that came back too often.
    pub over_limit: bool,
    /// Of dead letters.
    pub dead_letters: bool,
    /// Of messages that died with the broker.
    pub lost: bool,
    /// Of consumers that took too long.
    pub timeouts: bool,
}

impl Tells {
    fn of(queue: &Queue) -> Self {
        Self {
            expired: queue.ttl.is_some(),
            failures: queue.may_fail,
            over_limit: queue.delivery_limit.is_some(),
            dead_letters: queue.dead_letter.is_some(),
            lost: !queue.is_durable,
            timeouts: queue.consumer_timeout.is_some(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            expired: self.expired || other.expired,
            failures: self.failures || other.failures,
            over_limit: self.over_limit || other.over_limit,
            dead_letters: self.dead_letters || other.dead_letters,
            lost: self.lost || other.lost,
            timeouts: self.timeouts || other.timeouts,
        }
    }
}

/// What is counted of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Messages put into it.
    pub sent: u64,
    /// Messages whose publishing failed.
    pub failed: u64,
    /// Messages consumed.
    pub consumed: u64,
    /// Messages dropped because it was full.
    pub dropped: u64,
    /// Messages put back, as their consumer went down, failed at them or lost its connection.
    pub redelivered: u64,
    /// Messages that had waited as long as they may.
    pub expired: u64,
    /// Times that a consumer failed at a message.
    pub failures: u64,
    /// Messages rejected by a consumer.
    pub rejected: u64,
    /// Messages that had come back too often.
    pub over_limit: u64,
    /// Messages that died with the broker.
    pub lost: u64,
    /// Times that a consumer left a message unacknowledged for too long.
    pub timeouts: u64,
    /// Times that its members elected another leader.
    pub elections: u64,
    /// Messages that went to the dead letters, by reason.
    pub dead_letters: DeadLetterCounts,
    /// Messages that were in it, or with its consumers, when the counts started.
    pub carried_over: u64,
}

impl QueueState {
    /// An empty queue, whose consumers are still to be made.
    pub fn new(queue: &Queue) -> Self {
        Self {
            backlog: Backlog::new(queue.max_priority),
            size: TimeWeighted::default(),
            unacknowledged: 0,
            busy: TimeWeighted::default(),
            delivery: Tally::new(3),
            delivery_by_priority: Vec::new(),
            counts: QueueCounts::default(),
            turn: 0,
            open: 0,
            consumers_made: 0,
            headcount: Headcount::new(queue.consumers.len()),
            tells: Tells::of(queue),
            due: None,
            due_turn: 0,
            has_lives: false,
            may_lose: false,
            leader: queue.members.first().copied().unwrap_or(MemberId::NONE),
            is_electing: false,
            election: 0,
            is_waited_for: false,
            served: TimeWeighted::new(1.0),
        }
    }

    /// Takes note of what its configuration asks to be told from now on.
    pub(super) fn tell_of(&mut self, queue: &Queue) {
        self.tells = self.tells.and(Tells::of(queue));
        let priorities = if queue.max_priority > 0 { usize::from(queue.max_priority) + 1 } else { 0 };
        let known = self.delivery_by_priority.len();
        self.delivery_by_priority.resize_with(known.max(priorities), || Tally::new(3));
    }

    /// A message has been consumed; its consumer was done with it then.
    pub(super) fn consumed(&mut self, message: Message, done: SimTime) {
        let time = done.since(message.published);
        self.counts.consumed += 1;
        self.delivery.add(time);
        if let Some(last) = self.delivery_by_priority.len().checked_sub(1) {
            self.delivery_by_priority[usize::from(message.priority).min(last)].add(time);
        }
    }

    /// Whether some of its messages may expire.
    pub fn tells_of_expiry(&self) -> bool {
        self.tells.expired || self.has_lives
    }

    /// Whether some of its messages may die with the broker.
    pub fn tells_of_losses(&self) -> bool {
        self.tells.lost || self.may_lose
    }

    /// Messages that wait.
    pub fn ready(&self) -> u64 {
        self.backlog.len() as u64
    }

    /// Takes note of how many messages wait.
    pub(super) fn measure(&mut self, now: SimTime) {
        self.size.set(now, self.backlog.len() as f64);
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.size.restart(now);
        self.busy.restart(now);
        self.served.restart(now);
        self.headcount.restart(now);
        self.delivery.restart();
        self.delivery_by_priority.iter_mut().for_each(Tally::restart);
        let carried_over = self.ready() + self.unacknowledged;
        self.counts = QueueCounts { carried_over, ..QueueCounts::default() };
    }
}

/// All brokers, their queues, and those who consume.
#[derive(Clone, Debug)]
pub struct Brokers {
    pub(super) seed: u64,
    /// Lists of states go with the lists of the topology.
    pub brokers: Vec<BrokerState>,
    /// All queues of all brokers.
    pub queues: Vec<QueueState>,
    pub(super) consumers: Vec<ConsumerState>,
    /// Dead letters that are to be carried to their queues.
    letters: VecDeque<(QueueId, Message)>,
    is_carrying: bool,
    /// The disks of all nodes.
    disks: Vec<Disk>,
    /// When the members of a queue have a message: room for a sum.
    times: Vec<Duration>,
}

impl Brokers {
    /// All that a topology has, with everything empty.
    pub fn new(seed: u64, topology: &Topology) -> Self {
        Self {
            seed,
            brokers: topology.brokers.iter().map(|broker| BrokerState::new(seed, broker)).collect(),
            queues: topology.queues.iter().map(QueueState::new).collect(),
            consumers: Vec::new(),
            letters: VecDeque::new(),
            is_carrying: false,
            disks: vec![Disk::default(); topology.members.len()],
            times: Vec::new(),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.brokers.iter_mut().for_each(BrokerState::restart);
        self.queues.iter_mut().for_each(|queue| queue.restart(now));
    }

    /// Takes note of what the configuration of brokers asks to be told from now on.
    pub(super) fn tell_of_brokers(&mut self, ctx: &Context) {
        for (broker, described) in self.brokers.iter_mut().zip(&ctx.topology.brokers) {
            broker.tells.unroutable |= described.has_exchanges;
            let has_quorum =
                described.queues.clone().any(|id| ctx.topology.queues[id as usize].kind == QueueKind::Quorum);
            broker.tells.confirms |= described.sync.is_some() || has_quorum;
        }
        for publication in &ctx.topology.publications {
            self.brokers[publication.broker.index()].tells.unnoticed |= !publication.is_confirmed;
            for queue in &publication.queues {
                let tells = &mut self.queues[queue.index()].tells;
                tells.expired |= publication.ttl.is_some();
                tells.lost |=
                    !publication.is_persistent && ctx.topology.queues[queue.index()].kind != QueueKind::Quorum;
            }
        }
    }

    fn broker_of(&self, ctx: &Context, queue: QueueId) -> BrokerId {
        ctx.topology.queues[queue.index()].broker
    }

    /// Puts a message into a queue; when it is safe there, or `None` if there was no room.
    fn take(&mut self, ctx: &mut Context, queue: QueueId, message: Message) -> Option<SimTime> {
        let described = &ctx.topology.queues[queue.index()];
        let state = &mut self.queues[queue.index()];
        let limit = described.limit.map_or(MESSAGES_MAX, |limit| limit as usize);
        // A message that a consumer takes at once needs no place to wait.
        if state.backlog.len() >= limit && (state.open == 0 || !state.backlog.is_empty()) {
            match described.overflow {
                Overflow::Reject => return None,
                Overflow::RejectToDeadLetters => {
                    self.bury(ctx, queue, message, Reason::MaxLen);
                    return None;
                }
                Overflow::DropHead => {
                    if let Some(head) = state.backlog.pop() {
                        state.counts.dropped += 1;
                        self.bury(ctx, queue, head, Reason::MaxLen);
                    }
                }
            }
        }
        let safe = self.write(ctx, queue, &message);
        let state = &mut self.queues[queue.index()];
        state.has_lives |= message.life != Life::ENDLESS;
        state.backlog.push(Message { entered: ctx.now, ..message });
        state.counts.sent += 1;
        state.measure(ctx.now);
        self.deliver(ctx, queue);
        self.expire(ctx, queue);
        Some(safe)
    }

    /// A message that is to outlive its node is written to disk: when it is safe. (One that is not needs no safety.)
    fn write(&mut self, ctx: &Context, queue: QueueId, message: &Message) -> SimTime {
        let described = &ctx.topology.queues[queue.index()];
        let Broker { sync, .. } = &ctx.topology.brokers[described.broker.index()];
        let may_lose = sync.is_some() || message.trail.is_transient();
        self.queues[queue.index()].may_lose |= may_lose && described.kind != QueueKind::Quorum;
        let is_written = described.is_durable && !message.trail.is_transient() && described.kind != QueueKind::Quorum;
        let Some(sync) = sync.as_ref().filter(|_| is_written) else {
            return ctx.now;
        };
        let disk = &mut self.disks[self.queues[queue.index()].leader.index()];
        let syncs = &mut self.brokers[described.broker.index()].syncs;
        disk.write(ctx.now, sync.interval, || sync.time.sample(syncs))
    }

    /// Gives waiting messages to consumers that can take them, in turn.
    pub(super) fn deliver(&mut self, ctx: &mut Context, queue: QueueId) {
        if !self.is_serving(ctx, queue) {
            return;
        }
        let has_lives = self.queues[queue.index()].has_lives;
        if has_lives {
            self.expire_older(ctx, queue);
        }
        while self.queues[queue.index()].open > 0
            && let Some(consumer) = self.next_open_consumer(ctx, queue)
            && let Some(message) = self.queues[queue.index()].backlog.pop()
        {
            let state = &mut self.queues[queue.index()];
            state.unacknowledged += 1;
            state.measure(ctx.now);
            self.send_to(ctx, consumer, message);
            if has_lives {
                self.expire_older(ctx, queue);
            }
        }
    }

    /// Something about a queue has changed: what has expired goes, what can be delivered is, and dead letters are carried.
    pub(super) fn stir(&mut self, ctx: &mut Context, queue: QueueId) {
        self.expire(ctx, queue);
        self.deliver(ctx, queue);
        self.carry(ctx);
    }

    /// A message that was delivered comes back to where it was, unless it has done so too often.
    pub(super) fn put_back(&mut self, ctx: &mut Context, queue: QueueId, message: Message, is_rejected: bool) {
        let state = &mut self.queues[queue.index()];
        let returns = message.returns.saturating_add(1);
        if ctx.topology.queues[queue.index()].delivery_limit.is_some_and(|limit| returns > limit) {
            state.counts.over_limit += 1;
            return self.bury(ctx, queue, message, Reason::DeliveryLimit);
        }
        let message = Message { returns, ..message };
        match ctx.topology.queues[queue.index()].kind {
            QueueKind::Quorum if is_rejected => state.backlog.push(message),
            _ => state.backlog.put_back(message),
        }
        state.counts.redelivered += 1;
        state.measure(ctx.now);
    }

    /// The next consumer, in turn, that can take a message.
    fn next_open_consumer(&mut self, ctx: &mut Context, queue: QueueId) -> Option<ConsumerId> {
        let consumers = &ctx.topology.queues[queue.index()].consumers;
        let state = &mut self.queues[queue.index()];
        if state.backlog.is_empty() {
            return None;
        }
        let count = consumers.len() as u32;
        for step in 1..=count {
            let turn = (state.turn + step) % count;
            let consumer = consumers[turn as usize];
            if self.consumers[consumer.index()].is_open {
                state.turn = turn;
                return Some(consumer);
            }
        }
        None
    }

    /// Takes note of how many consumers a queue has.
    pub(super) fn measure_headcount(&mut self, ctx: &Context, id: QueueId) {
        let consumers = ctx.topology.queues[id.index()].consumers.iter();
        let instances = consumers.map(|consumer| ctx.topology.consumers[consumer.index()].instance);
        let there = instances
            .filter(|&instance| instance.is_none_or(|instance| ctx.hosts[instance.index()].presence.works()))
            .count();
        self.queues[id.index()].headcount.set(ctx.now, there);
    }

    /// Takes note of how many consumers each queue has.
    pub fn measure_headcounts(&mut self, ctx: &Context) {
        (0..self.queues.len() as u32).for_each(|queue| self.measure_headcount(ctx, QueueId(queue)));
    }

    /// Takes note of changed numbers of queues and consumers.
    pub(super) fn refresh(&mut self, ctx: &mut Context) {
        self.measure_headcounts(ctx);
        self.start_consumers(ctx);
        (0..self.consumers.len() as u32).for_each(|id| self.watch(ctx, ConsumerId(id)));
        for queue in (0..self.queues.len() as u32).map(QueueId) {
            self.queues[queue.index()].backlog.reach(ctx.topology.queues[queue.index()].max_priority);
            self.stir(ctx, queue);
        }
    }

    /// Takes note of how many consumers there are at the queues from which an instance consumes.
    pub fn measure_consumers(&mut self, ctx: &mut Context, instance: InstanceId) {
        for id in self.consumers_of(ctx, instance) {
            let queue = ctx.topology.consumers[id.index()].queue;
            self.measure_headcount(ctx, queue);
        }
    }
}

#[cfg(test)]
mod tests;
